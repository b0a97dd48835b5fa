import { diffLines } from "diff";
import kleur from "kleur";
import { harmless } from "../runner/harmless.ts";
import { fold, padTo } from "./text.ts";

export interface NamedText {
  name: string;
  text: string;
}

/** A line of one file, of the other, or of both. */
interface Row {
  yours: string | undefined;
  ours: string | undefined;
}

/** Terminals from here on show two columns: half of it holds a line of code that is not unusually long. */
const SIDE_BY_SIDE = 110;
/** Lines that agree are shown so many to each side of what differs. */
const CONTEXT = 2;
const LEGEND = "< yours alone, > ours alone, | both, and they differ";

/**
 * Two files compared: side by side where the terminal is wide enough, else one below the other. Each line says by a
 * mark whose it is; colours repeat it.
 *
 * @param columns the terminal's; undefined where the output is no terminal
 */
export function twoFiles(yours: NamedText, ours: NamedText, columns?: number): string[] {
  const rows = rowsOf(yours.text, ours.text);
  if (rows.every(isSame)) return [`${yours.name} and ours (${ours.name}) are the same`];
  const wide = columns !== undefined && columns >= SIDE_BY_SIDE;
  const body = hunks(rows).flatMap((hunk): string[] => {
    if (!Array.isArray(hunk))
      return [kleur.dim(`  ... ${hunk.same} ${hunk.same === 1 ? "line is" : "lines are"} the same`)];
    return wide ? hunk.flatMap((row) => besideLines(row, columns)) : unifiedLines(hunk, columns);
  });
  const heading = wide
    ? besideLines({ yours: `yours: ${yours.name}`, ours: `ours: ${ours.name}` }, columns, " ")
    : // with the marks that their lines have
      [`- yours: ${yours.name}`, `+ ours:  ${ours.name}`];
  return [...heading.map((line) => kleur.bold(line)), ...(wide ? [kleur.dim(LEGEND)] : []), "", ...body];
}

/** The lines of both files in step: equal ones beside each other, and what was replaced beside what replaces it. */
function rowsOf(yours: string, ours: string): Row[] {
  const changes = diffLines(withoutEnds(yours), withoutEnds(ours), { stripTrailingCr: true });
  const rows: Row[] = [];
  let removed: string[] = [];
  const flush = (added: readonly string[]): void => {
    for (let i = 0; i < Math.max(removed.length, added.length); i++) rows.push({ yours: removed[i], ours: added[i] });
    removed = [];
  };
  for (const { value, added, removed: isRemoved } of changes) {
    const lines = value.replace(/\n$/, "").split("\n").map(shown);
    if (isRemoved) removed = lines;
    else if (added) flush(lines);
    else {
      flush([]);
      rows.push(...lines.map((line) => ({ yours: line, ours: line })));
    }
  }
  flush([]);
  return rows;
}

/** Blanks at the ends of lines, and whether the last line ends, are no differences. */
function withoutEnds(text: string): string {
  return `${text.replaceAll(/[ \t]+(?=\r?\n|$)/g, "").trimEnd()}\n`;
}

/** A line as it may be printed, with its indentation. */
function shown(line: string): string {
  const text = line.trimStart();
  const indent = line.slice(0, line.length - text.length).replaceAll("\t", "  ");
  return indent.replaceAll(/[^ ]/g, "") + harmless(text);
}

function isSame({ yours, ours }: Row): boolean {
  return yours === ours;
}

/** What differs with a little of what does not around it, and how much is left out between. */
function hunks(rows: readonly Row[]): (Row[] | { same: number })[] {
  const near = rows.map((_, i) => rows.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).some((row) => !isSame(row)));
  const out: (Row[] | { same: number })[] = [];
  for (const [i, row] of rows.entries()) {
    const last = out.at(-1);
    if (near[i]) {
      if (Array.isArray(last)) last.push(row);
      else out.push([row]);
    } else if (last && !Array.isArray(last)) last.same += 1;
    else out.push({ same: 1 });
  }
  return out;
}

/** Runs of replaced lines: all of yours, then all of ours. A line that is too long goes on below, under the same mark. */
function unifiedLines(rows: readonly Row[], columns: number | undefined): string[] {
  const lines: string[] = [];
  let added: string[] = [];
  const marked = (mark: string, text = ""): string[] =>
    fold(text, Math.max(columns ?? Infinity, 20) - 2).map((part) => `${mark} ${part}`.trimEnd());
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

/** One row in two columns with its mark between them; lines that are too long go on in the row below. */
function besideLines(row: Row, columns: number, mark = markOf(row)): string[] {
  const width = Math.floor((columns - 3) / 2);
  const [left, right] = [fold(row.yours ?? "", width), fold(row.ours ?? "", width)];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
    const [yours, ours] = [padTo(left[i] ?? "", width), right[i] ?? ""];
    if (mark === " ") return `${yours}   ${ours}`.trimEnd();
    return `${kleur.red(yours)} ${mark} ${kleur.green(ours)}`.trimEnd();
  });
}

function markOf(row: Row): string {
  if (isSame(row)) return " ";
  if (row.yours === undefined) return ">";
  return row.ours === undefined ? "<" : "|";
}
