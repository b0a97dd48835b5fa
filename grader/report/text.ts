import stringWidth from "string-width";

/** Lines longer than this are tiring to read, however wide the terminal is. */
const WIDEST = 96;
/** What stands before the lines below a heading. */
export const INDENT = "  ";
/** What is written into a pipe or a file, which has no columns. */
const NO_TERMINAL = 80;

const ESCAPE = "\u001b";
/** A code that colours. */
const COLOUR = new RegExp(`${ESCAPE}\\[[0-9;]*m`, "g");
/** What takes a column a character. */
const PLAIN = /^[ -~]*$/;
const clusters = new Intl.Segmenter();

/** How wide prose may be in a terminal of so many columns. */
export function proseWidth(columns: number | undefined): number {
  return Math.min(Math.max(columns || NO_TERMINAL, 40), WIDEST);
}

/**
 * How many columns a text takes in a terminal, without the codes that colour it. Where terminals differ, as in an emoji
 * of several parts, the most.
 */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  return piecesOf(text).reduce((sum, { width }) => sum + width, 0);
}

/** A code that colours, or what a reader takes for one character, and how many columns it takes. */
interface Piece {
  text: string;
  width: number;
}

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  const take = (part: string): void => {
    for (const { segment } of clusters.segment(part)) pieces.push({ text: segment, width: clusterWidth(segment) });
  };
  let from = 0;
  for (const { 0: code, index } of text.matchAll(COLOUR)) {
    take(text.slice(from, index));
    pieces.push({ text: code, width: 0 });
    from = index + code.length;
  }
  take(text.slice(from));
  return pieces;
}

function clusterWidth(cluster: string): number {
  if (PLAIN.test(cluster)) return cluster.length;
  const width = stringWidth(cluster);
  const parts = [...cluster];
  if (parts.length === 1) return width;
  return Math.max(
    width,
    parts.reduce((sum, part) => sum + stringWidth(part), 0),
  );
}

function joined(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join("");
}

/** A text, or as much of it as so many columns hold, with a sign that there is more. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let room = width - 1;
  const pieces = piecesOf(text);
  const end = pieces.findIndex((piece) => (room -= piece.width) < 0);
  return `${joined(pieces.slice(0, end))}\u2026`;
}

/** A text without its first columns, and how many they are: one more than asked for where a wide character is cut. */
export function fromColumn(text: string, column: number): { rest: string; left: number } {
  const pieces = piecesOf(text);
  let left = 0;
  let at = 0;
  for (; at < pieces.length && left < column; at++) left += pieces[at]!.width;
  return { rest: joined(pieces.slice(at)), left };
}

/** A text with spaces up to so many columns. */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** A text broken at spaces into lines of at most `width` columns, each behind the indent. */
export function paragraph(text: string, width: number, indent = ""): string[] {
  return wrapped(text.replaceAll(/ +/g, " "), width, indent, indent);
}

/**
 * A line, coloured or not, in pieces of so many columns; broken at spaces, and set in as far as it began.
 *
 * @param hang how much further those after the first are set in
 */
export function fold(line: string, columns: number, hang = 0): string[] {
  const plain = line.replaceAll(COLOUR, "");
  const indent = /^ */.exec(plain)![0] + " ".repeat(hang);
  return wrapped(line, columns, "", indent.slice(0, Math.floor(columns / 2)));
}

/** A space outside of brackets: [3, 14] stays together. */
const BREAK = / (?![^[\]]*\])/g;

/**
 * A text in lines of at most `columns`: the one way in which text is broken. Broken at a space, outside of brackets where
 * there is such a one; a word that is wider than a line is cut: what goes over the terminal's edge could pass for a line
 * of ours.
 *
 * @param first what stands before the first line
 * @param others what stands before the others
 */
export function wrapped(text: string, columns: number, first: string, others: string): string[] {
  if (widthOf(first + text) <= columns) return [first + text];
  const breaks = new Set(Array.from(text.matchAll(BREAK), ({ index }) => index));
  const pieces = piecesOf(text);
  const lines: string[] = [];
  let start = 0;
  let offset = 0;
  for (let prefix = first; ; prefix = others) {
    let room = columns - widthOf(prefix);
    let end = start;
    /** Where a line may end, and where it had better: before a space. */
    let space = -1;
    let good = -1;
    let isBegun = false;
    for (; end < pieces.length; end++) {
      const piece = pieces[end]!;
      // not within what the line is set in by
      if (piece.text === " " && isBegun) {
        space = end;
        if (breaks.has(offset)) good = end;
      }
      room -= piece.width;
      if (room < 0) break;
      isBegun ||= piece.text !== " " && piece.width > 0;
      offset += piece.text.length;
    }
    if (end === pieces.length) return [...lines, prefix + joined(pieces.slice(start))];
    const at = good >= 0 ? good : space >= 0 ? space : Math.max(end, start + 1);
    lines.push(prefix + joined(pieces.slice(start, at)));
    start = good >= 0 || space >= 0 ? at + 1 : at;
    offset = pieces.slice(0, start).reduce((sum, piece) => sum + piece.text.length, 0);
  }
}
