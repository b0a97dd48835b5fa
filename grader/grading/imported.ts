import type { Note, StepResult } from "../verdict/result.ts";

/** A line that imports a step's file of the same folder: their names begin with a number. */
const IMPORT = /^\s*import\b.*\bfrom\s+["']\.\/(\d+-[\w.-]+?)(?:\.ts)?["']/;

/**
 * What is said of a wrong step that imports other steps, if none of them is graded with it: the mistake may be in theirs.
 *
 * @param graded the files that are graded together
 */
export function importedNote({ file, passed }: StepResult, text: string, graded: readonly string[]): Note | undefined {
  if (passed) return undefined;
  const folder = file.slice(0, file.lastIndexOf("/") + 1);
  const imported = text.split("\n").flatMap((line, i) => {
    const [, name] = IMPORT.exec(line) ?? [];
    return name === undefined ? [] : [{ line: i + 1, column: 1, file: `${folder}${name}.ts` }];
  });
  const [first] = imported;
  if (!first || imported.some((one) => graded.includes(one.file))) return undefined;
  const { line, column } = first;
  return { line, column, text: "the mistake may be in a step that is imported here: grade the whole part" };
}
