import type { Shape, Tensor } from "#tensor";
import { lectureCharacters } from "../../course/makemore/dataset.ts";
import { symbolicShape, type Extent, type Graded, type Sizes } from "../../course/makemore/lines.ts";
import { sameShape } from "../../tensor/shape.ts";
import type { LectureGradient } from "../../verdict/result.ts";

/** What runs along one side of a drawing. */
export interface Axis {
  /** In words: "examples". Empty where there is nothing to say. */
  name: string;
  size: number;
  /** A character for each place, where places have one: '.', a to z, an example's label. */
  marks?: readonly string[];
  /** Whether a place is named by its number, besides its mark or for want of one. */
  numbered: boolean;
  /** Stretches of equal length that have names of their own. */
  groups?: { length: number; names: readonly string[] };
}

/** A tensor as it is drawn: every number has a row and a column. */
export interface Matrix {
  rows: Axis;
  columns: Axis;
  /** Row by row. */
  values: ArrayLike<number>;
  /** What is to be known of how the tensor is laid out. */
  notes: readonly string[];
}

/** What the labels along the axes come from. */
export type Labels = Pick<LectureGradient, "sizes" | "batch">;

/**
 * A tensor as a matrix. One dimension is a row, and so is a column [n, 1], laid on its side; of three or more, the
 * first gives the rows.
 *
 * @param name the tensor whose gradient it is
 * @param expected the shape that this gradient should have; another is labelled by what its extents look like
 */
export function matrixOf(tensor: Tensor, name: Graded, expected: Shape, labels: Labels): Matrix {
  const { shape } = tensor;
  const extents = sameShape(shape, expected)
    ? symbolicShape(name)
    : shape.map((size) => extentOfSize(size, labels.sizes));
  const axes = shape.map((size, d) => axisOf(extents[d], size, labels));
  const values = tensor.toArray();
  const single: Axis = { name: "", size: 1, numbered: false };
  const [first, second] = axes;
  if (first === undefined) return { rows: single, columns: single, values, notes: [] };
  if (second === undefined) return { rows: single, columns: first, values, notes: [] };
  if (axes.length > 2) {
    const inner = shape.slice(1);
    const columns = extents[1] === "block" && extents[2] === "embd" && axes.length === 3 ? "block*embd" : undefined;
    const notes = [`the last ${axes.length - 1} dimensions, ${inner.join(" by ")}, lie in one row`];
    const size = inner.reduce((product, extent) => product * extent, 1);
    return { rows: first, columns: axisOf(columns, size, labels), values, notes };
  }
  if (second.size === 1 && first.size > 1) {
    return { rows: second, columns: first, values, notes: ["a column, drawn lying on its side"] };
  }
  return { rows: first, columns: second, values, notes: [] };
}

/** Which size a number is, where it is one. */
function extentOfSize(size: number, { block, embd, ...others }: Sizes): Extent | undefined {
  if (size === block * embd) return "block*embd";
  const all: Omit<Sizes, "block"> & { block: number } = { ...others, embd, block };
  return (Object.keys(all) as (keyof Sizes)[]).find((name) => all[name] === size);
}

function axisOf(extent: Extent | undefined, size: number, { sizes, batch }: Labels): Axis {
  switch (extent) {
    case "n": {
      const marks = [...batch.Yb.toArray()].map((label) => lectureCharacters[label] ?? "?");
      return { name: "examples, with the character that comes next", size, numbered: true, marks };
    }
    case "vocab":
      if (size !== lectureCharacters.length) break;
      return { name: "characters", size, numbered: false, marks: lectureCharacters };
    case "block*embd": {
      const names = Array.from({ length: sizes.block }, (_, i) => `char ${i + 1}`);
      const name = `${sizes.embd} numbers for each of ${sizes.block} characters of context`;
      return { name, size, numbered: true, groups: { length: sizes.embd, names } };
    }
    case "hidden":
      return { name: "neurons", size, numbered: true };
    case "embd":
      return { name: "numbers of an embedded character", size, numbered: true };
  }
  return { name: "", size, numbered: size > 1 };
}

/** A matrix where each place stands for a few rows and columns of another: for that of their values that is largest. */
export interface Shrunk extends Matrix {
  /** How many rows and columns a place stands for. */
  by: { rows: number; columns: number };
}

/**
 * Shrinks a matrix to at most so many rows and columns. Of the values that fall on one place the largest in size is
 * kept, so that nothing that stands out is lost; what is not finite counts as the largest.
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

/** Marks of single places mean nothing where places are put together; numbers are those of the places before. */
function shorten(axis: Axis, by: number): Axis {
  if (by === 1) return axis;
  return { name: axis.name, size: Math.ceil(axis.size / by), numbered: true };
}

function sizeOfValue(x: number): number {
  return Number.isFinite(x) ? Math.abs(x) : Infinity;
}

/** The largest size among the values that are finite; 0 where there are none. */
export function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i]!)) most = Math.max(most, Math.abs(values[i]!));
  }
  return most;
}

/** How many values are NaN or infinite. */
export function countNotFinite(values: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) count += 1;
  return count;
}
