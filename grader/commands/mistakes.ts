import { parseArgs } from "node:util";
import { mistakesOf } from "../course/catalogue.ts";
import { label, type Step } from "../course/steps.ts";
import { paragraph, proseWidth } from "../report/text.ts";
import { readNames, shippedNames } from "../runner/data.ts";
import { gradeTree } from "../runner/grade.ts";
import { exercisesFolder } from "../runner/project.ts";
import { selectSteps, UsageError } from "./usage.ts";

export const mistakesHelp = `mistakes step ... [--anyway]
    The other ways to be wrong at a step, to be read once it is passed (--anyway: before).`;

/** Exit status 0; 1 where a step is not passed yet. */
export async function mistakes(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { anyway: { type: "boolean", default: false } },
  });
  if (positionals.length === 0) throw new UsageError("mistakes of which step? name one, such as dcounts");
  const steps = selectSteps(positionals).filter((step) => step.kind === "function");
  if (steps.length === 0)
    throw new UsageError("the training loop has no catalogue of mistakes; its report names what is wrong");
  const passed = new Set<string>();
  if (!values.anyway) {
    const { dataset } = readNames(shippedNames);
    const results = await gradeTree({ root: exercisesFolder, steps, dataset, reference: "ours" });
    for (const result of results) if (result.passed) passed.add(result.id);
  }
  let status = 0;
  for (const step of steps) {
    process.stdout.write(`${label(step).padStart(2)}  ${step.id}\n`);
    if (values.anyway || passed.has(step.id)) {
      for (const line of mistakeLines(step, proseWidth(process.stdout.columns))) process.stdout.write(`${line}\n`);
    } else {
      process.stdout.write(`${SENTENCE}pass the step first; --anyway shows them before\n`);
      status = 1;
    }
  }
  return status;
}

/**
 * The known mistakes of a step; none for the training loop.
 *
 * @param width where lines are broken, between words; left out where whoever shows them breaks them
 */
export function mistakeLines({ id, kind }: Step, width = Infinity): string[] {
  if (kind !== "function") return [];
  return mistakesOf(id).flatMap(({ idea, sentence }) => {
    const [first, ...others] = paragraph(`${idea}:`, width, SENTENCE);
    return [IDEA + first!.trimStart(), ...others, ...paragraph(sentence, width, SENTENCE)];
  });
}

/** What an idea begins with, and what stands before the lines below. */
const IDEA = "  - ";
const SENTENCE = " ".repeat(IDEA.length);
