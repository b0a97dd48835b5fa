import { Tensor, tensor, type Shape } from "#tensor";
import { exp, log, pow, tanh } from "../tensor/functions.ts";
import { transpose, type BinaryOperation, type BroadcastPlan } from "../tensor/kernels.ts";
import { broadcastShapes, planBroadcast, planReduction, reducedShape, resolveDim, sizeOf } from "../tensor/shape.ts";
import type { Arithmetic } from "./operations.ts";

type Floats = Float64Array;

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
function allocate(length: number): Floats {
  if (!scratch.active) return new Float64Array(length);
  if (scratch.used + length > scratch.memory.length) {
    scratch.memory = new Float64Array(Math.max(1 << 20, length));
    scratch.used = 0;
  }
  scratch.used += length;
  return scratch.memory.subarray(scratch.used - length, scratch.used);
}

/**
 * A float64 tensor that knows, beside each value, the magnitude of what was added up to get it. The value is the truth;
 * an answer computed in float32 may differ from it by a small multiple of float32's epsilon times the magnitude.
 *
 * Where nothing cancels, the magnitude is the value's own size. A subtraction adds magnitudes, so it keeps the size of
 * what cancelled. Through a function the part that exceeds the value is scaled by the derivative (first order):
 * a b has |a| M(b) + M(a) |b| - |a| |b|, and e^a has e^a (1 + M(a)), because an error in a is a relative error of e^a.
 */
export class Measured implements Arithmetic<Measured> {
  readonly shape: Shape;
  readonly value: Floats;
  #magnitude: Floats | (() => Floats);

  /** Takes the arrays over. Without a magnitude the values count as given: their own size. A function runs when asked. */
  constructor(shape: Shape, value: Floats, magnitude: Floats | (() => Floats) = () => sizesOf(value)) {
    this.shape = shape;
    this.value = value;
    this.#magnitude = magnitude;
  }

  static from(values: Tensor): Measured {
    const value = allocate(values.numel());
    value.set(values.toArray());
    return new Measured(values.shape, value);
  }

  /** Computed when it is first asked for: forward values are mostly used as given. */
  get magnitude(): Floats {
    if (typeof this.#magnitude === "function") this.#magnitude = this.#magnitude();
    return this.#magnitude;
  }

  /** Each value rounded once to float32. */
  toTensor(): Tensor {
    return tensor(this.value, this.shape);
  }

  /** The same values, counted as given: each one's magnitude is its own size. */
  given(): Measured {
    return new Measured(this.shape, this.value);
  }

  /** These values with their own magnitudes replaced by those of `computed`, the same quantity before rounding. */
  measuredAs(computed: Measured): Measured {
    return new Measured(this.shape, this.value, () => computed.magnitude);
  }

  add(other: Measured | number): Measured {
    return this.#binary("add", other);
  }

  sub(other: Measured | number): Measured {
    return this.#binary("sub", other);
  }

  mul(other: Measured | number): Measured {
    return this.#binary("mul", other);
  }

  div(other: Measured | number): Measured {
    return this.#binary("div", other);
  }

  #binary(operation: BinaryOperation, other: Measured | number): Measured {
    const b = typeof other === "number" ? new Measured([], Float64Array.of(other)) : other;
    const shape = broadcastShapes(operation, this.shape, b.shape);
    const plan = planBroadcast(this.shape, b.shape, shape);
    return new Measured(shape, combine(operation, this.value, b.value, plan), () =>
      combineMagnitudes(operation, this, b, plan),
    );
  }

  /** f elementwise; `size` gives the magnitude from x, its magnitude and f(x). */
  #map(f: (x: number) => number, size: (x: number, sizeX: number, y: number) => number): Measured {
    const value = allocate(this.value.length);
    for (let i = 0; i < value.length; i++) value[i] = f(this.value[i]!);
    return new Measured(this.shape, value, () => {
      const sizes = allocate(value.length);
      const sizesX = this.magnitude;
      for (let i = 0; i < sizes.length; i++) sizes[i] = size(this.value[i]!, sizesX[i]!, value[i]!);
      return sizes;
    });
  }

  neg(): Measured {
    const value = allocate(this.value.length);
    for (let i = 0; i < value.length; i++) value[i] = -this.value[i]!;
    return new Measured(this.shape, value, () => this.magnitude);
  }

  pow(p: number): Measured {
    if (p === 1) return this;
    if (p === 2) return this.mul(this);
    return this.#map(
      (x) => pow(x, p),
      (x, sizeX, y) => {
        const excess = sizeX - Math.abs(x);
        return excess === 0 ? Math.abs(y) : Math.abs(y) + Math.abs(p * pow(x, p - 1)) * excess;
      },
    );
  }

  exp(): Measured {
    return this.#map(exp, (_, sizeX, y) => y * (1 + sizeX));
  }

  log(): Measured {
    return this.#map(log, (x, sizeX, y) => Math.abs(y) + sizeX / Math.abs(x));
  }

  tanh(): Measured {
    return this.#map(tanh, (_, sizeX, y) => Math.abs(y) + (1 - y * y) * sizeX);
  }

  sum(dim?: number, keepdim = false): Measured {
    const shape = dim === undefined ? [1, this.value.length] : this.shape;
    const over = dim === undefined ? 1 : resolveDim("sum", shape, dim);
    const { outer, length, inner } = planReduction(shape, over);
    const outShape = dim === undefined ? [] : reducedShape(shape, over, keepdim);
    return this.#both(outShape, (a) => {
      const out = allocate(outer * inner).fill(0);
      for (let o = 0; o < outer; o++) {
        for (let i = 0; i < length; i++) {
          const start = (o * length + i) * inner;
          for (let j = 0; j < inner; j++) out[o * inner + j] = out[o * inner + j]! + a[start + j]!;
        }
      }
      return out;
    });
  }

  mean(): Measured {
    return this.sum().div(this.value.length);
  }

  max(dim: number, keepdim = false): { values: Measured; indices: Tensor } {
    const over = resolveDim("max", this.shape, dim);
    if (this.shape.length !== 2 || over !== 1) throw new Error("Measured takes maxima along the rows of a matrix only");
    const [rows, columns] = this.shape as [number, number];
    const indices = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      for (let column = 1; column < columns; column++) {
        if (this.value[row * columns + column]! > this.value[row * columns + indices[row]!]!) indices[row] = column;
      }
    }
    const index = tensor(indices, [rows, 1], "int32");
    const values = this.gather(1, index);
    const shape = reducedShape(this.shape, over, keepdim);
    return { values: values.view(...shape), indices: index.view(...shape) };
  }

  /** The magnitude is the product of the magnitudes: exact to first order where one factor is given, else above it. */
  matmul(other: Measured): Measured {
    const [n, k] = this.shape as [number, number];
    const m = other.shape[1]!;
    if (k !== other.shape[0]) throw new Error(`matmul of [${this.shape}] and [${other.shape}]`);
    return new Measured([n, m], multiply(this.value, other.value, n, k, m), () =>
      multiply(this.magnitude, other.magnitude, n, k, m),
    );
  }

  get T(): Measured {
    const [rows, columns] = this.shape as [number, number];
    return this.#both([columns, rows], (a) => {
      const out = allocate(a.length);
      transpose(a, out, rows, columns);
      return out;
    });
  }

  view(...shape: number[]): Measured {
    const known = -sizeOf(shape);
    const actual = shape.map((extent) => (extent === -1 ? this.value.length / known : extent));
    return this.#both(actual, (a) => a);
  }

  expand(...shape: number[]): Measured {
    const plan = planBroadcast(this.shape, [], shape);
    return this.#both(shape, (a) => repeat(a, plan));
  }

  newZeros(shape: Shape): Measured {
    return new Measured(shape, allocate(sizeOf(shape)).fill(0));
  }

  gatherRows(index: Tensor): Measured {
    const positions = rowPositions(index, sizeOf(this.shape.slice(1)));
    return this.#both([...index.shape, ...this.shape.slice(1)], (a) => take(a, positions));
  }

  indexAdd(_dim: number, index: Tensor, source: Measured): Measured {
    return this.#addAt(rowPositions(index, sizeOf(this.shape.slice(1))), source);
  }

  gather(_dim: number, index: Tensor): Measured {
    const positions = columnPositions(index, this.shape[1]!);
    return this.#both(index.shape, (a) => take(a, positions));
  }

  scatterAdd(_dim: number, index: Tensor, source: Measured): Measured {
    return this.#addAt(columnPositions(index, this.shape[1]!), source);
  }

  #addAt(positions: Int32Array, source: Measured): Measured {
    return new Measured(this.shape, addAt(this.value, positions, source.value), () =>
      addAt(this.magnitude, positions, source.magnitude),
    );
  }

  /** What treats values and magnitudes alike: sums and rearrangements. */
  #both(shape: Shape, f: (a: Floats) => Floats): Measured {
    return new Measured(shape, f(this.value), () => f(this.magnitude));
  }
}

function sizesOf(value: Floats): Floats {
  const sizes = allocate(value.length);
  for (let i = 0; i < sizes.length; i++) sizes[i] = Math.abs(value[i]!);
  return sizes;
}

function combine(operation: BinaryOperation, a: Floats, b: Floats, plan: BroadcastPlan): Floats {
  const { rows, columns, startsA, startsB, stepA, stepB } = plan;
  const out = allocate(rows * columns);
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
  return out;
}

function combineMagnitudes(operation: BinaryOperation, a: Measured, b: Measured, plan: BroadcastPlan): Floats {
  if (operation === "add" || operation === "sub") return combine("add", a.magnitude, b.magnitude, plan);
  const { rows, columns, startsA, startsB, stepA, stepB } = plan;
  const out = allocate(rows * columns);
  const [sizesA, sizesB] = [a.magnitude, b.magnitude];
  let o = 0;
  for (let row = 0; row < rows; row++) {
    let i = startsA[row]!;
    let j = startsB[row]!;
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

/** a [n, k] @ b [k, m]; two rows and four columns are computed side by side, because they share what they read. */
function multiply(a: Floats, b: Floats, n: number, k: number, m: number): Floats {
  const out = allocate(n * m);
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
function repeat(a: Floats, { rows, columns, startsA, stepA }: BroadcastPlan): Floats {
  const out = allocate(rows * columns);
  let o = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0, i = startsA[row]!; column < columns; column++, i += stepA) out[o++] = a[i]!;
  }
  return out;
}

function take(a: Floats, positions: Int32Array): Floats {
  const out = allocate(positions.length);
  for (let i = 0; i < out.length; i++) out[i] = a[positions[i]!]!;
  return out;
}

function addAt(a: Floats, positions: Int32Array, source: Floats): Floats {
  const out = allocate(a.length);
  out.set(a);
  for (let i = 0; i < positions.length; i++) out[positions[i]!] = out[positions[i]!]! + source[i]!;
  return out;
}

/** Where the elements of the named rows lie, in a matrix with rows of `width`. */
function rowPositions(index: Tensor, width: number): Int32Array {
  const rows = index.toArray();
  const positions = new Int32Array(rows.length * width);
  for (let i = 0; i < positions.length; i++) positions[i] = rows[Math.floor(i / width)]! * width + (i % width);
  return positions;
}

/** Where row i, column index[i, j] lies, in a matrix with `columns` columns. */
function columnPositions(index: Tensor, columns: number): Int32Array {
  const perRow = index.shape[1]!;
  return Int32Array.from(index.toArray(), (column, i) => Math.floor(i / perRow) * columns + column);
}
