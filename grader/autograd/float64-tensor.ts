import { tensor, type Shape, type Tensor } from "#tensor";
import type { BinaryOperation, BroadcastPlan, ReductionPlan } from "../tensor/kernels.ts";
import {
  planBroadcast,
  planPick,
  planProduct,
  planReduction,
  planSum,
  planSwap,
  type BatchPlan,
} from "../tensor/plans.ts";
import {
  broadcastShapes,
  checkMatrix,
  checkNotEmpty,
  reducedShape,
  resolveDim,
  resolveDims,
  sizeOf,
  swappedShape,
  viewedShape,
  type Dims,
} from "../tensor/shape.ts";
import { elementsOf } from "../tensor/tensor.ts";
import { allocate, single, type Floats } from "./float64-memory.ts";
import { addRows, gather, gatherRows, largest, map, maskedFill, repeat, scatterAdd, swap } from "./float64.ts";
import type { Arithmetic } from "./operations.ts";

/**
 * A float64 tensor that knows, beside each value, something about the errors of a float32 computation of it. Shapes and
 * the order of operations are written here once; what is known of the errors, and how each kind of operation changes it,
 * is a subclass's own: Measured has magnitudes, Spread has variances.
 *
 * @typeParam X the subclass itself
 */
export abstract class Float64Tensor<X extends Float64Tensor<X>> implements Arithmetic<X> {
  readonly shape: Shape;
  readonly value: Floats;

  /** Takes the array over. */
  constructor(shape: Shape, value: Floats) {
    this.shape = shape;
    this.value = value;
  }

  // ---- what a subclass says

  /** Values that are known without error: constants, parameters. */
  protected abstract exact(shape: Shape, value: Floats): X;
  /** Other values with the same errors: the negated ones. */
  protected abstract sameErrors(value: Floats): X;
  /** These elements in other places, some of them several times; values and errors move alike. */
  protected abstract moved(shape: Shape, move: (a: Floats) => Floats): X;
  /** Some elements replaced by one number, which is exact. */
  protected abstract filled(shape: Shape, fill: (a: Floats, value: number) => Floats, value: number): X;
  protected abstract combined(operation: BinaryOperation, other: X, shape: Shape, plan: BroadcastPlan): X;
  protected abstract summed(shape: Shape, plan: ReductionPlan): X;
  protected abstract multiplied(other: X, plan: BatchPlan): X;
  /** This tensor with source's elements added in places that an index names. */
  protected abstract scattered(source: X, scatter: (into: Floats, source: Floats) => Floats): X;
  abstract pow(exponent: number): X;
  abstract exp(): X;
  abstract log(): X;
  abstract tanh(): X;
  abstract sigmoid(): X;
  abstract softplus(): X;
  /** An element that the function leaves as it is keeps its error; any other result counts as exact. */
  abstract each(f: (x: number) => number): X;

  // ---- elementwise

  add(other: X | number): X {
    return this.#binary("add", other);
  }

  sub(other: X | number): X {
    return this.#binary("sub", other);
  }

  mul(other: X | number): X {
    return this.#binary("mul", other);
  }

  div(other: X | number): X {
    return this.#binary("div", other);
  }

  #binary(operation: BinaryOperation, other: X | number): X {
    const b = typeof other === "number" ? this.exact([], single(other)) : other;
    const shape = broadcastShapes(operation, this.shape, b.shape);
    return this.combined(operation, b, shape, planBroadcast(this.shape, b.shape, shape));
  }

  neg(): X {
    return this.sameErrors(map("neg", this.value));
  }

  relu(): X {
    return this.maskedFill(this.#negatives(), 0);
  }

  sign(): X {
    return this.exact(this.shape, map("sign", this.value));
  }

  /** 1 where an element is negative. */
  #negatives(): Tensor {
    return tensor(
      Int32Array.from(this.value, (x) => (x < 0 ? 1 : 0)),
      this.shape,
      "int32",
    );
  }

  maskedFill(mask: Tensor, value: number): X {
    const marks = indicesOf(mask);
    const shape = broadcastShapes("maskedFill", this.shape, mask.shape);
    const plan = planBroadcast(this.shape, mask.shape, shape);
    return this.filled(shape, (a, x) => maskedFill(a, marks, x, plan), value);
  }

  // ---- reductions

  sum(dim?: Dims, keepdim = false): X {
    const dims = dim === undefined ? undefined : resolveDims("sum", this.shape, dim);
    const shape = dims === undefined ? [] : reducedShape(this.shape, dims, keepdim);
    const [first, ...others] = planSum(this.shape, dims);
    const flat = ({ outer, inner }: ReductionPlan): Shape => [outer, inner];
    const sums = others.reduce((sums, plan) => sums.summed(flat(plan), plan), this.summed(flat(first), first));
    return sums.view(...shape);
  }

  mean(dim?: Dims, keepdim = false): X {
    return this.sum(dim, keepdim).div(this.#countAlong("mean", dim));
  }

  var(dim: Dims, keepdim = false): X {
    const difference = this.sub(this.mean(dim, true));
    return difference
      .mul(difference)
      .sum(dim, keepdim)
      .div(Math.max(0, this.#countAlong("var", dim) - 1));
  }

  /** How many elements come together in one of a reduction. */
  #countAlong(operation: string, dim: Dims | undefined): number {
    if (dim === undefined) return this.value.length;
    return sizeOf(resolveDims(operation, this.shape, dim).map((d) => this.shape[d]!));
  }

  max(dim: number, keepdim = false): { values: X; indices: Tensor } {
    const over = resolveDim("max", this.shape, dim);
    checkNotEmpty("max", this.shape, over);
    const found = largest(this.value, planReduction(this.shape, over));
    const indices = tensor(found, reducedShape(this.shape, [over], true), "int32");
    const shape = reducedShape(this.shape, [over], keepdim);
    return { values: this.gather(over, indices).view(...shape), indices: indices.view(shape) };
  }

  softmax(dim: number): X {
    const counts = this.sub(this.max(dim, true).values).exp();
    return counts.div(counts.sum(dim, true));
  }

  // ---- matrices and shapes

  matmul(other: X): X {
    return this.multiplied(other, planProduct(this.shape, other.shape));
  }

  get T(): X {
    checkMatrix("T", this.shape);
    return this.transpose(0, 1);
  }

  transpose(dim0: number, dim1: number): X {
    const dims = [dim0, dim1].map((dim) => resolveDim("transpose", this.shape, dim));
    const [first, second] = [Math.min(...dims), Math.max(...dims)];
    if (first === second) return this.moved(this.shape, (a) => a);
    const plan = planSwap(this.shape, first, second);
    return this.moved(swappedShape(this.shape, first, second), (a) => swap(a, plan));
  }

  view(...extents: number[]): X {
    return this.moved(viewedShape(this.shape, this.value.length, extents), (a) => a);
  }

  expand(...shape: number[]): X {
    const plan = planBroadcast(this.shape, [], shape);
    return this.moved(shape, (a) => repeat(a, plan));
  }

  // ---- other tensors in this arithmetic

  newZeros(shape: Shape): X {
    return this.exact(shape, allocate(sizeOf(shape)).fill(0));
  }

  newTensor(values: Tensor): X {
    return this.exact(values.shape, floatsOf(values));
  }

  // ---- elements by index

  gatherRows(index: Tensor): X {
    const [rows, width] = [indicesOf(index), sizeOf(this.shape.slice(1))];
    return this.moved([...index.shape, ...this.shape.slice(1)], (a) => gatherRows(a, rows, width));
  }

  indexAdd(_dim: number, index: Tensor, source: X): X {
    const [rows, width] = [indicesOf(index), sizeOf(this.shape.slice(1))];
    return this.scattered(source, (into, added) => addRows(into, rows, added, width));
  }

  gather(dim: number, index: Tensor): X {
    const [picks, plan] = [indicesOf(index), planPick("gather", this.shape, dim, index.shape)];
    return this.moved(index.shape, (a) => gather(a, picks, plan));
  }

  scatterAdd(dim: number, index: Tensor, source: X): X {
    const [picks, plan] = [indicesOf(index), planPick("scatterAdd", this.shape, dim, index.shape)];
    return this.scattered(source, (into, added) => scatterAdd(into, picks, added, plan));
  }
}

/** A tensor's elements in float64. */
export function floatsOf(values: Tensor): Floats {
  const floats = allocate(values.numel());
  floats.set(elementsOf(values));
  return floats;
}

/** A copy of an index tensor's elements: they are used when errors are asked for, which may be later. */
function indicesOf(index: Tensor): Int32Array {
  return new Int32Array(elementsOf(index));
}
