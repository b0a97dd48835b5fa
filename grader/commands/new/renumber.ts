import { existsSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import type { FunctionStep } from "../../kit/step.ts";
import { stepComment } from "../../kit/stub.ts";
import { displayPath } from "../../runner/project.ts";
import { saveWhole } from "../../runner/whole.mjs";

/** A step at its place before and after others came between. */
export interface Moved {
  readonly from: FunctionStep;
  readonly to: FunctionStep;
}

/**
 * Gives the files of a tree their steps' new numbers, in their names and in the comments above the functions.
 *
 * @param moved in the order of the steps
 * @returns a line for each that was renamed
 */
export function renumber(tree: string, moved: readonly Moved[]): string[] {
  // from the last to the first: each takes a name that the next one has left
  const present = moved.filter(({ from }) => existsSync(path.join(tree, from.file))).toReversed();
  return present.flatMap(({ from, to }) => {
    const [before, after] = [path.join(tree, from.file), path.join(tree, to.file)];
    if (before !== after && existsSync(after)) return [];
    if (before !== after) renameSync(before, after);
    const code = readFileSync(after, "utf8");
    saveWhole(
      after,
      code.replace(stepComment(from), () => stepComment(to)),
    );
    return before === after ? [] : [`${displayPath(after)}: renamed from ${path.basename(before)}`];
  });
}
