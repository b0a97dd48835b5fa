import type { Shape, Tensor } from "#tensor";
import { answerExtents, type FunctionStep } from "../../kit/step.ts";
import { factorsOf, sizeOf, type Extent, type Sizes } from "../../network/shape.ts";
import type { Axis, Labels, Words } from "../../network/words.ts";
import { sameShape } from "../../tensor/shape.ts";

/** A tensor as it is drawn: every element has a row and a column. */
export interface Matrix {
  rows: Axis;
  columns: Axis;
  /** Row by row. */
  values: ArrayLike<number>;
  /** How the tensor is laid out, if that needs saying. */
  notes: readonly string[];
}

/**
 * A step's answer as a matrix.
 *
 * @param step whose gradient it is
 * @param expected the shape that this gradient should have; another shape is labeled by what its sizes look like
 */
export function matrixOf(tensor: Tensor, step: FunctionStep, expected: Shape, labels: Labels): Matrix {
  const { words } = step.network;
  const extents = sameShape(tensor.shape, expected)
    ? answerExtents(step)
    : tensor.shape.map((size) => extentOfSize(size, words, labels.sizes));
  return laidOut(tensor.toArray(), tensor.shape, extents, words, labels);
}

/**
 * Numbers as a matrix. One dimension becomes a row, and so does a column [n, 1], drawn on its side; of three or more
 * dimensions, the first gives the rows. Row by row, the numbers keep their order.
 *
 * @param extents what each dimension counts, where that is known
 */
export function laidOut(
  values: ArrayLike<number>,
  shape: Shape,
  extents: readonly (Extent | undefined)[],
  words: Words,
  labels: Labels,
): Matrix {
  const axes = shape.map((size, d) => words.axisOf(extents[d], size, labels));
  const single: Axis = { name: "", size: 1, numbered: false };
  const [first, second] = axes;
  if (first === undefined) return { rows: single, columns: single, values, notes: [] };
  if (second === undefined) return { rows: single, columns: first, values, notes: [] };
  if (axes.length > 2) {
    const inner = shape.slice(1);
    const together = extents.slice(1).join("*");
    const columns = together in words.sizes ? together : undefined;
    const notes = [`the last ${axes.length - 1} dimensions, ${inner.join(" by ")}, are drawn in one row`];
    const size = inner.reduce((product, extent) => product * extent, 1);
    return { rows: first, columns: words.axisOf(columns, size, labels), values, notes };
  }
  if (second.size === 1 && first.size > 1) {
    return { rows: second, columns: first, values, notes: ["a column, drawn on its side"] };
  }
  return { rows: first, columns: second, values, notes: [] };
}

/** Which size, or product of sizes, a number is, where it is one; products come first, then sizes from the last. */
function extentOfSize(size: number, { sizes: all }: Words, sizes: Sizes): Extent | undefined {
  const known = Object.keys(all).filter((extent) => sizeOf(extent, sizes) === size);
  return known.find((extent) => factorsOf(extent).length > 1) ?? known[0];
}

/** A matrix in which each place shows a few rows and columns of another: the value that is largest in size. */
export interface Shrunk extends Matrix {
  /** How many rows and columns a place shows. */
  by: { rows: number; columns: number };
}

/**
 * Shrinks a matrix to at most so many rows and columns. Of the values in one place the one with the largest absolute value
 * is kept, so that nothing striking is lost; values that are not finite count as the largest.
 */
export function shrink(matrix: Matrix, most: { rows: number; columns: number }): Shrunk {
  const by = {
    rows: Math.max(1, Math.ceil(matrix.rows.size / most.rows)),
    columns: Math.max(1, Math.ceil(matrix.columns.size / most.columns)),
  };
  if (by.rows === 1 && by.columns === 1) return { ...matrix, by };
  const [rows, columns] = [shorten(matrix.rows, by.rows), shorten(matrix.columns, by.columns)];
  const values = new Float64Array(rows.size * columns.size);
  for (let i = 0; i < matrix.values.length; i++) {
    const row = Math.floor(Math.floor(i / matrix.columns.size) / by.rows);
    const column = Math.floor((i % matrix.columns.size) / by.columns);
    const at = row * columns.size + column;
    if (sizeOfValue(matrix.values[i]!) > sizeOfValue(values[at]!)) values[at] = matrix.values[i]!;
  }
  return { rows, columns, values, notes: matrix.notes, by };
}

/** Marks of single places have no meaning for several; numbers are those of the original places. */
function shorten(axis: Axis, by: number): Axis {
  if (by === 1) return axis;
  return { name: axis.name, size: Math.ceil(axis.size / by), numbered: true };
}

function sizeOfValue(x: number): number {
  return Number.isFinite(x) ? Math.abs(x) : Infinity;
}

/** How many values are NaN or infinite. */
export function countNotFinite(values: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) count += 1;
  return count;
}
