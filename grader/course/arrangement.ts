import { tensor, type Shape, type Tensor } from "#tensor";
import type { Generator } from "../model/random.ts";

/**
 * What is sure of freely drawn numbers, whatever the seed: where the largest, above 1, and the smallest, below -1, stand,
 * or which sign one row and one column have throughout. What is left to chance is missing now and then, and a slip passes that it shows.
 */
export type Arrangement = { largest: "first" | "last" } | { sign: 1 | -1 };

/**
 * The same numbers in an order, or with signs, as arranged. Dimensions after the first count as columns.
 *
 * @param arrangement undefined leaves the numbers as they are
 */
export function arrange(numbers: Tensor, arrangement: Arrangement | undefined, generator: Generator): Tensor {
  if (!arrangement) return numbers;
  const values = numbers.toArray();
  if ("largest" in arrangement) placeExtremes(values, arrangement.largest);
  else setSigns(values, numbers.shape, arrangement.sign, generator);
  return tensor(values, numbers.shape);
}

/** The largest to one end, the smallest to the other; and above 1, and below -1. */
function placeExtremes(values: Float32Array | Int32Array, largest: "first" | "last"): void {
  const [high, low] = largest === "first" ? [0, values.length - 1] : [values.length - 1, 0];
  swap(values, high, values.indexOf(Math.max(...values)));
  swap(values, low, values.indexOf(Math.min(...values)));
  if (values[high]! <= 1) values[high] = 1 + Math.abs(values[high]!);
  if (values[low]! >= -1) values[low] = -1 - Math.abs(values[low]!);
}

function swap(values: Float32Array | Int32Array, i: number, j: number): void {
  [values[i], values[j]] = [values[j]!, values[i]!];
}

/** One sign for a row and a column of a matrix; a single row or column keeps its signs. */
function setSigns(values: Float32Array | Int32Array, shape: Shape, sign: 1 | -1, generator: Generator): void {
  const rows = shape[0]!;
  const columns = values.length / rows;
  if (rows === 1 || columns === 1) return;
  const [row, column] = [generator.randint(0, rows, 1).item(), generator.randint(0, columns, 1).item()];
  for (let i = 0; i < values.length; i++) {
    if (Math.floor(i / columns) === row || i % columns === column) values[i] = sign * Math.abs(values[i]!);
  }
}
