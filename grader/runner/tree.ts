import { lstatSync, realpathSync } from "node:fs";
import path from "node:path";
import type { SourceStep } from "../grading/host.ts";
import { differInCase, withOtherNumber } from "./other-number.ts";
import { exercisesFolder } from "./project.ts";
import { IRREGULAR, readSource, SourceError } from "./source.ts";

/** The files of a tree that is graded, wherever they are. */
export interface Tree {
  /**
   * The text of a file; undefined if there is none.
   *
   * @param file relative to the tree, with forward slashes
   * @throws SourceError if it cannot be read
   */
  read(file: string): string | undefined;
  /** What is said of a step that has no file here, and what to do. */
  missing(step: SourceStep): string;
}

/**
 * The files of a folder.
 *
 * @throws the system's error if there is no such folder
 */
export function folderTree(root: string): Tree {
  const tree = realpathSync(root);
  return {
    read: (file) => readSource(tree, file),
    missing(step) {
      const { file } = step;
      const isThere = lstatSync(path.join(root, file), { throwIfNoEntry: false }) !== undefined;
      const what = isThere
        ? `is not a regular file in this folder (but ${IRREGULAR}); only regular files are read`
        : "does not exist";
      return `${file} ${what}${isThere ? "" : remedyFor(root, step)}`;
    },
  };
}

/** What to do about a file that does not exist. */
function remedyFor(root: string, { id, file }: SourceStep): string {
  const other = withOtherNumber(root, file);
  const isOwn = root === exercisesFolder;
  if (other === undefined) return isOwn ? `; npm run reset -- ${id} writes its stub` : "";
  const how = isOwn ? `npm run reset -- ${id} renames it` : "rename it";
  const what = differInCase(other, file)
    ? "whose name differs in upper and lower case"
    : "which was this step's file in another version of the course";
  return `, but ${other} does, ${what}; ${how}`;
}

/** The texts of a tree that is in memory, by file; what is wrong with a file that cannot be read as text. */
export type TreeTexts = ReadonlyMap<string, string | { problem: string }>;

/** Files that are in memory, and nowhere else: nothing of them is written to the disk to be graded. */
export function memoryTree(texts: TreeTexts): Tree {
  return {
    read(file) {
      const text = texts.get(file);
      if (typeof text === "object") throw new SourceError(text.problem);
      return text;
    },
    missing: ({ file }) => `${file} does not exist`,
  };
}
