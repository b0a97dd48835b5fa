import { existsSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../../runner/folder.mjs";
import { COURSE_FILE } from "../../runner/outside/files.ts";
import { outside } from "../../runner/outside/outside.ts";
import { courseFolder, displayPath, graderFolder, withSlashes } from "../../runner/project.ts";
import { saveWhole } from "../../runner/whole.mjs";
import { UsageError } from "../usage.ts";

/** Where the networks and the parts of the course are that is being written. */
export interface Home {
  /** The folder of the networks' and the parts' folders. */
  readonly code: string;
  /** The file that lists the parts, and what it calls them. */
  readonly table: string;
  readonly tableName: string;
  /** The smallest number of a new part. */
  readonly firstPart: number;
}

/** The course outside, or the parts beyond the lecture in this repository. */
export function homeOf(): Home {
  if (outside.folder === undefined) {
    const code = path.join(graderFolder, "course");
    return { code, table: path.join(code, "beyond-parts.ts"), tableName: "beyondParts", firstPart: 6 };
  }
  const code = courseFolder;
  return { code, table: path.join(code, COURSE_FILE), tableName: "course", firstPart: 1 };
}

/** Where to type what: the scripts of a course's folder know it. */
export function nextCommand(command: string): string {
  const from = process.env["INIT_CWD"] ?? process.cwd();
  const isHere = outside.folder === undefined || !path.relative(courseFolder, from).startsWith("..");
  return `${isHere ? "" : `in ${withSlashes(path.relative(from, courseFolder))}, `}npm run ${command}`;
}

/** How many files of a folder are named one by one. */
const MOST_NAMED = 5;

/** Files to write, by their paths. */
export type NewFiles = ReadonlyMap<string, string>;

/**
 * Writes files, all of them or none.
 *
 * @returns a line for each
 * @throws UsageError if one of them exists
 */
export function writeNew(files: NewFiles): string[] {
  for (const file of files.keys()) {
    if (existsSync(file)) throw new UsageError(`${displayPath(file)} exists already; nothing was written`);
  }
  for (const [file, text] of files) {
    makeFolder(path.dirname(file));
    saveWhole(file, text);
  }
  const folders = [...new Set([...files.keys()].map((file) => path.dirname(file)))];
  return folders.flatMap((folder) => {
    const own = [...files.keys()].filter((file) => path.dirname(file) === folder);
    if (own.length <= MOST_NAMED) return own.map((file) => `${displayPath(file)}: written`);
    return [`${displayPath(folder)}: ${own.length} files written`];
  });
}

/** Writes those of some files that do not exist. */
export function writeMissing(files: NewFiles): string[] {
  return writeNew(new Map([...files].filter(([file]) => !existsSync(file))));
}
