import { realpathSync, statSync } from "node:fs";
import path from "node:path";
import { steps } from "../../grader/course/steps.ts";
import { makeFolder } from "../../grader/runner/folder.mjs";
import { displayPath } from "../../grader/runner/project.ts";
import { readableSource, realTree } from "../../grader/runner/source.ts";
import { whyNot } from "../../grader/runner/system.mjs";
import { saveWhole } from "../../grader/runner/whole.mjs";
import type { Written } from "../store/versions.ts";
import type { ToWrite, WriteDone } from "./messages.ts";

/** The course's files in a learner's tree, and no others. */

/** The files that the page may read and write, relative to the tree. */
export const courseFiles: ReadonlySet<string> = new Set(steps.map(({ file }) => file));

/** @returns null if there is no such file, or if it may not be read */
export function readFile(root: string, file: string): Written | null {
  const tree = realTree(root);
  const text = courseFiles.has(file) ? readableSource(tree, file) : undefined;
  if (text === undefined) return null;
  const found = statSync(path.join(tree, file), { throwIfNoEntry: false });
  return { text: unixLines(text), time: Math.floor(found?.mtimeMs ?? 0) };
}

/** Writes a file as a whole, unless another text is there than the page has last seen. The ends of lines stay as they are. */
export function writeFile(root: string, { file, text, base }: ToWrite): WriteDone {
  if (!courseFiles.has(file)) return { refused: `${file} is no file of the course.` };
  const tree = realTree(root);
  const whole = path.join(tree, file);
  const shown = displayPath(path.join(root, file));
  try {
    makeFolder(path.dirname(whole));
    const raw = readableSource(tree, file);
    const isLink = realpathSync(path.dirname(whole)) !== path.dirname(whole);
    if (isLink || (raw === undefined && statSync(whole, { throwIfNoEntry: false }))) {
      return {
        refused: `${shown} is no regular file of this folder: it is left as it is. Replace the link by a copy.`,
      };
    }
    const there = raw === undefined ? undefined : unixLines(raw);
    if (there === text) return { written: true };
    if (there !== undefined && there !== base) return { there: readFile(root, file)! };
    saveWhole(whole, raw?.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text);
    return { written: true };
  } catch (error) {
    return { refused: `${shown} cannot be written: ${whyNot(error)}. What you write is kept in the browser.` };
  }
}

export function unixLines(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
