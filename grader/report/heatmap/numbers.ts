import { significant } from "../../kit/number.ts";
import { padTo } from "../text.ts";
import type { Drawing, Panel } from "./drawing.ts";
import type { Matrix } from "./matrix.ts";

/** A difference that is smaller than this part of the largest reference is shown as rounding. */
const ROUNDING = 1e-5;
const NOTHING = "~0";
const DIGITS = 3;
const GAP = "  ";

/** Panels of small matrices as tables of numbers; differences of rounding alone are `~0`. */
export function numberPanels({ panels }: Drawing): string[][] {
  const reference = panels[1]?.matrix?.values ?? [];
  let largest = 0;
  for (let i = 0; i < reference.length; i++) largest = Math.max(largest, Math.abs(reference[i]!));
  return panels.map((panel, i) => tableOf(panel, i === panels.length - 1 ? ROUNDING * largest : 0));
}

/** @param least what is smaller, and not zero, is rounding */
function tableOf({ title, matrix, notes }: Panel, least: number): string[] {
  if (!matrix) return [title, ...notes.map((note) => `  ${note}`)];
  const texts = rowsOf(matrix).map((row) =>
    row.map((x) => (x !== 0 && Math.abs(x) < least ? NOTHING : significant(x, DIGITS))),
  );
  const width = Math.max(...texts.flat().map((text) => text.length));
  const lines = texts.map((row) => row.map((text) => text.padStart(width)).join(GAP));
  const isRounding = texts.flat().includes(NOTHING);
  return [title, ...lines.map((line) => padTo(line, title.length)), ...(isRounding ? [`${NOTHING} is rounding`] : [])];
}

function rowsOf({ rows, columns, values }: Matrix): number[][] {
  return Array.from({ length: rows.size }, (_, row) =>
    Array.from({ length: columns.size }, (_, column) => values[row * columns.size + column]!),
  );
}
