import { significant } from "../../grader/kit/number.ts";
import type { Matrix } from "../../grader/report/heatmap/matrix.ts";
import type { Axis } from "../../grader/network/words.ts";

/** A number with three significant digits and a real minus sign. */
export function numeral(x: number): string {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x < 0 ? "−∞" : "∞";
  return significant(x).replace("-", "−").replace("e−", "e−").replace("e-", "e−");
}

/** A place in a tensor as its position: 8 in [2, 5] is [1, 3]. */
export function positionOf(place: number, shape: readonly number[]): number[] {
  return shape.map((size, dim) => {
    const inner = shape.slice(dim + 1).reduce((product, extent) => product * extent, 1);
    return Math.floor(place / inner) % size;
  });
}

/** logits[3, 5]; a single number has no position. */
export function elementText(name: string, place: number, shape: readonly number[]): string {
  return shape.length === 0 ? name : `${name}[${positionOf(place, shape).join(", ")}]`;
}

/** What a place is called along both sides of its matrix: "row 3 (e), column 5 (k)". */
export function placeText({ rows, columns }: Matrix, place: number): string {
  const [row, column] = [Math.floor(place / columns.size), place % columns.size];
  return [alongText("row", rows, row), alongText("column", columns, column)].filter(Boolean).join(", ");
}

function alongText(word: string, { size, marks }: Axis, at: number): string {
  if (size === 1) return "";
  const mark = marks?.[at];
  return `${word} ${at}${mark === undefined ? "" : ` (${mark})`}`;
}

/** "1 element", "32 elements" */
export function countText(count: number, word = "element"): string {
  return `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
}
