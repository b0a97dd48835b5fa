import { realpathSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Step } from "../course/steps.ts";
import { twoFiles } from "../report/diff.ts";
import { displayPath, exercisesFolder, solutionsFolder } from "../runner/project.ts";
import { readSource } from "../runner/source.ts";
import { solutionOf } from "../runner/stubs.ts";
import { gradeSteps, lockedLines } from "./passing.ts";
import { resolveFolder, selectSteps, UsageError } from "./usage.ts";

export const diffHelp = `diff step ... [--anyway] [--from FOLDER]
    Your file and ours side by side, once the step passes (--anyway: before); in a narrow terminal one below the other.`;

/** Exit status 0; 1 where a step does not pass yet. */
export async function diff(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { anyway: { type: "boolean", default: false }, from: { type: "string" } },
  });
  if (positionals.length === 0) throw new UsageError("the difference at which step? name one, such as dcounts");
  const steps = selectSteps(positionals);
  const root = values.from === undefined ? exercisesFolder : resolveFolder(values.from);
  const results = values.anyway ? [] : await gradeSteps(root, steps);
  const { columns } = process.stdout;
  const from = values.from === undefined ? "" : ` --from ${values.from}`;
  const paragraphs = steps.map((step, i) => {
    const result = results[i];
    if (!result || result.passed) return diffLines(step, root, columns);
    return lockedLines(result, "the difference from ours", `npm run diff -- ${step.id}${from}`, columns);
  });
  process.stdout.write(`${paragraphs.map((lines) => lines.join("\n")).join("\n\n")}\n`);
  return results.every((result) => result.passed) ? 0 : 1;
}

/**
 * A learner's file and ours. Whether the learner may see it yet is the caller's to know.
 *
 * @param root the learner's tree
 * @param columns the terminal's; undefined where the output is no terminal
 */
export function diffLines(step: Step, root: string, columns?: number): string[] {
  const file = displayPath(path.join(root, step.file));
  const yours = readSource(realpathSync(root), step.file);
  if (yours === undefined) return [`${file} is not there, so there is nothing to compare`];
  const ours = { name: displayPath(path.join(solutionsFolder, step.file)), text: solutionOf(step) };
  return twoFiles({ name: file, text: yours }, ours, columns);
}
