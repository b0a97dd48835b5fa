import kleur from "kleur";
import type { Step } from "../course/steps.ts";
import { harmless } from "../report/terminal.ts";
import { paragraph, proseWidth } from "../report/text.ts";
import { readNames, shippedNames } from "../runner/data.ts";
import { gradeTree } from "../runner/grade.ts";
import type { StepResult } from "../verdict/result.ts";

/** Grades steps as `npm run grade` does, for a command that depends on what passes. */
export function gradeSteps(root: string, steps: readonly Step[]): Promise<StepResult[]> {
  const { dataset } = readNames(shippedNames);
  return gradeTree({ root, steps, dataset, reference: "ours" });
}

/**
 * Why something is not shown yet: the step does not pass.
 *
 * @param what what is not shown, as a sentence begins: "the solution"
 * @param command what would show it, without --anyway
 */
export function lockedLines(result: StepResult, what: string, command: string, columns?: number): string[] {
  const { id, verdict, mistake, message } = result;
  const why = verdict === "not-started" ? "" : harmless(mistake?.sentence ?? message ?? "");
  const verdictText = verdict === "not-started" ? "not started" : verdict;
  return [
    ...paragraph(
      `${id} does not pass yet: ${kleur.red(verdictText)}${why === "" ? "" : `, ${why}`}`,
      proseWidth(columns),
    ),
    ...paragraph(`${what} is shown once it passes; npm run hint -- ${id} helps on the way.`, proseWidth(columns)),
    `to see it before: ${command} --anyway`,
  ];
}
