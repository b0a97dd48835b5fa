import { readdirSync } from "node:fs";
import path from "node:path";

/**
 * A file that has a step's name, but another number: it was written for another version of the course, in which the step
 * had that number. `0-warm-ups/05-dcolumn.ts` for `0-warm-ups/06-dcolumn.ts`. If there is none, one whose name differs in
 * upper and lower case: `09-dH.ts` for `09-dh.ts`.
 *
 * @param root the tree
 * @param file the step's, from the tree's root
 * @returns its name from the tree's root; undefined if there is none, or more than one
 */
export function withOtherNumber(root: string, file: string): string | undefined {
  const folder = path.posix.dirname(file);
  const name = withoutNumber(path.posix.basename(file));
  const all = regularFiles(path.join(root, folder));
  const exact = all.filter((other) => withoutNumber(other) === name);
  const isAlike = (other: string): boolean => withoutNumber(other).toLowerCase() === name.toLowerCase();
  const found = exact.length > 0 ? exact : all.filter(isAlike);
  const [only] = found;
  return found.length === 1 && only !== path.posix.basename(file) ? `${folder}/${only}` : undefined;
}

/** Whether two names are the same but for upper and lower case. */
export function differInCase(a: string, b: string): boolean {
  return a !== b && a.toLowerCase() === b.toLowerCase();
}

function withoutNumber(name: string): string {
  return name.replace(/^\d+-/, "");
}

function regularFiles(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch {
    return []; // there is no such folder, or it may not be read
  }
}
