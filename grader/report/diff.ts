import kleur from "kleur";
import { codeLines } from "./code.ts";
import { stretchesOf, type Row } from "./differences.ts";
import { sideBySide } from "./side-by-side.ts";
import { fold } from "./text.ts";

export interface NamedText {
  name: string;
  text: string;
}

/** Terminals from this width on show two columns: half of it holds a line of code of usual length. */
const SIDE_BY_SIDE = 110;
/** Lines are wrapped to at least this width. */
const NARROWEST = 20;
const LEGEND = "< only yours, > only ours, | both, and they differ";

/**
 * Two files compared: side by side if the terminal is wide enough, otherwise one below the other. A mark on each line
 * says whose it is; color repeats it.
 *
 * @param columns the terminal's; undefined if the output is not a terminal
 */
export function twoFiles(yours: NamedText, ours: NamedText, columns?: number): string[] {
  const stretches = stretchesOf(yours.text, ours.text);
  if (stretches.every(({ rows }) => rows.length === 0)) return [`${yours.name} and ours (${ours.name}) are the same`];
  const isWide = columns !== undefined && columns >= SIDE_BY_SIDE;
  const body = stretches.flatMap(({ rows, skipped }) => [
    ...skippedLines(skipped),
    ...(isWide ? rows.flatMap((row) => besideLines(row, columns)) : unifiedLines(rows, columns)),
  ]);
  const heading = isWide
    ? beside(fold(`yours: ${yours.name}`, half(columns)), fold(`ours: ${ours.name}`, half(columns)), " ", columns)
    : // with the marks of their lines
      [`- yours: ${yours.name}`, `+ ours:  ${ours.name}`];
  return [...heading.map((line) => kleur.bold(line)), ...(isWide ? [kleur.dim(LEGEND)] : []), "", ...body];
}

function skippedLines(count: number): string[] {
  return count > 0 ? [kleur.dim(`  ... ${count} ${count === 1 ? "line is" : "lines are"} the same`)] : [];
}

function isSame({ yours, ours }: Row): boolean {
  return yours === ours;
}

/** Replaced lines: all of yours, then all of ours. A line that is too long continues below, under the same mark. */
function unifiedLines(rows: readonly Row[], columns: number | undefined): string[] {
  const lines: string[] = [];
  let added: string[] = [];
  const marked = (mark: string, text = ""): string[] =>
    codeLines(text, Math.max(columns ?? Infinity, NARROWEST) - 2).map((part) => `${mark} ${part}`.trimEnd());
  for (const row of rows) {
    if (isSame(row)) {
      lines.push(...added, ...marked(" ", row.yours));
      added = [];
      continue;
    }
    if (row.yours !== undefined) lines.push(...marked("-", row.yours).map((line) => kleur.red(line)));
    if (row.ours !== undefined) added.push(...marked("+", row.ours).map((line) => kleur.green(line)));
  }
  return [...lines, ...added];
}

/** One row in two columns; lines that are too long continue in the row below. */
function besideLines(row: Row, columns: number): string[] {
  const mark = markOf(row);
  const lines = (text = "", color: (line: string) => string): string[] =>
    codeLines(text, half(columns)).map((line) => (mark === " " ? line : color(line)));
  return beside(lines(row.yours, kleur.red), lines(row.ours, kleur.green), mark, columns);
}

/** Two blocks next to each other, with a mark between them in every line. */
function beside(left: readonly string[], right: readonly string[], mark: string, columns: number): string[] {
  const marks = Array.from({ length: Math.max(left.length, right.length) }, () => mark);
  return sideBySide([left, marks, right], " ", [half(columns)]);
}

/** The width of one of two columns, which have a mark between them. */
function half(columns: number): number {
  return Math.floor((columns - 3) / 2);
}

function markOf(row: Row): string {
  if (isSame(row)) return " ";
  if (row.yours === undefined) return ">";
  return row.ours === undefined ? "<" : "|";
}
