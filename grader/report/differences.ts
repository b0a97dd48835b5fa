import { structuredPatch } from "diff";
import { harmless } from "./harmless.ts";

/** A line of one file, of the other, or of both. */
export interface Row {
  yours: string | undefined;
  ours: string | undefined;
}

/** A place where two texts differ, with the lines around it; the last one has no rows. */
export interface Stretch {
  /** How many lines before it are left out, because they are the same. */
  readonly skipped: number;
  readonly rows: readonly Row[];
}

/** How many equal lines are shown on each side of a difference. */
const CONTEXT = 2;

/** Where two texts differ, before any layout; no rows if they are the same. */
export function stretchesOf(yours: string, ours: string): readonly Stretch[] {
  const [left, right] = [readable(yours), readable(ours)];
  const { hunks } = structuredPatch("", "", left, right, "", "", { context: CONTEXT });
  /** The first line of yours that has not been shown, from 1. */
  let next = 1;
  const stretches = hunks.map(({ oldStart, oldLines, lines }): Stretch => {
    // an empty range is said to start at the line before it
    const start = oldLines === 0 ? oldStart + 1 : oldStart;
    const skipped = start - next;
    next = start + oldLines;
    return { skipped, rows: rowsOf(lines) };
  });
  return [...stretches, { skipped: left.split("\n").length - next, rows: [] }];
}

/** A text as it may be printed. Spaces at the end of a line, and whether the last line ends, are no differences. */
function readable(text: string): string {
  return `${text.split(/\r?\n/).map(shown).join("\n").trimEnd()}\n`;
}

/** A line as it may be printed, with its indent. */
function shown(line: string): string {
  const text = line.trimStart();
  const indent = line.slice(0, line.length - text.length).replaceAll("\t", "  ");
  return (indent.replaceAll(/[^ ]/g, "") + harmless(text)).trimEnd();
}

/** A hunk's lines, each behind its mark, as rows: what was replaced is beside what replaces it. */
function rowsOf(lines: readonly string[]): Row[] {
  const rows: Row[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = (): void => {
    for (let i = 0; i < Math.max(removed.length, added.length); i++) rows.push({ yours: removed[i], ours: added[i] });
    [removed, added] = [[], []];
  };
  for (const line of lines) {
    const text = line.slice(1);
    if (line.startsWith("-")) removed.push(text);
    else if (line.startsWith("+")) added.push(text);
    else {
      flush();
      rows.push({ yours: text, ours: text });
    }
  }
  flush();
  return rows;
}
