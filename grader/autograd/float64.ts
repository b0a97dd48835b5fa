import { exp, log, tanh } from "../tensor/functions.ts";
import {
  transpose as plainTranspose,
  type BinaryOperation,
  type BroadcastPlan,
  type ReductionPlan,
} from "../tensor/kernels.ts";
import { allocate, kernelsFor, load, PAGE, SCRATCH, type Floats } from "./float64-memory.ts";

/**
 * Loops over float64 storage, for Measured: values and magnitudes alike. Where everything lies in the memory of the SIMD
 * kernels (simd/float64.ts), they do the work, with the same bits.
 */

/** Multiplications below which copying a product's operands takes as long as computing it. */
const WORTH_IT = 4096;

/** Absolute values. */
export function sizesOf(value: Floats): Floats {
  const sizes = allocate(value.length);
  const kernels = kernelsFor(value, sizes);
  if (kernels) kernels.abs64(value.byteOffset, sizes.byteOffset, value.length);
  else for (let i = 0; i < sizes.length; i++) sizes[i] = Math.abs(value[i]!);
  return sizes;
}

const functions = { exp, log, tanh };

/** A function of each element. */
export function map(name: "exp" | "log" | "tanh", a: Floats): Floats {
  const out = allocate(a.length);
  const kernels = kernelsFor(a, out);
  if (kernels && kernels[`${name}64`](a.byteOffset, out.byteOffset, a.length)) return out;
  const f = functions[name];
  for (let i = 0; i < a.length; i++) out[i] = f(a[i]!);
  return out;
}

/** a operation b, broadcast as planned. */
export function combine(operation: BinaryOperation, a: Floats, b: Floats, plan: BroadcastPlan): Floats {
  const { starts, rows, columns, rowStepA, rowStepB, stepA, stepB } = plan;
  const out = allocate(starts.length * rows * columns);
  const kernels = kernelsFor(a, b, out);
  if (kernels) {
    for (const [i, [startA, startB]] of starts.entries()) {
      kernels[`${operation}64`](
        a.byteOffset + 8 * startA,
        b.byteOffset + 8 * startB,
        out.byteOffset + 8 * i * rows * columns,
        rows,
        columns,
        rowStepA,
        rowStepB,
        stepA,
        stepB,
      );
    }
    return out;
  }
  let o = 0;
  for (let row = 0; row < starts.length * rows; row++) {
    const [startA, startB] = starts[Math.floor(row / rows)]!;
    let i = startA + (row % rows) * rowStepA;
    let j = startB + (row % rows) * rowStepB;
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
  return out;
}

/** Values, and the magnitude of each. */
interface Sized {
  value: Floats;
  magnitude: Floats;
}

/** The magnitudes of a product or a quotient; see Measured. */
export function combineSizes(operation: "mul" | "div", a: Sized, b: Sized, plan: BroadcastPlan): Floats {
  const { starts, rows, columns, rowStepA, rowStepB, stepA, stepB } = plan;
  const out = allocate(starts.length * rows * columns);
  const [sizesA, sizesB] = [a.magnitude, b.magnitude];
  const kernels = kernelsFor(a.value, b.value, sizesA, sizesB, out);
  if (kernels) {
    for (const [i, [startA, startB]] of starts.entries()) {
      kernels[operation === "mul" ? "productSizes" : "quotientSizes"](
        a.value.byteOffset + 8 * startA,
        sizesA.byteOffset + 8 * startA,
        b.value.byteOffset + 8 * startB,
        sizesB.byteOffset + 8 * startB,
        out.byteOffset + 8 * i * rows * columns,
        rows,
        columns,
        rowStepA,
        rowStepB,
        stepA,
        stepB,
      );
    }
    return out;
  }
  let o = 0;
  for (let row = 0; row < starts.length * rows; row++) {
    const [startA, startB] = starts[Math.floor(row / rows)]!;
    let i = startA + (row % rows) * rowStepA;
    let j = startB + (row % rows) * rowStepB;
    for (let column = 0; column < columns; column++, i += stepA, j += stepB) {
      const x = Math.abs(a.value[i]!);
      const y = Math.abs(b.value[j]!);
      const excess = sizesB[j]! - y;
      if (operation === "mul") out[o++] = sizesA[i]! * y + x * excess;
      else out[o++] = (sizesA[i]! + (x / y) * excess) / y;
    }
  }
  return out;
}

/** The sum over a dimension, in order. */
export function sum(a: Floats, { outer, length, inner }: ReductionPlan): Floats {
  const out = allocate(outer * inner);
  const kernels = kernelsFor(a, out);
  if (kernels) {
    kernels.sum64(a.byteOffset, out.byteOffset, outer, length, inner);
    return out;
  }
  out.fill(0);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < length; i++) {
      const start = (o * length + i) * inner;
      for (let j = 0; j < inner; j++) out[o * inner + j] = out[o * inner + j]! + a[start + j]!;
    }
  }
  return out;
}

/** [columns, rows] from [rows, columns]. */
export function transpose(a: Floats, rows: number, columns: number): Floats {
  const out = allocate(a.length);
  const kernels = kernelsFor(a, out);
  if (kernels) kernels.transpose64(a.byteOffset, out.byteOffset, rows, columns);
  else plainTranspose(a, out, rows, columns);
  return out;
}

/** a [n, k] @ b [k, m]. */
export function multiply(a: Floats, b: Floats, n: number, k: number, m: number): Floats {
  const out = allocate(n * m);
  const kernels = kernelsFor(a, b, out);
  if (kernels) kernels.matmul64(a.byteOffset, b.byteOffset, out.byteOffset, n, k, m);
  else if (n * k * m < WORTH_IT || !multiplyCopies(a, b, out, n, k, m)) multiplyPlainly(a, b, out, n, k, m);
  return out;
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

/** a's elements where the plan's first operand has them. */
export function repeat(a: Floats, { starts, rows, columns, rowStepA, stepA }: BroadcastPlan): Floats {
  const out = allocate(starts.length * rows * columns);
  let o = 0;
  for (const [start] of starts) {
    for (let row = 0; row < rows; row++) {
      let i = start + row * rowStepA;
      for (let column = 0; column < columns; column++, i += stepA) out[o++] = a[i]!;
    }
  }
  return out;
}

/** The elements at these positions. */
export function take(a: Floats, positions: Int32Array): Floats {
  const out = allocate(positions.length);
  for (let i = 0; i < out.length; i++) out[i] = a[positions[i]!]!;
  return out;
}

/** A copy of a with source's elements added at these positions, in order. */
export function addAt(a: Floats, positions: Int32Array, source: Floats): Floats {
  const out = allocate(a.length);
  out.set(a);
  for (let i = 0; i < positions.length; i++) out[positions[i]!] = out[positions[i]!]! + source[i]!;
  return out;
}
