import { matmul64 } from "../tensor/compute.ts";
import type { BinaryOperation, BroadcastPlan } from "../tensor/kernels.ts";

/** Loops over float64 storage, for Measured: values and magnitudes alike. */
export type Floats = Float64Array;

/** Memory that is used again and again while inScratch runs; see there. */
const scratch = { active: false, memory: new Float64Array(0), used: 0 };

/**
 * Runs a computation whose Measured values are needed no longer than the computation: they all lie in one piece of
 * memory that the next one uses again. (A training step makes about 150 arrays of 51 kB; collecting them took as long
 * as the arithmetic.) Only plain numbers and float32 tensors may leave.
 */
export function inScratch<R>(compute: () => R): R {
  scratch.active = true;
  scratch.used = 0;
  try {
    return compute();
  } finally {
    scratch.active = false;
  }
}

/** An array to be filled; its elements are arbitrary. */
export function allocate(length: number): Floats {
  if (!scratch.active) return new Float64Array(length);
  if (scratch.used + length > scratch.memory.length) {
    scratch.memory = new Float64Array(Math.max(1 << 20, length));
    scratch.used = 0;
  }
  scratch.used += length;
  return scratch.memory.subarray(scratch.used - length, scratch.used);
}

/** Absolute values. */
export function sizesOf(value: Floats): Floats {
  const sizes = allocate(value.length);
  for (let i = 0; i < sizes.length; i++) sizes[i] = Math.abs(value[i]!);
  return sizes;
}

/** a operation b, broadcast as planned. */
export function combine(operation: BinaryOperation, a: Floats, b: Floats, plan: BroadcastPlan): Floats {
  const { starts, rows, columns, rowStepA, rowStepB, stepA, stepB } = plan;
  const out = allocate(starts.length * rows * columns);
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

/** a [n, k] @ b [k, m]; two rows and four columns are computed side by side, because they share what they read. */
export function multiply(a: Floats, b: Floats, n: number, k: number, m: number): Floats {
  const out = allocate(n * m);
  if (matmul64(a, b, out, n, k, m)) return out;
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
  return out;
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
