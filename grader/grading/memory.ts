import type { GradedFunction } from "./grade-function.ts";
import type { OpenStep } from "./open.ts";
import type { FunctionStep } from "../kit/step.ts";

/** Results of steps that are run only because later ones need them, with the texts they were made from, by question. */
const known = new Map<string, { texts: string; graded: Promise<GradedFunction> }>();

/** For a grader that grades again and again: a step whose text is the same, and which passed, is not run again. */
export async function remembered(
  open: OpenStep<FunctionStep>,
  setting: string,
  grade: () => Promise<GradedFunction>,
): Promise<GradedFunction> {
  const asked = `${setting} ${open.step.id}`;
  const before = known.get(asked);
  const { own, ...rest } = await (before?.texts === open.texts ? before.graded : grade());
  const graded = { ...rest, own: { ...own, open: undefined } };
  if (rest.result.passed) known.set(asked, { texts: open.texts, graded: Promise.resolve(graded) });
  return { ...rest, own: { ...own, open } };
}
