import { stripVTControlCharacters } from "node:util";

const ESCAPE = "\u001b";
/** A code that colours, or one character. */
const PIECE = new RegExp(`${ESCAPE}\\[[0-9;]*m|.`, "gsu");

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
