import { realpathSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { harmless } from "../../report/harmless.ts";
import { fold, HANG, lineWidth } from "../../report/text.ts";
import { displayPath, graderFolder, projectRoot } from "../../runner/project.ts";

/** The folders whose lines nobody wrote who reads an error. */
const notOwn = [graderFolder, path.join(projectRoot, "node_modules")];

/** V8's line of a stack trace: at dcounts (file:///course/exercises/05-dcounts.ts?v=2:17:10). */
const FRAME = /^ +at (?:(.*?) \()?(?:async )?(.+?)(?:\?[^:]*)?:(\d+):(\d+)\)?$/gm;

/**
 * What was thrown, in its own words, and the lines of a person's own files that led there, the innermost first.
 *
 * @param columns the terminal's; no line is wrapped if undefined
 * @param before what will be printed in front of it
 */
export function thrownText(error: unknown, columns?: number, before = ""): string {
  if (!(error instanceof Error)) return `threw ${inspect(error)}`;
  const said = `${error.name}: ${error.message}`.split("\n").map((line) => harmless(line, true));
  const lines = [...said, ...ownFrames(error.stack ?? "").map((frame) => `    at ${frame}`)];
  return [before + lines[0], ...lines.slice(1)]
    .flatMap((line) => fold(line, lineWidth(columns), HANG))
    .join("\n")
    .slice(before.length);
}

/** The positions in a stack trace that are in files of the course's folder, except for the grader and packages. */
function ownFrames(stack: string): string[] {
  return [...stack.matchAll(FRAME)].flatMap(([, name, place, line, column]) => {
    const named = place!.startsWith("file:") ? fileURLToPath(place!) : place!;
    // REPL1 and node:vm are no files
    if (!path.isAbsolute(named)) return [];
    const file = underRoot(named);
    const isOwn = isBelow(projectRoot, file) && !notOwn.some((folder) => isBelow(folder, file));
    if (!isOwn) return [];
    const where = `${displayPath(file)}:${line}:${column}`;
    return [name === undefined || name === "<anonymous>" ? where : `${harmless(name)} (${where})`];
  });
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
