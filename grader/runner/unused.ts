import type { Note } from "../verdict/result.ts";

const inPlace = "add|sub|mul|div|indexAdd";
const others = "neg|exp|log|tanh|sqrt|pow|clamp|sum|mean|matmul|view|scatterAdd|clone|expand";
const statement = new RegExp(`^(\\s*)(?!console)[\\w.]+\\.(${inPlace}|${others})\\(.*\\);?\\s*$`);

/** How many notes a file gets, and the longest line that is looked at. */
const NOTES = 3;
const LONGEST_LINE = 1000;

/** Calls of a tensor's operations that stand by themselves: what they make is lost. The first few of them. */
export function unusedResults(text: string): Note[] {
  const notes: Note[] = [];
  for (const [i, code] of text.split("\n").entries()) {
    if (notes.length === NOTES) break;
    const [, indent, name] = (code.length <= LONGEST_LINE && statement.exec(code)) || [];
    if (indent === undefined || name === undefined) continue;
    const note = `what ${name} makes is not used: it is a new tensor; return it, or keep it in a const`;
    notes.push({ line: i + 1, column: indent.length + 1, text: note });
  }
  return notes;
}
