import { tensor, type Tensor } from "#tensor";
import type { Measured } from "../../autograd/measured.ts";
import type { MakemoreSizes } from "./lines.ts";
import type { Generator } from "../../network/random.ts";

/** What is decided about the logits of a batch with more examples than characters, before they are drawn. */
export interface Maxima {
  /** The column of each row's maximum: each column is that of at least one row, the first and the last of several. */
  columns: readonly number[];
  /** What each row's maximum, or its minimum, is shifted to; a row without a number is not shifted. */
  levels: readonly Level[];
  /** In some rows, a column before or after the maximum's whose number is close to it. */
  near: readonly (number | undefined)[];
}

type Level = { maximum: number } | { minimum: number } | undefined;

/** How close two logits of a row are if one of them is the maximum. */
const NEARLY = 5e-5;
/** How many rows are shifted to each kind of level. */
const ROWS_PER_LEVEL = 3;

/** A row's levels: all logits below -1, below 0, below 1, and all above 0. */
const levels: readonly ((random: number) => Level)[] = [
  (random) => ({ maximum: -1.2 - 3 * random }),
  (random) => ({ maximum: -0.1 - 0.7 * random }),
  (random) => ({ maximum: 0.1 + 0.7 * random }),
  (random) => ({ minimum: 0.1 + random }),
];

/** @param sizes n at least 8 more than vocab */
export function drawMaxima(generator: Generator, { n, vocab }: MakemoreSizes): Maxima {
  const every = Array.from({ length: vocab }, (_, column) => column);
  // the ends repeatedly: a loop that does not reset its index is right in a first row
  const again = [0, 0, vocab - 1, vocab - 1];
  const others = generator.randint(0, vocab, n - vocab - again.length).toArray();
  const all = [...every, ...again, ...others];
  const columns = generator.randperm(n).map((i) => all[i]!);
  // if no logit is above 0, a maximum search that starts at 0 stays at the first column; at another column that shows
  const rows = columns.flatMap((column, row) => (column === 0 ? [] : [row]));
  const chosen = generator.randperm(rows.length).map((i) => rows[i]!);
  const random = generator.rand(n).toArray();
  const found: Level[] = Array.from({ length: n });
  for (const [i, row] of chosen.slice(0, ROWS_PER_LEVEL * levels.length).entries()) {
    found[row] = levels[i % levels.length]!(random[row]!);
  }
  const near = columns.map((column, row) => {
    const [before, after] = [column, vocab - 1 - column];
    const other = generator.randint(0, vocab, 1).item();
    if (row % 6 === 0 && before > 0) return other % before;
    return row % 6 === 3 && after > 0 ? column + 1 + (other % after) : undefined;
  });
  return { columns, levels: found, near };
}

/**
 * W2 with the smallest change that gives the logits the wanted maxima: in each row the maximum is swapped with the number
 * at the wanted position, and the row is shifted as a whole.
 *
 * @param h [n, hidden], its rows independent of each other
 * @returns W2, shape [hidden, vocab], float32
 */
export function withMaxima({ columns, levels, near }: Maxima, h: Measured, W2: Measured, b2: Measured): Tensor {
  const logits = h.matmul(W2).add(b2);
  const [n, vocab] = logits.shape as [number, number];
  const change = new Float64Array(n * vocab);
  for (let i = 0; i < n; i++) {
    const before = logits.value.subarray(i * vocab, (i + 1) * vocab);
    const wanted = rowWith(before, columns[i]!, levels[i], near[i]);
    for (let j = 0; j < vocab; j++) change[i * vocab + j] = wanted[j]! - before[j]!;
  }
  // of all X with h X = change, the smallest is hᵀ (h hᵀ)⁻¹ change
  const changed = W2.value.slice();
  const solution = solve(h.matmul(h.T).value, change, n, vocab);
  const [hidden] = W2.shape as [number];
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < hidden; k++) {
      const factor = h.value[i * hidden + k]!;
      for (let j = 0; j < vocab; j++) changed[k * vocab + j]! += factor * solution[i * vocab + j]!;
    }
  }
  return tensor(changed, W2.shape);
}

/** A row of logits with its maximum in a column, another number near it, and at a level. */
function rowWith(before: Float64Array, column: number, level: Level, near: number | undefined): Float64Array {
  const row = before.slice();
  const largest = row.indexOf(Math.max(...row));
  [row[column], row[largest]] = [row[largest]!, row[column]!];
  if (near !== undefined) row[near] = row[column]! - NEARLY;
  if (!level) return row;
  const shift = "maximum" in level ? level.maximum - row[column]! : level.minimum - Math.min(...row);
  return row.map((x) => x + shift);
}

/** X of A X = B, for a symmetric positive definite A [n, n] and B [n, m], by Cholesky's A = L Lᵀ. */
function solve(A: Float64Array, B: Float64Array, n: number, m: number): Float64Array {
  const L = A.slice();
  const X = B.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = L[i * n + j]!;
      for (let k = 0; k < j; k++) rest -= L[i * n + k]! * L[j * n + k]!;
      L[i * n + j] = i === j ? Math.sqrt(rest) : rest / L[j * n + j]!;
    }
  }
  const eliminate = (i: number, k: number, factor: number): void => {
    for (let j = 0; j < m; j++) X[i * m + j]! -= factor * X[k * m + j]!;
  };
  const divide = (i: number): void => {
    for (let j = 0; j < m; j++) X[i * m + j]! /= L[i * n + i]!;
  };
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) eliminate(i, k, L[i * n + k]!);
    divide(i);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) eliminate(i, k, L[k * n + i]!);
    divide(i);
  }
  return X;
}
