import { Tensor, tensor, type Shape } from "#tensor";
import { pow } from "../tensor/functions.ts";
import type { BinaryOperation, BroadcastPlan } from "../tensor/kernels.ts";
import { broadcastShapes, planBroadcast, planReduction, reducedShape, resolveDim, sizeOf } from "../tensor/shape.ts";
import { allocate, single, type Floats } from "./float64-memory.ts";
import { addAt, combine, combineSizes, map, multiply, repeat, sizesOf, sum, take, transpose } from "./float64.ts";
import { elementsOf } from "../tensor/tensor.ts";
import type { Arithmetic } from "./operations.ts";

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
    value.set(elementsOf(values));
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

  /** These values, each with the larger of two magnitudes: its own, and that of another way to the same quantity. */
  atLeastAs(other: Measured): Measured {
    return new Measured(this.shape, this.value, () =>
      this.magnitude.map((magnitude, i) => Math.max(magnitude, other.magnitude[i]!)),
    );
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
    const b = typeof other === "number" ? new Measured([], single(other)) : other;
    const shape = broadcastShapes(operation, this.shape, b.shape);
    const plan = planBroadcast(this.shape, b.shape, shape);
    return new Measured(shape, combine(operation, this.value, b.value, plan), () =>
      combineMagnitudes(operation, this, b, plan),
    );
  }

  /** These values of a function of each element; `size` gives the magnitude from x, its magnitude and f(x). */
  #of(value: Floats, size: (x: number, sizeX: number, y: number) => number): Measured {
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
    const value = allocate(this.value.length);
    for (let i = 0; i < value.length; i++) value[i] = pow(this.value[i]!, p);
    return this.#of(value, (x, sizeX, y) => {
      const excess = sizeX - Math.abs(x);
      return excess === 0 ? Math.abs(y) : Math.abs(y) + Math.abs(p * pow(x, p - 1)) * excess;
    });
  }

  exp(): Measured {
    return this.#of(map("exp", this.value), (_, sizeX, y) => y * (1 + sizeX));
  }

  log(): Measured {
    return this.#of(map("log", this.value), (x, sizeX, y) => Math.abs(y) + sizeX / Math.abs(x));
  }

  tanh(): Measured {
    return this.#of(map("tanh", this.value), (_, sizeX, y) => Math.abs(y) + (1 - y * y) * sizeX);
  }

  sum(dim?: number, keepdim = false): Measured {
    const shape = dim === undefined ? [1, this.value.length] : this.shape;
    const over = dim === undefined ? 1 : resolveDim("sum", shape, dim);
    const plan = planReduction(shape, over);
    const outShape = dim === undefined ? [] : reducedShape(shape, over, keepdim);
    return this.#both(outShape, (a) => sum(a, plan));
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
    return this.#both([columns, rows], (a) => transpose(a, rows, columns));
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

function combineMagnitudes(operation: BinaryOperation, a: Measured, b: Measured, plan: BroadcastPlan): Floats {
  if (operation === "mul" || operation === "div") return combineSizes(operation, a, b, plan);
  return combine("add", a.magnitude, b.magnitude, plan);
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
