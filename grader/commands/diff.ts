import { realpathSync } from "node:fs";
import path from "node:path";
import type { Step } from "../kit/step.ts";
import { paragraph, proseWidth } from "../report/text.ts";
import { twoFiles } from "../report/diff.ts";
import { displayPath, solutionsFolder } from "../runner/project.ts";
import { readSource } from "../runner/source.ts";
import { NO_SOLUTIONS, solutionOf } from "../runner/workspace/stubs.ts";
import { showOncePassed } from "./once-passed.ts";

export const diffHelp = `diff step ... [--anyway] [--from FOLDER]
    Compares your file with ours once the step passes (--anyway: before): side by side, or one below the other in a
    narrow terminal.`;

/** Exit status 0; 1 if a step does not pass yet. */
export function diff(args: string[]): Promise<number> {
  return showOncePassed(
    {
      name: "diff",
      what: "the comparison with ours",
      isOfSolution: true,
      lines: (step, { root, columns }) => diffLines(step, root, columns),
    },
    args,
  );
}

/**
 * A learner's file compared with ours. The caller decides whether the learner may see it yet.
 *
 * @param root the learner's tree
 * @param columns the terminal's; undefined if the output is not a terminal
 */
export function diffLines(step: Step, root: string, columns?: number): string[] {
  const file = displayPath(path.join(root, step.file));
  const yours = readSource(realpathSync(root), step.file);
  if (yours === undefined) return [`${file} is missing, so there is nothing to compare`];
  const solution = solutionOf(step);
  if (solution === undefined) return paragraph(`${step.id}: ${NO_SOLUTIONS}`, proseWidth(columns));
  const ours = { name: displayPath(path.join(solutionsFolder, step.file)), text: solution };
  const lines = twoFiles({ name: file, text: yours }, ours, columns);
  // a single line says that they are the same
  if (lines.length === 1 || code(yours) !== code(ours.text)) return lines;
  return [...paragraph(SAME_CODE, proseWidth(columns)), "", ...lines];
}

const SAME_CODE = "The code is the same, apart from spaces, semicolons and comments.";

/** What tells two programs apart: a line break after return is a statement's end, and other layout means nothing. */
function code(text: string): string {
  return text
    .replaceAll(/\/\/.*$|\/\*[^]*?\*\//gm, "")
    .replaceAll(/\breturn[ \t]*\r?\n/g, "return;;")
    .replaceAll(/\s+|(?<!;);(?!;)/g, "");
}
