import { existsSync, readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { readRegular, SourceError } from "../../runner/source.ts";
import { classLimits } from "../limits.ts";
import { SubmissionProblem } from "../problem.ts";
import { emptyOf, inOrder, isAdded, type Handed, type HandedFile } from "./handed.ts";

/**
 * The regular files of a folder and of those in it. Links are not followed, wherever they lead.
 *
 * @param except a folder that is passed over
 * @throws the system's error if the folder itself cannot be read
 */
export function handedFolder(root: string, except?: string): Handed {
  const tree = realpathSync(root);
  const passedOver = except !== undefined && existsSync(except) ? realpathSync(except) : undefined;
  const files: HandedFile[] = [];
  const repositories = new Set<string>();
  const folders = new Set<string>();
  const walk = (folder: string, depth: number): void => {
    for (const entry of entriesOf(path.join(tree, folder), depth)) {
      const file = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.name === ".git") repositories.add(folder);
      if (isAdded(entry.name) || path.join(tree, file) === passedOver) continue;
      if (entry.isDirectory() && depth < classLimits.depth) {
        if (folders.size < classLimits.files) folders.add(file);
        walk(file, depth + 1);
      } else if (entry.isFile() && files.length < classLimits.files) files.push(fileIn(tree, file));
    }
  };
  walk("", 0);
  return { files: inOrder(files), repositories, empty: emptyOf(folders, files) };
}

function entriesOf(folder: string, depth: number): ReturnType<typeof readEntries> {
  try {
    return readEntries(folder);
  } catch (error) {
    // a folder of somebody's that may not be read: the others can
    if (depth === 0) throw error;
    return [];
  }
}

const readEntries = (folder: string) => readdirSync(folder, { withFileTypes: true });

/** A single file as something handed in. */
export function handedFile(file: string): Handed {
  const whole = realpathSync(file);
  return { files: [fileIn(path.dirname(whole), path.basename(whole))], repositories: new Set(), empty: new Set() };
}

function fileIn(tree: string, file: string): HandedFile {
  return {
    path: file,
    async read(most) {
      let bytes: Buffer | undefined;
      try {
        bytes = readRegular(tree, file, most);
      } catch (error) {
        if (error instanceof SourceError) throw new SubmissionProblem("unreadable", error.message);
        throw error;
      }
      if (bytes) return bytes;
      throw new SubmissionProblem("unreadable", `${file} is no regular file any more; was it moved meanwhile?`);
    },
  };
}
