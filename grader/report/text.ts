import { stripVTControlCharacters } from "node:util";

/** Lines longer than this are tiring to read, however wide the terminal is. */
const WIDEST = 96;
/** What stands before the lines below a heading. */
export const INDENT = "  ";
/** What is written into a pipe or a file, which has no columns. */
const NO_TERMINAL = 80;

/** How wide prose may be in a terminal of so many columns. */
export function proseWidth(columns: number | undefined): number {
  return Math.min(Math.max(columns || NO_TERMINAL, 40), WIDEST);
}

/** A text broken at spaces into lines of at most `width`, each behind the indent. [3, 14] stays together. */
export function paragraph(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  const fits = (longer: string): boolean => indent.length + stripVTControlCharacters(longer).length <= width;
  for (const word of text.split(/ +(?![^[\]]*\])/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || fits(longer)) line = longer;
    else {
      lines.push(indent + line);
      line = word;
    }
  }
  return [...lines, indent + line];
}
