import { tensor, type Shape, type Tensor } from "#tensor";
import type { Generator } from "./random.ts";

/**
 * What is guaranteed about freely drawn numbers, whatever the seed: at which end the largest (above 1) and the smallest
 * (below -1) are, or which sign one row and one column have throughout. If this were left to chance, it would be missing
 * now and then, and a mistake that only this reveals would pass.
 */
export type Arrangement = { largest: "first" | "last" } | { sign: 1 | -1 };

/**
 * The same numbers, ordered or with signs as arranged. Dimensions after the first count as columns.
 *
 * @param arrangement undefined leaves the numbers as they are, and so does a single number
 */
export function arrange(numbers: Tensor, arrangement: Arrangement | undefined, generator: Generator): Tensor {
  if (!arrangement || numbers.numel() < 2) return numbers;
  const values = numbers.toArray();
  if ("largest" in arrangement) placeExtremes(values, arrangement.largest);
  else setSigns(values, numbers.shape, arrangement.sign, generator);
  return tensor(values, numbers.shape);
}

type Values = ReturnType<Tensor["toArray"]>;

/** Moves the largest to one end and the smallest to the other, and makes them exceed 1 and -1. */
function placeExtremes(values: Values, largest: "first" | "last"): void {
  const [high, low] = largest === "first" ? [0, values.length - 1] : [values.length - 1, 0];
  swap(values, high, placeOf(values, 1));
  swap(values, low, placeOf(values, -1));
  if (values[high]! <= 1) values[high] = 1 + Math.abs(values[high]!);
  if (values[low]! >= -1) values[low] = -1 - Math.abs(values[low]!);
}

/** The index of the largest number, or with sign -1 of the smallest. */
function placeOf(values: Values, sign: 1 | -1): number {
  let found = 0;
  for (let i = 1; i < values.length; i++) if (sign * values[i]! > sign * values[found]!) found = i;
  return found;
}

function swap(values: Values, i: number, j: number): void {
  const value = values[i]!;
  values[i] = values[j]!;
  values[j] = value;
}

/** One sign for a row and a column of a matrix; a single row or column keeps its signs. */
function setSigns(values: Values, shape: Shape, sign: 1 | -1, generator: Generator): void {
  const rows = shape[0]!;
  const columns = values.length / rows;
  if (rows === 1 || columns === 1) return;
  const [row, column] = generator.randint(0, rows * columns, 2).toArray();
  const set = (i: number): void => {
    values[i] = sign * Math.abs(values[i]!);
  };
  for (let j = 0; j < columns; j++) set((row! % rows) * columns + j);
  for (let i = 0; i < rows; i++) set(i * columns + (column! % columns));
}
