import { readFileSync } from "node:fs";
import path from "node:path";

/** A line of a course's file; the file's name is relative to the course's folder, with forward slashes. */
export interface Place {
  readonly file: string;
  readonly line: number;
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
export function placeOfTensor(folder: string, files: readonly string[], name: string): Place | undefined {
  const plain = inPattern(name);
  const quoted = `["'\`]${plain}["'\`]`;
  const ofNetworks = files.filter((file) => !isOfPart(file));
  return firstOf(folder, ofNetworks, [
    `\\bline\\(\\s*${quoted}`,
    `^\\s*${quoted},$`,
    `(\\b${plain}|${quoted})\\s*:`,
    quoted,
  ]);
}

/** Where a course writes the room for a tensor. */
export function placeOfRoom(folder: string, files: readonly string[], tensor: string): Place | undefined {
  return firstOf(folder, files.filter(isOfPart), [`\\btensor: *["'\`]${inPattern(tensor)}["'\`]`]);
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
