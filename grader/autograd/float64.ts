import { exp, log, sigmoid, softplus, tanh } from "../tensor/functions.ts";
import * as plain from "../tensor/kernels.ts";
import type { BinaryOperation, BroadcastPlan, PickPlan, ReductionPlan, SwapPlan } from "../tensor/kernels.ts";
import type { BatchPlan } from "../tensor/plans.ts";
import { allocate, kernelsFor, load, PAGE, SCRATCH, single, type Floats, type Walk } from "./float64-memory.ts";

/**
 * Float64 arithmetic on flat arrays, for values and for what is known of their errors. The SIMD kernels (simd/float64.ts)
 * do the work where all arrays are in their memory, with the same bits as the plain kernels.
 */

/** Multiplications below which copying a product's operands takes as long as computing it. */
const WORTH_IT = 4096;

/** Absolute values. */
export function sizesOf(value: Floats): Floats {
  return map("abs", value);
}

const functions = { abs: Math.abs, exp, log, tanh, neg: (x: number): number => -x, sqrt: Math.sqrt };
/** Functions that have no kernel. */
const plainFunctions = { sigmoid, softplus, sign: Math.sign };

/** A function of each element. */
export function map(name: keyof typeof functions | keyof typeof plainFunctions, a: Floats): Floats {
  const out = allocate(a.length);
  if (name in plainFunctions) return mapPlainly(plainFunctions[name as keyof typeof plainFunctions], a, out);
  const fast = name as keyof typeof functions;
  const kernels = kernelsFor(a, out);
  if (kernels && kernels[`${fast}64`](a.byteOffset, out.byteOffset, a.length)) return out;
  return mapPlainly(functions[fast], a, out);
}

function mapPlainly(f: (x: number) => number, a: Floats, out: Floats): Floats {
  for (let i = 0; i < a.length; i++) out[i] = f(a[i]!);
  return out;
}

/** Values, and the magnitude of each. */
interface Sized {
  value: Floats;
  magnitude: Floats;
}

/** a operation b, broadcast as planned. */
export function combine(operation: BinaryOperation, a: Floats, b: Floats, plan: BroadcastPlan): Floats {
  const out = allocate(resultsOf(plan));
  const kernel = kernelsFor(a, b, out)?.[`${operation}64`];
  if (!kernel) plain.binary(operation, a, b, out, plan);
  else forEachStart(plan, out, (i, j, o, walk) => kernel(a.byteOffset + i, b.byteOffset + j, o, ...walk));
  return out;
}

/** The magnitudes of a product or a quotient; see Measured. */
export function combineSizes(operation: "mul" | "div", a: Sized, b: Sized, plan: BroadcastPlan): Floats {
  const out = allocate(resultsOf(plan));
  const [sizesA, sizesB] = [a.magnitude, b.magnitude];
  const kernels = kernelsFor(a.value, b.value, sizesA, sizesB, out);
  if (kernels) {
    const kernel = operation === "mul" ? kernels.productSizes : kernels.quotientSizes;
    const at = [a.value, sizesA, b.value, sizesB].map((array) => array.byteOffset) as [number, number, number, number];
    forEachStart(plan, out, (i, j, o, walk) => kernel(at[0] + i, at[1] + i, at[2] + j, at[3] + j, o, ...walk));
    return out;
  }
  const { columns, stepA, stepB } = plan;
  plain.forEachRun(plan, (i, j, o) => {
    for (const end = o + columns; o < end; o++, i += stepA, j += stepB) {
      const x = Math.abs(a.value[i]!);
      const y = Math.abs(b.value[j]!);
      const excess = sizesB[j]! - y;
      out[o] = operation === "mul" ? sizesA[i]! * y + x * excess : (sizesA[i]! + (x / y) * excess) / y;
    }
  });
  return out;
}

/** Variances with factor * value * value added, in new memory or in their own; without variances, that alone. */
export function withRoundings(
  variance: Floats | undefined,
  value: Floats,
  factor: number,
  out = allocate(value.length),
): Floats {
  const kernels = kernelsFor(variance ?? value, value, out);
  if (kernels) {
    kernels.roundings64(variance?.byteOffset ?? 0, value.byteOffset, out.byteOffset, value.length, factor);
  } else if (variance) {
    for (let i = 0; i < out.length; i++) out[i] = variance[i]! + factor * value[i]! * value[i]!;
  } else {
    for (let i = 0; i < out.length; i++) out[i] = factor * value[i]! * value[i]!;
  }
  return out;
}

/** Adds slope * slope * variance to `out`; a slope of 0 carries nothing, not even an infinite variance. */
export function addCarried(slope: Floats, variance: Floats, out: Floats): void {
  const kernels = kernelsFor(slope, variance, out);
  if (kernels) {
    kernels.carried64(slope.byteOffset, variance.byteOffset, out.byteOffset, out.length);
    return;
  }
  for (let i = 0; i < out.length; i++) out[i]! += slope[i] === 0 ? 0 : slope[i]! * slope[i]! * variance[i]!;
}

/** The slopes of y = x ** exponent: exponent * y / x, or 0 where x is 0. */
export function powerSlopes(x: Floats, y: Floats, exponent: number): Floats {
  const out = allocate(x.length);
  const kernels = kernelsFor(x, y, out);
  if (kernels) kernels.powerSlopes64(x.byteOffset, y.byteOffset, out.byteOffset, x.length, exponent);
  else for (let i = 0; i < out.length; i++) out[i] = x[i] === 0 ? 0 : (exponent * y[i]!) / x[i]!;
  return out;
}

function resultsOf({ starts, rows, columns }: BroadcastPlan): number {
  return starts.length * rows * columns;
}

/** Hands the kernels each start of a broadcast: the distances in bytes from where a and b begin, and the place for out. */
function forEachStart(
  { starts, rows, columns, rowStepA, rowStepB, stepA, stepB }: BroadcastPlan,
  out: Floats,
  call: (i: number, j: number, o: number, walk: Walk) => void,
): void {
  const walk: Walk = [rows, columns, rowStepA, rowStepB, stepA, stepB];
  for (const [at, [i, j]] of starts.entries()) call(8 * i, 8 * j, out.byteOffset + 8 * at * rows * columns, walk);
}

/** a, or `value` where the mask is not 0. */
export function maskedFill(a: Floats, mask: Int32Array, value: number, plan: BroadcastPlan): Floats {
  const out = allocate(resultsOf(plan));
  plain.maskedFill(a, mask, value, out, plan);
  return out;
}

/** The sum over a dimension, in order. */
export function sum(a: Floats, plan: ReductionPlan): Floats {
  const { outer, length, inner } = plan;
  const out = allocate(outer * inner);
  const kernels = kernelsFor(a, out);
  if (kernels) kernels.sum64(a.byteOffset, out.byteOffset, outer, length, inner);
  else plain.sum(a, out, { ...plan, lanes: false });
  return out;
}

/** Where the largest elements along a dimension are. */
export function largest(a: Floats, plan: ReductionPlan): Int32Array {
  const indices = new Int32Array(plan.outer * plan.inner);
  plain.max(a, new Float64Array(indices.length), indices, plan);
  return indices;
}

/** Two dimensions swapped. */
export function swap(a: Floats, plan: SwapPlan): Floats {
  const { outer, first, middle, second, inner } = plan;
  const out = allocate(a.length);
  const kernels = middle * inner === 1 ? kernelsFor(a, out) : undefined;
  if (kernels) {
    for (let i = 0; i < outer; i++) {
      const start = 8 * i * first * second;
      kernels.transpose64(a.byteOffset + start, out.byteOffset + start, first, second);
    }
  } else {
    plain.swap(a, out, plan);
  }
  return out;
}

/** Matrix products a [n, k] @ b [k, m], each of two matrices where the plan says they begin. */
export function multiply(a: Floats, b: Floats, { n, k, m, starts, count, stepA, stepB }: BatchPlan): Floats {
  const out = allocate(starts.length * count * n * m);
  let end = 0;
  for (const [startA, startB] of starts) {
    for (let i = 0; i < count; i++) {
      const [fromA, fromB] = [startA + i * stepA, startB + i * stepB];
      const [x, y] = [a.subarray(fromA, fromA + n * k), b.subarray(fromB, fromB + k * m)];
      multiplyInto(out.subarray(end, (end += n * m)), x, y, n, k, m);
    }
  }
  return out;
}

function multiplyInto(out: Floats, a: Floats, b: Floats, n: number, k: number, m: number): void {
  const kernels = kernelsFor(a, b, out);
  if (kernels) kernels.matmul64(a.byteOffset, b.byteOffset, out.byteOffset, n, k, m);
  else if (n * k * m < WORTH_IT || !multiplyCopies(a, b, out, n, k, m)) multiplyPlainly(a, b, out, n, k, m);
}

/** Copies the operands to the kernels' memory and the product out of it. False where that cannot be done. */
function multiplyCopies(a: Floats, b: Floats, out: Floats, n: number, k: number, m: number): boolean {
  const end = a.length + b.length;
  const loaded = load();
  if (!loaded || PAGE + 8 * (end + out.length) > SCRATCH) return false;
  const memory = new Float64Array(loaded.buffer, PAGE, end + out.length);
  memory.set(a, 0);
  memory.set(b, a.length);
  loaded.kernels.matmul64(PAGE, PAGE + 8 * a.length, PAGE + 8 * end, n, k, m);
  out.set(memory.subarray(end));
  return true;
}

/** Two rows and four columns are computed side by side, because they share what they read. */
function multiplyPlainly(a: Floats, b: Floats, out: Floats, n: number, k: number, m: number): void {
  const rows = n - (n % 2);
  const columns = m - (m % 4);
  for (let i = 0; i < rows; i += 2) {
    const rowA = i * k;
    const rowB = rowA + k;
    for (let j = 0; j < columns; j += 4) {
      let a0 = 0;
      let a1 = 0;
      let a2 = 0;
      let a3 = 0;
      let b0 = 0;
      let b1 = 0;
      let b2 = 0;
      let b3 = 0;
      for (let l = 0, at = j; l < k; l++, at += m) {
        const x = a[rowA + l]!;
        const y = a[rowB + l]!;
        const c0 = b[at]!;
        const c1 = b[at + 1]!;
        const c2 = b[at + 2]!;
        const c3 = b[at + 3]!;
        a0 += x * c0;
        a1 += x * c1;
        a2 += x * c2;
        a3 += x * c3;
        b0 += y * c0;
        b1 += y * c1;
        b2 += y * c2;
        b3 += y * c3;
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
      for (let l = 0; l < k; l++) sum += a[i * k + l]! * b[l * m + j]!;
      out[i * m + j] = sum;
    }
  }
}

/** a's elements where the plan's first operand has them. The second one is a number: 1 leaves every element as it is. */
export function repeat(a: Floats, plan: BroadcastPlan): Floats {
  return combine("mul", a, single(1), plan);
}

/** The rows that an index names. */
export function gatherRows(a: Floats, index: Int32Array, width: number): Floats {
  const out = allocate(index.length * width);
  plain.gatherRows(a, index, out, width);
  return out;
}

/** A copy of a with source's rows added to the rows that an index names, in order. */
export function addRows(a: Floats, index: Int32Array, source: Floats, width: number): Floats {
  const out = copyOf(a);
  plain.addRows(out, index, source, width);
  return out;
}

/** The elements that an index picks along a dimension. */
export function gather(a: Floats, index: Int32Array, plan: PickPlan): Floats {
  const out = allocate(index.length);
  plain.gather(a, index, out, plan);
  return out;
}

/** A copy of a with source's elements added where an index picks along a dimension, in order. */
export function scatterAdd(a: Floats, index: Int32Array, source: Floats, plan: PickPlan): Floats {
  const out = copyOf(a);
  plain.scatterAdd(out, index, source, plan);
  return out;
}

function copyOf(a: Floats): Floats {
  const copy = allocate(a.length);
  copy.set(a);
  return copy;
}
