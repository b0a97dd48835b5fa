import { realpathSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { harmless } from "../../report/harmless.ts";
import { courseFolder, displayPath, graderFolder, projectRoot } from "../../runner/project.ts";

/** The folders whose lines nobody wrote who reads an error. */
const notOwn = [graderFolder, path.join(projectRoot, "node_modules")];

/** V8's line of a stack trace: at dcounts (file:///course/exercises/05-dcounts.ts?v=2:17:10). */
const FRAME = /^ +at (?:(.*?) \()?(?:async )?(.+?)(?:\?[^:]*)?:(\d+):(\d+)\)?$/gm;

/** What was thrown, in its own words, and the lines of a person's own files that led there, the innermost first. */
export function thrownText(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${inspect(error)}`;
  const said = `${error.name}: ${error.message}`.split("\n").map((line) => harmless(line, true));
  return [...said, ...ownFrames(error.stack ?? "").map((frame) => `    at ${frameText(frame)}`)].join("\n");
}

/** A position in a stack trace: the file's full path, and the function's name, if it has one. */
export interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly name?: string;
}

/** The positions in a stack trace that are in files of the course's folder or of ours, except for the grader and packages. */
export function ownFrames(stack: string): Frame[] {
  return [...stack.matchAll(FRAME)].flatMap(([, name, place, line, column]) => {
    const named = place!.startsWith("file:") ? fileURLToPath(place!) : place!;
    // REPL1 and node:vm are no files
    if (!path.isAbsolute(named)) return [];
    const file = underRoot(named);
    const isOwn =
      [projectRoot, courseFolder].some((folder) => isBelow(folder, file)) &&
      !notOwn.some((folder) => isBelow(folder, file));
    if (!isOwn) return [];
    const isNamed = name !== undefined && name !== "<anonymous>";
    return [{ file, line: Number(line), column: Number(column), ...(isNamed && { name }) }];
  });
}

function frameText({ file, line, column, name }: Frame): string {
  const where = `${displayPath(file)}:${line}:${column}`;
  return name === undefined ? where : `${harmless(name)} (${where})`;
}

/** A file by the name that the course's folder has here, which may be a link: Node follows links. */
function underRoot(file: string): string {
  const real = realpathSync(projectRoot);
  return isBelow(real, file) ? path.join(projectRoot, path.relative(real, file)) : file;
}

/** Whether a file is in a folder, or in one of its folders. */
export function isBelow(folder: string, file: string): boolean {
  const inside = path.relative(folder, file);
  return inside !== "" && inside !== ".." && !inside.startsWith(`..${path.sep}`) && !path.isAbsolute(inside);
}
