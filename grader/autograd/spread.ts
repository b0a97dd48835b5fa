import { tensor, type Shape, type Tensor } from "#tensor";
import { pow } from "../tensor/functions.ts";
import type { BinaryOperation, BroadcastPlan } from "../tensor/kernels.ts";
import { broadcastShapes, planBroadcast, planReduction, reducedShape, resolveDim, sizeOf } from "../tensor/shape.ts";
import { elementsOf } from "../tensor/tensor.ts";
import { allocate, single, type Floats } from "./float64-memory.ts";
import { addAt, combine, map, multiply, repeat, sum, take, transpose } from "./float64.ts";
import type { Arithmetic } from "./operations.ts";

/**
 * The variance of one rounding to float32, in units of (epsilon times the value) squared: the error is spread evenly
 * over one step between float32 numbers, and that step is epsilon times the value at most.
 */
const ROUNDING = 1 / 12;

/**
 * A float64 tensor that knows, beside each value, how far a float32 computation of it spreads around it: the variance
 * of the rounding errors, in units of epsilon squared. Every operation rounds its result once, and hands on the errors of
 * its operands to first order, as if all errors were independent of each other.
 *
 * Measured bounds the worst case: it adds the sizes of all errors. Over a whole training step (sums over the vocabulary,
 * the batch and the neurons, one inside the other) no answer comes near that bound; it is 350 to 2,500 times what right
 * answers need. Errors of roundings add up like a random walk, so here their squares are added.
 */
export class Spread implements Arithmetic<Spread> {
  readonly shape: Shape;
  readonly value: Floats;
  /** undefined where the values are exact. */
  readonly variance: Floats | undefined;
  #squares: Floats | undefined;

  /** Takes the arrays over. Without a variance the values count as given: they are exact. */
  constructor(shape: Shape, value: Floats, variance?: Floats) {
    this.shape = shape;
    this.value = value;
    this.variance = variance;
  }

  /** The values' squares. */
  get squares(): Floats {
    return (this.#squares ??= squaresOf(this.value));
  }

  static from(values: Tensor): Spread {
    const value = allocate(values.numel());
    value.set(elementsOf(values));
    return new Spread(values.shape, value);
  }

  add(other: Spread | number): Spread {
    return this.#binary("add", other);
  }

  sub(other: Spread | number): Spread {
    return this.#binary("sub", other);
  }

  mul(other: Spread | number): Spread {
    return this.#binary("mul", other);
  }

  div(other: Spread | number): Spread {
    return this.#binary("div", other);
  }

  #binary(operation: BinaryOperation, other: Spread | number): Spread {
    const b = typeof other === "number" ? new Spread([], single(other)) : other;
    const shape = broadcastShapes(operation, this.shape, b.shape);
    const plan = planBroadcast(this.shape, b.shape, shape);
    const value = combine(operation, this.value, b.value, plan);
    return new Spread(shape, value, combineVariances(operation, this, b, value, plan));
  }

  /** These values of a function of each element; `slope` is the function's, from x and f(x). */
  #of(value: Floats, slope: (x: number, y: number) => number): Spread {
    const variance = allocate(value.length);
    for (let i = 0; i < variance.length; i++) {
      const y = value[i]!;
      variance[i] = ROUNDING * y * y;
      if (this.variance) variance[i]! += slope(this.value[i]!, y) ** 2 * this.variance[i]!;
    }
    return new Spread(this.shape, value, variance);
  }

  neg(): Spread {
    const value = allocate(this.value.length);
    for (let i = 0; i < value.length; i++) value[i] = -this.value[i]!;
    return new Spread(this.shape, value, this.variance);
  }

  pow(p: number): Spread {
    if (p === 1) return this;
    const value = allocate(this.value.length);
    for (let i = 0; i < value.length; i++) {
      const x = this.value[i]!;
      value[i] = p === 2 ? x * x : pow(x, p);
    }
    return this.#of(value, (x, y) => (x === 0 ? 0 : (p * y) / x));
  }

  exp(): Spread {
    return this.#of(map("exp", this.value), (_, y) => y);
  }

  log(): Spread {
    return this.#of(map("log", this.value), (x) => 1 / x);
  }

  tanh(): Spread {
    return this.#of(map("tanh", this.value), (_, y) => 1 - y * y);
  }

  sum(dim?: number, keepdim = false): Spread {
    const shape = dim === undefined ? [1, this.value.length] : this.shape;
    const over = dim === undefined ? 1 : resolveDim("sum", shape, dim);
    const plan = planReduction(shape, over);
    const value = sum(this.value, plan);
    const variance = sum(withOwn(this.variance, this.value, ofSum(plan.length)), plan);
    return new Spread(
      dim === undefined ? [] : reducedShape(shape, over, keepdim),
      value,
      addOwn(variance, value, ofSum(plan.length)),
    );
  }

  mean(): Spread {
    return this.sum().div(this.value.length);
  }

  max(dim: number, keepdim = false): { values: Spread; indices: Tensor } {
    const over = resolveDim("max", this.shape, dim);
    if (this.shape.length !== 2 || over !== 1) throw new Error("Spread takes maxima along the rows of a matrix only");
    const [rows, columns] = this.shape as [number, number];
    const indices = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      for (let column = 1; column < columns; column++) {
        if (this.value[row * columns + column]! > this.value[row * columns + indices[row]!]!) indices[row] = column;
      }
    }
    const index = tensor(indices, [rows, 1], "int32");
    const shape = reducedShape(this.shape, over, keepdim);
    return { values: this.gather(1, index).view(...shape), indices: index.view(...shape) };
  }

  matmul(other: Spread): Spread {
    const [n, k] = this.shape as [number, number];
    const m = other.shape[1]!;
    if (k !== other.shape[0]) throw new Error(`matmul of [${this.shape}] and [${other.shape}]`);
    const value = multiply(this.value, other.value, n, k, m);
    const variance = multiply(this.squares, withOwn(other.variance, other.value, ofSum(k)), n, k, m);
    if (this.variance) {
      const left = multiply(this.variance, other.squares, n, k, m);
      for (let i = 0; i < variance.length; i++) variance[i]! += left[i]!;
    }
    return new Spread([n, m], value, addOwn(variance, value, ofSum(k)));
  }

  get T(): Spread {
    const [rows, columns] = this.shape as [number, number];
    return this.#both([columns, rows], (a) => transpose(a, rows, columns));
  }

  view(...shape: number[]): Spread {
    const known = -sizeOf(shape);
    const actual = shape.map((extent) => (extent === -1 ? this.value.length / known : extent));
    return this.#both(actual, (a) => a);
  }

  expand(...shape: number[]): Spread {
    const plan = planBroadcast(this.shape, [], shape);
    return this.#both(shape, (a) => repeat(a, plan));
  }

  newZeros(shape: Shape): Spread {
    return new Spread(shape, allocate(sizeOf(shape)).fill(0));
  }

  gatherRows(index: Tensor): Spread {
    const positions = rowPositions(index, sizeOf(this.shape.slice(1)));
    return this.#both([...index.shape, ...this.shape.slice(1)], (a) => take(a, positions));
  }

  indexAdd(_dim: number, index: Tensor, source: Spread): Spread {
    return this.#addAt(rowPositions(index, sizeOf(this.shape.slice(1))), source);
  }

  gather(_dim: number, index: Tensor): Spread {
    const positions = columnPositions(index, this.shape[1]!);
    return this.#both(index.shape, (a) => take(a, positions));
  }

  scatterAdd(_dim: number, index: Tensor, source: Spread): Spread {
    return this.#addAt(columnPositions(index, this.shape[1]!), source);
  }

  #addAt(positions: Int32Array, source: Spread): Spread {
    const value = addAt(this.value, positions, source.value);
    const none = allocate(value.length).fill(0);
    const uses = addAt(none, positions, allocate(source.value.length).fill(1));
    const squared = addAt(none, positions, source.squares);
    const variance = addAt(this.variance ?? none, positions, source.variance ?? allocate(positions.length).fill(0));
    for (let i = 0; i < value.length; i++) {
      if (uses[i]! > 1) variance[i]! += ofSum(uses[i]!) * (squared[i]! + value[i]! * value[i]!);
    }
    return new Spread(this.shape, value, variance);
  }

  /** What treats values and variances alike: rearrangements, where nothing is rounded. */
  #both(shape: Shape, f: (a: Floats) => Floats): Spread {
    return new Spread(shape, f(this.value), this.variance && f(this.variance));
  }
}

/**
 * What the roundings of a sum of `length` terms leave, as a factor of the sum of the terms' squares and of the sum's own
 * square: its partial sums are a random walk where the terms' signs are mixed, and grow evenly where they are not.
 */
const ofSum = (length: number): number => (ROUNDING * length) / 2;

function squaresOf(a: Floats): Floats {
  const out = allocate(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i]! * a[i]!;
  return out;
}

/** Variances with this factor of the values' squares added, in new memory. */
function withOwn(variance: Floats | undefined, value: Floats, factor: number): Floats {
  const out = allocate(value.length);
  if (variance) for (let i = 0; i < out.length; i++) out[i] = variance[i]! + factor * value[i]! * value[i]!;
  else for (let i = 0; i < out.length; i++) out[i] = factor * value[i]! * value[i]!;
  return out;
}

/** Variances with this factor of the values' squares added, in place. */
function addOwn(variance: Floats, value: Floats, factor: number): Floats {
  for (let i = 0; i < variance.length; i++) variance[i]! += factor * value[i]! * value[i]!;
  return variance;
}

/** The variances of a binary operation's results, its own rounding among them. */
function combineVariances(
  operation: BinaryOperation,
  a: Spread,
  b: Spread,
  value: Floats,
  plan: BroadcastPlan,
): Floats {
  const parts: Floats[] = [];
  if (operation === "add" || operation === "sub") {
    if (a.variance || b.variance) {
      const none = (x: Spread): Floats => allocate(x.value.length).fill(0);
      parts.push(combine("add", a.variance ?? none(a), b.variance ?? none(b), plan));
    }
  } else {
    if (a.variance) parts.push(combine(operation, a.variance, b.squares, plan));
    if (b.variance) {
      // the slope by the divisor is the quotient over it: its square is (a/b)**2 / b**2
      const relative = operation === "mul" ? b.variance : b.variance.map((v, i) => v / b.squares[i]! ** 2);
      parts.push(combine("mul", a.squares, relative, plan));
    }
  }
  const [out, other] = parts;
  if (!out) return withOwn(undefined, value, ROUNDING);
  if (!other) return addOwn(out, value, ROUNDING);
  for (let i = 0; i < out.length; i++) out[i]! += other[i]! + ROUNDING * value[i]! * value[i]!;
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
