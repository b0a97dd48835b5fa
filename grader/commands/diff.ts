import { realpathSync } from "node:fs";
import path from "node:path";
import type { Step } from "../kit/step.ts";
import { twoFiles } from "../report/diff.ts";
import { displayPath, solutionsFolder } from "../runner/project.ts";
import { readSource } from "../runner/source.ts";
import { solutionOf } from "../runner/stubs.ts";
import { showOncePassed } from "./passing.ts";

export const diffHelp = `diff step ... [--anyway] [--from FOLDER]
    Your file and ours side by side, once the step passes (--anyway: before); in a narrow terminal one below the other.`;

/** Exit status 0; 1 where a step does not pass yet. */
export function diff(args: string[]): Promise<number> {
  return showOncePassed({ name: "diff", what: "the difference from ours", lines: diffLines }, args);
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
