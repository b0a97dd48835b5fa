import stringWidth from "string-width";
import stripAnsi from "strip-ansi";
import wrapAnsi from "wrap-ansi";

/** Lines longer than this are tiring to read, however wide the terminal is. */
const WIDEST = 96;
/** A terminal that is narrower than this gets lines of this many columns, and breaks them itself. */
const NARROWEST = 40;
/** Output into a pipe or a file has no columns; prose in it is wrapped as in a terminal of this width. */
const NO_TERMINAL = 80;
/** A text that can be laid out again, for a terminal of so many columns. */
export type Layable = (columns: number) => string[];
/** What lines below a heading begin with. */
export const INDENT = "  ";
/** How much further the second and later lines of a wrapped line are indented. */
export const HANG = 2;

/** The width of prose in a terminal. */
export function proseWidth(columns: number | undefined): number {
  return Math.min(lineWidth(columns || NO_TERMINAL), WIDEST);
}

/** The width of a line in a terminal; no limit in a pipe or a file. */
export function lineWidth(columns: number | undefined): number {
  return Math.max(columns ?? Infinity, NARROWEST);
}

/** How many columns a text takes in a terminal, without its color codes. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** The text, or as much of it as fits into `width` columns with a sign that there is more. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return `${piecesOf(text, width - 1)[0]}\u2026`;
}

/**
 * A text without its first columns, and how many columns were left out: one fewer than asked for if the cut would go
 * through a wide character.
 */
export function fromColumn(text: string, column: number): { rest: string; left: number } {
  if (column <= 0) return { rest: text, left: 0 };
  const [first, ...rest] = piecesOf(text, column);
  return { rest: rest.join(""), left: widthOf(first!) };
}

/** The spaces that a line begins with. */
export function indentOf(line: string): string {
  return /^ */.exec(line)![0];
}

/** A text cut into pieces of `width` columns, wherever that is. */
export function piecesOf(text: string, width: number): string[] {
  return wrapAnsi(text, width, { hard: true, wordWrap: false, trim: false }).split("\n");
}

/** A text with spaces up to so many columns. */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** A text wrapped into lines of at most `width` columns, each with the indent. */
export function paragraph(text: string, width: number, indent = ""): string[] {
  return wrapped(text.replaceAll(/ +/g, " "), width, indent, indent);
}

/**
 * A line wrapped into lines of at most `columns`, which keep its indent.
 *
 * @param hang how much further the second and later lines are indented
 */
export function fold(line: string, columns: number, hang = 0): string[] {
  const most = Math.floor(columns / 2);
  const indent = indentOf(stripAnsi(line));
  const text = line.trimStart();
  // spaces behind a color code stay where they are
  const first = line.slice(0, line.length - text.length).slice(0, most);
  return wrapped(text, columns, first, (indent + " ".repeat(hang)).slice(0, most));
}

/** What stands in for a space that no line is to be broken at: a sign that is not in the text, in ASCII if there is one. */
const NO_BREAK = ["~", "^", "|", "`", "\u00a0"];

/** What stays on one line if it can: a text in brackets, [3, 14]; a command, npm run grade -- dcounts --why. */
const TOGETHER = /\[[^[\]]*\]|\bnpm run [\w:-]+(?: --(?: --[\w=-]+)*(?: [^\s-]\S*)?(?: --[\w=-]+)*)?/g;

/**
 * The one place that wraps text: at spaces, outside brackets and commands if possible. A path wider
 * than a line is continued behind a separator. Any other word that wide is cut: a line that ran over the terminal's edge
 * could pass for one of the grader's.
 *
 * @param first what the first line begins with
 * @param others what the other lines begin with
 */
function wrapped(text: string, columns: number, first: string, others: string): string[] {
  if (widthOf(first + text) <= columns) return [first + text];
  const room = Math.max(1, columns - Math.max(first.length, others.length));
  const noBreak = NO_BREAK.find((sign) => !text.includes(sign)) ?? " ";
  const together = text.replaceAll(TOGETHER, (part) => (widthOf(part) <= room ? part.replaceAll(" ", noBreak) : part));
  const parted = together.replaceAll(/[^ ]+/g, (word) =>
    widthOf(word) <= room ? word : partsOf(word, room).join(" "),
  );
  const lines = wrapAnsi(parted, room, { hard: true }).replaceAll(noBreak, " ").split("\n");
  return lines.map((line, i) => (i === 0 ? first : others) + line);
}

/** Where a path can be continued in the next line: exercises/ or README.md, and #3-dy- or #12. */
export const SEPARATOR = /(?<=[/\\-])|(?=#)/g;

/** Where code can be continued: before a method, and behind an opening parenthesis. */
const IN_CODE = /(?=\.[A-Za-z])|(?<=\()/g;

/** A word in parts of at most `room` columns, as few as there are separators for: no two parts fit on one line. */
function partsOf(word: string, room: number): string[] {
  return word.split(/\w\(/.test(word) ? IN_CODE : SEPARATOR).reduce<string[]>((parts, piece) => {
    const last = parts.at(-1) ?? "";
    return widthOf(last + piece) <= room ? [...parts.slice(0, -1), last + piece] : [...parts, piece];
  }, []);
}
