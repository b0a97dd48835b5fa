import type { Note } from "../verdict/result.ts";

/** What every host's type checker is asked, and what is told of its answer. */

/** How many notes a file gets: the first error is often the cause of the others. */
const NOTES = 3;
const LONGEST = 300;

/** The same options as in the course's own tsconfig.json, as such a file has them, wherever the tree is. */
export const checkerOptions = {
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  target: "es2023",
  lib: ["es2023"],
  module: "esnext",
  moduleResolution: "bundler",
  allowImportingTsExtensions: true,
  // Node's other globals do not exist when an exercise runs
  types: [],
};

/** What an exercise can import besides its tree, from the folder of the grader's sources. */
export const importable = { "#tensor": "tensor/index.ts", "#course": "course/exercise.ts" } as const;

/** What declares the console that exercises can print with, from there. */
export const consoleFile = "course/console.d.ts";

/** The option `paths` of a type checker that sees the grader's sources in a folder. */
export function importPaths(folder: string): Record<string, string[]> {
  return Object.fromEntries(Object.entries(importable).map(([name, file]) => [name, [`${folder}/${file}`]]));
}

/** The notes on a file, of all that the type checker says: each is `TS2322: Type 'string' is …`, in the order of places. */
export function typeNotesOf(found: readonly Note[]): Note[] {
  return found
    .map((note) => ({ ...note, text: plainText(note.text).slice(0, LONGEST) }))
    .filter(({ text }) => !UNTYPED.test(text))
    .slice(0, NOTES);
}

/** TypeScript's errors, by its numbers, about types that nobody has written: a learner need not write any. */
const UNTYPED = /^TS(7005|7006|7010|7011|7018|7019|7022|7023|7024|7031|7034|7053):/;

/** What the type checker says, without the folders that types come from, and without the list of a Tensor's members. */
function plainText(text: string): string {
  return text
    .replaceAll(/import\("[^"]*"\)\./g, "")
    .replace(/ is missing the following properties from type ('Tensor').*$/, " is missing properties of type $1");
}
