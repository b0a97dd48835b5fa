import { functionSteps } from "../../grader/course/steps.ts";
import { makeLadders, type Ladders } from "../../grader/report/ladder/ladders.ts";
import { makeAnswer } from "../../grader/report/ladder/make-answer.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import type { FromGrader, PageResult, ToGrader } from "../protocol.ts";
import { courseFor } from "./course.ts";

/** What ladders need of the grader: it has the lines, their values and gradients. Loaded when the first is shown. */

let made: Ladders | undefined;

async function ladders(): Promise<Ladders> {
  return (made ??= makeLadders(functionSteps, (await courseFor([])).lecture));
}

export async function ladderOf({
  ladder: id,
  step: asked,
}: Extract<ToGrader, { ladder: number }>): Promise<FromGrader> {
  const step = functionSteps.find((one) => one.id === asked);
  return { ladderOf: id, found: step && (await ladders()).of(step) };
}

export async function traceOf({
  follow,
  of,
  tensor,
  place,
}: Extract<ToGrader, { follow: number }>): Promise<FromGrader> {
  return { traceOf: follow, trace: (await ladders()).follow(of, tensor, place) };
}

/** Results with the numbers that were returned, as messages can hold them. */
export function withAnswers(results: readonly StepResult[]): PageResult[] {
  return results.map(({ gradient, ...result }) => {
    const step = functionSteps.find(({ id }) => id === result.id);
    return gradient && step ? { ...result, answer: makeAnswer(step, result, gradient, "ours") } : result;
  });
}
