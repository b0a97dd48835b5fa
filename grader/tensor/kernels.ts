import { exp, log, pow, tanh } from "./functions.ts";

/**
 * The plain float32 kernels: loops over flat, row-major storage. They fix the arithmetic and its order, bit for bit;
 * a faster kernel is right when it gives the same bits.
 *
 * - + - * / and sqrt are rounded at each operation (storing into a Float32Array rounds).
 * - Sums over the last of several dimensions run in four lanes (element i in lane i mod 4), added as (0+1)+(2+3); sums
 *   over any other dimension, and matmul over k, run in order.
 * - exp, log, tanh and pow compute in float64 and round once.
 */

const round = Math.fround;

export type BinaryOperation = "add" | "sub" | "mul" | "div";
export type UnaryOperation = "neg" | "exp" | "log" | "tanh" | "sqrt";

/** Where the operands of a broadcast operation lie: `rows` runs of `columns` results; a step of 0 repeats an element. */
export interface BroadcastPlan {
  rows: number;
  columns: number;
  /** Where each row begins in a and in b. */
  startsA: Int32Array;
  startsB: Int32Array;
  stepA: number;
  stepB: number;
}

/** A tensor seen as [outer, length, inner], to be reduced over `length`. */
export interface ReductionPlan {
  outer: number;
  length: number;
  inner: number;
  /** Whether the sum runs in four lanes: only over the last of several dimensions. */
  lanes: boolean;
}

export function binary(
  operation: BinaryOperation,
  a: Float32Array,
  b: Float32Array,
  out: Float32Array,
  plan: BroadcastPlan,
): void {
  const { rows, columns, startsA, startsB, stepA, stepB } = plan;
  let o = 0;
  for (let row = 0; row < rows; row++) {
    let i = startsA[row]!;
    let j = startsB[row]!;
    for (let column = 0; column < columns; column++, i += stepA, j += stepB) {
      const x = a[i]!;
      const y = b[j]!;
      switch (operation) {
        case "add":
          out[o++] = x + y;
          break;
        case "sub":
          out[o++] = x - y;
          break;
        case "mul":
          out[o++] = x * y;
          break;
        case "div":
          out[o++] = x / y;
          break;
      }
    }
  }
}

const unaryFunctions: Record<UnaryOperation, (x: number) => number> = {
  neg: (x) => -x,
  exp,
  log,
  tanh,
  sqrt: Math.sqrt,
};

export function unary(operation: UnaryOperation, a: Float32Array, out: Float32Array): void {
  const f = unaryFunctions[operation];
  for (let i = 0; i < a.length; i++) out[i] = f(a[i]!);
}

export function power(a: Float32Array, exponent: number, out: Float32Array): void {
  for (let i = 0; i < a.length; i++) out[i] = pow(a[i]!, exponent);
}

export function sum(a: Float32Array, out: Float32Array, { outer, length, inner, lanes }: ReductionPlan): void {
  for (let o = 0; o < outer; o++) {
    if (lanes) {
      out[o] = sumInLanes(a, o * length, length);
      continue;
    }
    for (let i = 0; i < length; i++) {
      const start = (o * length + i) * inner;
      for (let j = 0; j < inner; j++) out[o * inner + j] = out[o * inner + j]! + a[start + j]!;
    }
  }
}

function sumInLanes(a: Float32Array, start: number, length: number): number {
  let lane0 = 0;
  let lane1 = 0;
  let lane2 = 0;
  let lane3 = 0;
  const end = start + length;
  for (let i = start; i < end; i += 4) {
    lane0 = round(lane0 + a[i]!);
    if (i + 1 < end) lane1 = round(lane1 + a[i + 1]!);
    if (i + 2 < end) lane2 = round(lane2 + a[i + 2]!);
    if (i + 3 < end) lane3 = round(lane3 + a[i + 3]!);
  }
  return round(round(lane0 + lane1) + round(lane2 + lane3));
}

/** The first maximum wins; the first NaN wins over everything, as in PyTorch. */
export function max(a: Float32Array, values: Float32Array, indices: Int32Array, plan: ReductionPlan): void {
  const { outer, length, inner } = plan;
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      let best = 0;
      let value = a[o * length * inner + j]!;
      for (let i = 1; i < length; i++) {
        const x = a[(o * length + i) * inner + j]!;
        if (x > value || (x !== x && value === value)) {
          best = i;
          value = x;
        }
      }
      values[o * inner + j] = value;
      indices[o * inner + j] = best;
    }
  }
}

/**
 * out [n, m] = a [n, k] @ b [k, m]: each element sums its k products in order. Two rows and four columns are computed
 * side by side, because they share what they read; what is left over at the edges goes one by one.
 */
export function matmul(a: Float32Array, b: Float32Array, out: Float32Array, n: number, k: number, m: number): void {
  const rows = n - (n % 2);
  const columns = m - (m % 4);
  for (let i = 0; i < rows; i += 2) {
    const rowA = i * k;
    const rowB = rowA + k;
    for (let j = 0; j < columns; j += 4) {
      let a0 = 0, a1 = 0, a2 = 0, a3 = 0; // prettier-ignore
      let b0 = 0, b1 = 0, b2 = 0, b3 = 0; // prettier-ignore
      for (let l = 0, at = j; l < k; l++, at += m) {
        const x = a[rowA + l]!;
        const y = a[rowB + l]!;
        const c0 = b[at]!;
        const c1 = b[at + 1]!;
        const c2 = b[at + 2]!;
        const c3 = b[at + 3]!;
        a0 = round(a0 + round(x * c0));
        a1 = round(a1 + round(x * c1));
        a2 = round(a2 + round(x * c2));
        a3 = round(a3 + round(x * c3));
        b0 = round(b0 + round(y * c0));
        b1 = round(b1 + round(y * c1));
        b2 = round(b2 + round(y * c2));
        b3 = round(b3 + round(y * c3));
      }
      const o = i * m + j;
      out[o] = a0;
      out[o + 1] = a1;
      out[o + 2] = a2;
      out[o + 3] = a3;
      out[o + m] = b0;
      out[o + m + 1] = b1;
      out[o + m + 2] = b2;
      out[o + m + 3] = b3;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = i < rows ? columns : 0; j < m; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum = round(sum + round(a[i * k + l]! * b[l * m + j]!));
      out[i * m + j] = sum;
    }
  }
}

/** out row i = a row index[i]; rows are `width` long. */
export function gatherRows(a: Float32Array, index: Int32Array, out: Float32Array, width: number): void {
  for (let i = 0; i < index.length; i++) {
    const start = index[i]! * width;
    for (let j = 0; j < width; j++) out[i * width + j] = a[start + j]!;
  }
}

/** out row index[i] += source row i, in order. */
export function addRows(out: Float32Array, index: Int32Array, source: Float32Array, width: number): void {
  for (let i = 0; i < index.length; i++) {
    const start = index[i]! * width;
    for (let j = 0; j < width; j++) out[start + j] = out[start + j]! + source[i * width + j]!;
  }
}

/** out [columns, rows] = a [rows, columns] transposed, for any storage. */
export function transpose<S extends Float32Array | Float64Array | Int32Array>(
  a: S,
  out: S,
  rows: number,
  columns: number,
): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j]!;
}
