import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

/** A line of a course's file; the file's name is relative to the course's folder, with forward slashes. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** What an author's code is not in: packages, what learners edit, and hidden folders. */
const NOT_CODE = /^(?:\..*|node_modules|exercises?|solutions|runs|play|results)$/;

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
export function linesWith(folder: string, files: readonly string[], wanted: RegExp): (Place & { text: string })[] {
  return files.flatMap((file) =>
    readFileSync(path.join(folder, file), "utf8")
      .split("\n")
      .flatMap((text, i) => (wanted.test(text) ? [{ file, line: i + 1, text }] : [])),
  );
}

/**
 * Where a course writes a tensor, a size or a step: its line of the forward pass if there is one, otherwise its shape or
 * its room. Only for people: nothing depends on it.
 */
export function placeOfName(folder: string, name: string): Place | undefined {
  const files = codeFiles(folder);
  const quoted = `["'\`]${name}["'\`]`;
  const ways = [`\\bline\\(\\s*${quoted}`, `^\\s*${quoted},$`, `\\b${name}\\s*:|${quoted}\\s*:`, quoted];
  for (const way of ways) {
    const [first] = linesWith(folder, files, new RegExp(way));
    if (first) return { file: first.file, line: first.line };
  }
  return undefined;
}
