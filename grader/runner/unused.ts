import type { Note } from "../verdict/result.ts";

const inPlace = "add|sub|mul|div|indexAdd";
const others = "neg|exp|log|tanh|sqrt|pow|sum|mean|matmul|view|scatterAdd|clone|expand";
const statement = new RegExp(`^(\\s*)(?!console)[\\w.]+\\.(${inPlace}|${others})\\(.*\\);?\\s*$`);

/** Calls of a tensor's operations that stand by themselves: what they make is lost. */
export function unusedResults(text: string): Note[] {
  return text.split("\n").flatMap((code, i): Note[] => {
    const [, indent, name] = statement.exec(code) ?? [];
    if (indent === undefined || name === undefined) return [];
    const other = inPlace.split("|").includes(name) ? `; ${name}_ changes the tensor itself` : "";
    const note = `what ${name} makes is not used: it is a new tensor${other}`;
    return [{ line: i + 1, column: indent.length + 1, text: note }];
  });
}
