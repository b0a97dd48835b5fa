import path from "node:path";
import kleur from "kleur";
import type { Step } from "../kit/step.ts";
import { codeLines } from "../report/code.ts";
import { formLines } from "../report/forms.ts";
import { paragraph, proseWidth } from "../report/text.ts";
import { displayPath, solutionsFolder } from "../runner/project.ts";
import { answerOf, NO_SOLUTIONS, solutionOf } from "../runner/workspace/stubs.ts";
import { showOncePassed } from "./once-passed.ts";

export const solutionHelp = `solution step ... [--anyway] [--from FOLDER]
    Shows our answer to a step, and others that are right as well, once yours passes (--anyway: before).`;

/** Exit status 0; 1 if a step does not pass yet. */
export function solution(args: string[]): Promise<number> {
  return showOncePassed(
    {
      name: "solution",
      what: "our solution",
      isOfSolution: true,
      lines: (step, { columns }) => [...solutionLines(step, columns), ...formLines(step, columns)],
    },
    args,
  );
}

/**
 * Our code below its file's path, without the imports and the task, which the learner has. The caller decides whether the
 * learner may see it yet.
 *
 * @param columns the terminal's; undefined if the output is not a terminal
 */
export function solutionLines(step: Step, columns?: number): string[] {
  const solution = solutionOf(step);
  if (solution === undefined) return paragraph(`${step.id}: ${NO_SOLUTIONS}`, proseWidth(columns));
  const file = displayPath(path.join(solutionsFolder, step.file));
  const code = answerOf(solution).split("\n");
  return [kleur.bold(`ours: ${file}`), "", ...code.flatMap((line) => codeLines(line, columns))];
}
