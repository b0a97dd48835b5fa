import { Tensor } from "#tensor";
import type { Note } from "../verdict/result.ts";

/** The methods of a tensor that make no new one, except those in place, which end in _. */
const makeNone: ReadonlySet<string> = new Set([
  "constructor",
  "size",
  "numel",
  "get",
  "set",
  "item",
  "toArray",
  "toString",
]);

/** The operations that leave the tensor alone and make a new one. */
export const makers: readonly string[] = Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype)).flatMap(
  ([name, { value }]) => (typeof value === "function" && !name.endsWith("_") && !makeNone.has(name) ? [name] : []),
);

/** A statement that is one call: `dC.indexAdd(0, Xb, demb);` */
const statement = new RegExp(`^(\\s*)(?!console)[\\w.]+\\.(${makers.join("|")})\\(.*\\);?\\s*$`);

/** How many notes a file gets, and the longest line that is searched. */
const NOTES = 3;
const LONGEST_LINE = 1000;

/** The first few calls of a tensor's operations that are statements on their own, so that their results are lost. */
export function unusedResults(text: string): Note[] {
  const notes: Note[] = [];
  for (const [i, code] of text.split("\n").entries()) {
    if (notes.length === NOTES) break;
    const [, indent, name] = (code.length <= LONGEST_LINE && statement.exec(code)) || [];
    if (indent === undefined || name === undefined) continue;
    const note = `the result of ${name} is not used: it is a new tensor; return it, or keep it in a const`;
    notes.push({ line: i + 1, column: indent.length + 1, text: note });
  }
  return notes;
}
