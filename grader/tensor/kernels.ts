import { exp, log, pow, relu, sigmoid, softplus, tanh } from "./functions.ts";

/**
 * The plain kernels: loops over flat, row-major storage. They fix the arithmetic and its order, bit for bit; a faster
 * kernel is right when it gives the same bits.
 *
 * - + - * / and sqrt are rounded at each operation (storing into a Float32Array rounds).
 * - Sums that end at the last of several dimensions run in four lanes (element i in lane i mod 4), added as (0+1)+(2+3).
 *   All other sums run in order, and so does matmul over k. A sum over several dimensions takes neighboring ones as one;
 *   where others lie between them, it takes one sum after another, the last dimensions first.
 * - A product of batches of matrices is, matrix by matrix, the product of two.
 * - softmax over the last dimension rounds as max, sub, exp, sum and div do, one after the other.
 * - exp, log, tanh, sigmoid, softplus and pow compute in float64 and round once.
 *
 * Kernels without a rounding of their own work on float64 as well, for the reference gradients (autograd/).
 */

const round = Math.fround;

export type BinaryOperation = "add" | "sub" | "mul" | "div";
export type UnaryOperation = "neg" | "exp" | "log" | "tanh" | "sqrt";
/** Functions of each element that have no faster kernel. */
export type PlainOperation = "relu" | "sigmoid" | "softplus" | "sign";

/** Elements to compute with. What is stored is rounded to what the array holds. */
export type Floats = Float32Array | Float64Array;

/**
 * How a broadcast operation walks its operands a and b: for each start, `rows` runs of `columns` results. A step of 0
 * repeats an element.
 */
export interface BroadcastPlan {
  /** Where a and b begin. */
  starts: readonly (readonly [number, number])[];
  rows: number;
  columns: number;
  rowStepA: number;
  rowStepB: number;
  stepA: number;
  stepB: number;
}

/** A tensor seen as [outer, length, inner], to be reduced over `length`. */
export interface ReductionPlan {
  outer: number;
  length: number;
  inner: number;
  /** Whether the sum runs in four lanes: only where it ends at the last of several dimensions. */
  lanes: boolean;
}

/** Walks a broadcast: `run` is told where each run of `columns` results begins in a, in b and in the output. */
export function forEachRun(
  { starts, rows, columns, rowStepA, rowStepB }: BroadcastPlan,
  run: (i: number, j: number, o: number) => void,
): void {
  let o = 0;
  for (const [startA, startB] of starts) {
    for (let row = 0; row < rows; row++, o += columns) run(startA + row * rowStepA, startB + row * rowStepB, o);
  }
}

export function binary<F extends Floats>(operation: BinaryOperation, a: F, b: F, out: F, plan: BroadcastPlan): void {
  const { columns, stepA, stepB } = plan;
  forEachRun(plan, (i, j, o) => {
    const end = o + columns;
    // a loop for each operation: a choice inside would be made for every element
    switch (operation) {
      case "add":
        for (; o < end; o++, i += stepA, j += stepB) out[o] = a[i]! + b[j]!;
        break;
      case "sub":
        for (; o < end; o++, i += stepA, j += stepB) out[o] = a[i]! - b[j]!;
        break;
      case "mul":
        for (; o < end; o++, i += stepA, j += stepB) out[o] = a[i]! * b[j]!;
        break;
      case "div":
        for (; o < end; o++, i += stepA, j += stepB) out[o] = a[i]! / b[j]!;
        break;
    }
  });
}

/** a, or `value` where the mask is not 0. */
export function maskedFill<F extends Floats>(a: F, mask: Int32Array, value: number, out: F, plan: BroadcastPlan): void {
  const { columns, stepA, stepB } = plan;
  forEachRun(plan, (i, j, o) => {
    for (const end = o + columns; o < end; o++, i += stepA, j += stepB) out[o] = mask[j] === 0 ? a[i]! : value;
  });
}

const unaryFunctions: Record<UnaryOperation | PlainOperation, (x: number) => number> = {
  neg: (x) => -x,
  exp,
  log,
  tanh,
  sqrt: Math.sqrt,
  relu,
  sigmoid,
  softplus,
  sign: Math.sign,
};

export function unary(operation: UnaryOperation | PlainOperation, a: Float32Array, out: Float32Array): void {
  const f = unaryFunctions[operation];
  for (let i = 0, { length } = a; i < length; i++) out[i] = f(a[i]!);
}

/** Each number, or `min` where it is below that, or `max` where it is above that. NaN stays; a NaN bound makes all NaN. */
export function clamp(a: Float32Array, min: number, max: number, out: Float32Array): void {
  const [low, high] = [round(min), round(max)];
  if (low !== low || high !== high) {
    out.fill(NaN);
    return;
  }
  for (let i = 0, { length } = a; i < length; i++) {
    const x = a[i]! < low ? low : a[i]!;
    out[i] = x > high ? high : x;
  }
}

export function power(a: Float32Array, exponent: number, out: Float32Array): void {
  for (let i = 0, { length } = a; i < length; i++) out[i] = pow(a[i]!, exponent);
}

export function sum<F extends Floats>(a: F, out: F, { outer, length, inner, lanes }: ReductionPlan): void {
  out.fill(0);
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

function sumInLanes(a: Floats, start: number, length: number): number {
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
export function max<F extends Floats>(a: F, values: F, indices: Int32Array, plan: ReductionPlan): void {
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

/** The exponentials of each row of `length` elements, at least one, divided by their sum. */
export function softmax(a: Float32Array, out: Float32Array, length: number): void {
  for (let start = 0, size = a.length; start < size; start += length) {
    const end = start + length;
    let most = -Infinity;
    for (let i = start; i < end; i++) if (a[i]! > most || a[i] !== a[i]) most = a[i]!;
    for (let i = start; i < end; i++) out[i] = exp(round(a[i]! - most));
    const total = sumInLanes(out, start, length);
    for (let i = start; i < end; i++) out[i] = out[i]! / total;
  }
}

/** A matrix product out [n, m] = a [n, k] @ b [k, m]; a transposed a is stored as [k, n], a transposed b as [m, k]. */
export interface ProductPlan {
  n: number;
  k: number;
  m: number;
  turnedA: boolean;
  turnedB: boolean;
}

/** Products of many matrices: behind each start `count` of them, whose matrices are `stepA` and `stepB` elements apart. */
export interface Batch {
  /** Where a and b begin. */
  starts: readonly (readonly [number, number])[];
  count: number;
  stepA: number;
  stepB: number;
}

/** Each element sums its k products in order, four elements side by side. */
export function matmul(a: Float32Array, b: Float32Array, out: Float32Array, plan: ProductPlan): void {
  const { n, k, m, turnedA, turnedB } = plan;
  const [rowOfA, stepOfA] = turnedA ? [1, n] : [k, 1];
  const [rowOfB, stepOfB] = turnedB ? [1, k] : [m, 1];
  const whole = m - (m % 4);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < whole; j += 4) {
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      for (let l = 0, x = i * rowOfA, at = j * stepOfB; l < k; l++, x += stepOfA, at += rowOfB) {
        sum0 = round(sum0 + round(a[x]! * b[at]!));
        sum1 = round(sum1 + round(a[x]! * b[at + stepOfB]!));
        sum2 = round(sum2 + round(a[x]! * b[at + 2 * stepOfB]!));
        sum3 = round(sum3 + round(a[x]! * b[at + 3 * stepOfB]!));
      }
      const o = i * m + j;
      out[o] = sum0;
      out[o + 1] = sum1;
      out[o + 2] = sum2;
      out[o + 3] = sum3;
    }
    for (let j = whole; j < m; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) {
        sum = round(sum + round(a[i * rowOfA + l * stepOfA]! * b[l * rowOfB + j * stepOfB]!));
      }
      out[i * m + j] = sum;
    }
  }
}

/** out row i = a row index[i]; rows are `width` long. */
export function gatherRows<F extends Floats>(a: F, index: Int32Array, out: F, width: number): void {
  for (let i = 0, { length } = index; i < length; i++) {
    const start = index[i]! * width;
    for (let j = 0; j < width; j++) out[i * width + j] = a[start + j]!;
  }
}

/** out row index[i] += source row i, in order. */
export function addRows<F extends Floats>(out: F, index: Int32Array, source: F, width: number): void {
  for (let i = 0, { length } = index; i < length; i++) {
    const start = index[i]! * width;
    for (let j = 0; j < width; j++) out[start + j] = out[start + j]! + source[i * width + j]!;
  }
}

/** Elements picked along one dimension of a tensor seen as [outer, length, inner], by an index [outer, count, inner]. */
export interface PickPlan {
  outer: number;
  length: number;
  count: number;
  inner: number;
}

/** Calls `pick` for each index in order, with the place it points to and its own. */
function forEachPick(
  { outer, length, count, inner }: PickPlan,
  index: Int32Array,
  pick: (at: number, i: number) => void,
): void {
  let i = 0;
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < count; c++) {
      for (let j = 0; j < inner; j++, i++) pick((o * length + index[i]!) * inner + j, i);
    }
  }
}

/** out[o, c, j] = a[o, index[o, c, j], j]. */
export function gather<F extends Floats>(a: F, index: Int32Array, out: F, plan: PickPlan): void {
  forEachPick(plan, index, (at, i) => {
    out[i] = a[at]!;
  });
}

/** out[o, index[o, c, j], j] += source[o, c, j], in order. */
export function scatterAdd<F extends Floats>(out: F, index: Int32Array, source: F, plan: PickPlan): void {
  forEachPick(plan, index, (at, i) => {
    out[at] = out[at]! + source[i]!;
  });
}

/** out [columns, rows] = a [rows, columns] transposed, for any storage. */
export function transpose<S extends Floats | Int32Array>(a: S, out: S, rows: number, columns: number): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j]!;
}

/** Two dimensions that change places: a tensor seen as [outer, first, middle, second, inner]. */
export interface SwapPlan {
  outer: number;
  first: number;
  middle: number;
  second: number;
  inner: number;
}

/** out [outer, second, middle, first, inner] = a [outer, first, middle, second, inner], for any storage. */
export function swap<S extends Floats | Int32Array>(a: S, out: S, plan: SwapPlan): void {
  const { outer, first, middle, second, inner } = plan;
  let from = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < first; i++) {
      for (let m = 0; m < middle; m++) {
        for (let j = 0; j < second; j++, from += inner) {
          const to = (((o * second + j) * middle + m) * first + i) * inner;
          for (let k = 0; k < inner; k++) out[to + k] = a[from + k]!;
        }
      }
    }
  }
}
