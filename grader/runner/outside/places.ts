import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

/** A line of a course's file; the file's name is relative to the course's folder, with forward slashes. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** What an author's code is not in: packages, what learners edit, and hidden folders. */
const NOT_CODE = /^(?:\..*|node_modules|exercises|solutions|runs|play|results)$/;

/** The files of a course's code: its networks, its parts and their rooms. */
export function codeFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry): string[] => {
      if (NOT_CODE.test(entry.name)) return [];
      if (entry.isDirectory()) return codeFiles(path.join(folder, entry.name)).map((file) => `${entry.name}/${file}`);
      return entry.name.endsWith(".ts") ? [entry.name] : [];
    })
    .sort();
}

/** The lines of a folder's files that hold what is looked for, in the order of the files. */
export function linesWith(folder: string, files: readonly string[], wanted: RegExp): (Place & { code: string })[] {
  return files.flatMap((file) =>
    readFileSync(path.join(folder, file), "utf8")
      .split("\n")
      .flatMap((code, i) => (wanted.test(code) ? [{ file, line: i + 1, code }] : [])),
  );
}

/** Whether a file of a course is in the folder of a part, and so a room's. */
export function isOfPart(file: string): boolean {
  return /^\d+-/.test(file);
}

/**
 * Where a course writes a tensor or a size of a network: its line of the forward pass if there is one, otherwise its shape.
 * Only for people: nothing depends on it.
 */
export function placeOfTensor(folder: string, name: string): Place | undefined {
  const files = codeFiles(folder).filter((file) => !isOfPart(file));
  const plain = inPattern(name);
  const quoted = `["'\`]${plain}["'\`]`;
  return firstOf(folder, files, [
    `\\bline\\(\\s*${quoted}`,
    `^\\s*${quoted},$`,
    `(\\b${plain}|${quoted})\\s*:`,
    quoted,
  ]);
}

/** Where a course writes the room for a tensor. */
export function placeOfRoom(folder: string, tensor: string): Place | undefined {
  return firstOf(folder, codeFiles(folder).filter(isOfPart), [`\\btensor: *["'\`]${inPattern(tensor)}["'\`]`]);
}

/** A text as a pattern that means it; a name that nothing can be called may have any characters. */
function inPattern(text: string): string {
  return text.replaceAll(/[^\w\s]/g, "\\$&");
}

function firstOf(folder: string, files: readonly string[], ways: readonly string[]): Place | undefined {
  for (const way of ways) {
    const [first] = linesWith(folder, files, new RegExp(way));
    if (first) return { file: first.file, line: first.line };
  }
  return undefined;
}
