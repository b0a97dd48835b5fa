import path from "node:path";
import { parseArgs } from "node:util";
import kleur from "kleur";
import type { Step } from "../course/steps.ts";
import { displayPath, exercisesFolder, solutionsFolder } from "../runner/project.ts";
import { solutionOf } from "../runner/stubs.ts";
import { gradeSteps, lockedLines } from "./passing.ts";
import { resolveFolder, selectSteps, UsageError } from "./usage.ts";

export const solutionHelp = `solution step ... [--anyway] [--from FOLDER]
    Our own answer to a step, once yours passes (--anyway: before).`;

/** Exit status 0; 1 where a step does not pass yet. */
export async function solution(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { anyway: { type: "boolean", default: false }, from: { type: "string" } },
  });
  if (positionals.length === 0) throw new UsageError("the solution of which step? name one, such as dcounts");
  const steps = selectSteps(positionals);
  const root = values.from === undefined ? exercisesFolder : resolveFolder(values.from);
  const results = values.anyway ? [] : await gradeSteps(root, steps);
  const { columns } = process.stdout;
  const from = values.from === undefined ? "" : ` --from ${values.from}`;
  const paragraphs = steps.map((step, i) => {
    const result = results[i];
    if (!result || result.passed) return solutionLines(step);
    return lockedLines(result, "our solution", `npm run solution -- ${step.id}${from}`, columns);
  });
  process.stdout.write(`${paragraphs.map((lines) => lines.join("\n")).join("\n\n")}\n`);
  return results.every((result) => result.passed) ? 0 : 1;
}

/** Our code, below its file's path; imports and the task are the learner's own. Whether it may be seen is not asked. */
export function solutionLines(step: Step): string[] {
  const file = displayPath(path.join(solutionsFolder, step.file));
  const code = solutionOf(step).replace(/^(import [^;]*;\s*)*(\/\*\*[^]*?\*\/\s*)?/, "");
  return [kleur.bold(`ours: ${file}`), "", ...code.trimEnd().split("\n")];
}
