import { stripVTControlCharacters } from "node:util";

/** Lines longer than this are tiring to read, however wide the terminal is. */
const WIDEST = 96;
/** What stands before the lines below a heading. */
export const INDENT = "  ";
/** What is written into a pipe or a file, which has no columns. */
const NO_TERMINAL = 80;

const ESCAPE = "\u001b";
/** A code that colours, or one character. */
const PIECE = new RegExp(`${ESCAPE}\\[[0-9;]*m|.`, "gsu");

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

/**
 * A line, coloured or not, in pieces of so many columns; broken at spaces, and set in as far as it began.
 *
 * @param hang how much further those after the first are set in
 */
export function fold(line: string, columns: number, hang = 0): string[] {
  const plain = stripVTControlCharacters(line);
  if ([...plain].length <= columns) return [line];
  const indent = /^ */.exec(plain)![0].slice(0, Math.floor(columns / 2)) + " ".repeat(hang);
  const lines: string[] = [];
  let text = "";
  let width = 0;
  let space = -1;
  for (const [piece] of line.matchAll(PIECE)) {
    if (piece.startsWith(ESCAPE)) {
      text += piece;
      continue;
    }
    if (width === columns) {
      const at = piece === " " ? text.length : space;
      lines.push(at < 0 ? text : text.slice(0, at));
      text = indent + (at < 0 ? text.slice(text.length) : text.slice(at + 1));
      width = [...stripVTControlCharacters(text)].length;
      space = -1;
      if (piece === " ") continue;
    }
    // not within what it is set in by
    if (piece === " " && width > indent.length) space = text.length;
    text += piece;
    width += 1;
  }
  return [...lines, text];
}
