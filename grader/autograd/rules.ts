import type { Shape, Tensor } from "#tensor";
import { reducedShape, resolveDim, resolveDims, sizeOf, type Dims } from "../tensor/shape.ts";
import type { Arithmetic } from "./operations.ts";

/** What an operation gave and, for each input, the gradient that flows back to it from the output's gradient g. */
export interface Rule<X> {
  value: X;
  backward: ((g: X, value: X) => X)[];
}

type A<X> = Arithmetic<X>;

// Each rule says the forward operation first and, in the same order as the inputs, what flows back. `value` is the
// output: a rule that can be written from it (exp, tanh, softmax) uses it.

export function add<X extends A<X>>(a: X, b: X): Rule<X> {
  return { value: a.add(b), backward: [(g) => sumTo(g, a.shape), (g) => sumTo(g, b.shape)] };
}

export function sub<X extends A<X>>(a: X, b: X): Rule<X> {
  return { value: a.sub(b), backward: [(g) => sumTo(g, a.shape), (g) => sumTo(g.neg(), b.shape)] };
}

export function mul<X extends A<X>>(a: X, b: X): Rule<X> {
  return { value: a.mul(b), backward: [(g) => sumTo(b.mul(g), a.shape), (g) => sumTo(a.mul(g), b.shape)] };
}

export function div<X extends A<X>>(a: X, b: X): Rule<X> {
  return {
    value: a.div(b),
    backward: [(g) => sumTo(g.div(b), a.shape), (g) => sumTo(g.mul(a.div(b).div(b)).neg(), b.shape)],
  };
}

export function addNumber<X extends A<X>>(a: X, c: number): Rule<X> {
  return { value: a.add(c), backward: [(g) => g] };
}

export function mulNumber<X extends A<X>>(a: X, c: number): Rule<X> {
  return { value: a.mul(c), backward: [(g) => g.mul(c)] };
}

export function divNumber<X extends A<X>>(a: X, c: number): Rule<X> {
  return { value: a.div(c), backward: [(g) => g.div(c)] };
}

export function neg<X extends A<X>>(a: X): Rule<X> {
  return { value: a.neg(), backward: [(g) => g.neg()] };
}

/** d(a^p) = p a^(p-1) da */
export function pow<X extends A<X>>(a: X, p: number): Rule<X> {
  return {
    value: a.pow(p),
    backward: [
      (g) =>
        a
          .pow(p - 1)
          .mul(p)
          .mul(g),
    ],
  };
}

/** d(e^a) = e^a da */
export function exp<X extends A<X>>(a: X): Rule<X> {
  return { value: a.exp(), backward: [(g, value) => value.mul(g)] };
}

/** d(log a) = da / a */
export function log<X extends A<X>>(a: X): Rule<X> {
  return { value: a.log(), backward: [(g) => g.div(a)] };
}

/** d(tanh a) = (1 - tanh(a)^2) da */
export function tanh<X extends A<X>>(a: X): Rule<X> {
  return { value: a.tanh(), backward: [(g, value) => value.pow(2).neg().add(1).mul(g)] };
}

/** d(sigmoid a) = s (1 - s) da, where s is sigmoid(a). */
export function sigmoid<X extends A<X>>(a: X): Rule<X> {
  return { value: a.sigmoid(), backward: [(g, value) => value.mul(value.neg().add(1)).mul(g)] };
}

/** d(log(1 + e^a)) = sigmoid(a) da */
export function softplus<X extends A<X>>(a: X): Rule<X> {
  return { value: a.softplus(), backward: [(g) => a.sigmoid().mul(g)] };
}

/** 1 where the input is positive, and 0 elsewhere: at 0 too, as in PyTorch. */
export function relu<X extends A<X>>(a: X): Rule<X> {
  return { value: a.relu(), backward: [(g, value) => value.sign().mul(g)] };
}

/** What was replaced by a number has no influence any more. */
export function maskedFill<X extends A<X>>(a: X, mask: Tensor, value: number): Rule<X> {
  return { value: a.maskedFill(mask, value), backward: [(g) => sumTo(g.maskedFill(mask, 0), a.shape)] };
}

/** A sum forward is a copy backward. */
export function sum<X extends A<X>>(a: X, dim?: Dims, keepdim?: boolean): Rule<X> {
  return { value: a.sum(dim, keepdim), backward: [(g) => copied(g, a.shape, dimsOf("sum", a.shape, dim))] };
}

export function mean<X extends A<X>>(a: X, dim?: Dims, keepdim?: boolean): Rule<X> {
  const dims = dimsOf("mean", a.shape, dim);
  const count = countAlong(a.shape, dims);
  return { value: a.mean(dim, keepdim), backward: [(g) => copied(g.div(count), a.shape, dims)] };
}

/** d(var a) = 2 (a - mean) / (n - 1) da; what flows through the mean adds up to 0. */
export function variance<X extends A<X>>(a: X, dim: Dims, keepdim?: boolean): Rule<X> {
  const dims = dimsOf("var", a.shape, dim);
  const factor = 2 / (countAlong(a.shape, dims) - 1);
  return {
    value: a.var(dim, keepdim),
    backward: [
      (g) =>
        a
          .sub(a.mean(dims, true))
          .mul(factor)
          .mul(copied(g, a.shape, dims)),
    ],
  };
}

/** The gradient goes to the place of the maximum. */
export function max<X extends A<X>>(a: X, dim: number, keepdim?: boolean): Rule<X> & { indices: Tensor } {
  const { values, indices } = a.max(dim, keepdim);
  const kept = reducedShape(a.shape, [resolveDim("max", a.shape, dim)], true);
  return {
    value: values,
    indices,
    backward: [(g) => a.newZeros(a.shape).scatterAdd(dim, indices.view(kept), g.view(...kept))],
  };
}

/** dx = p (dp - sum of p dp): each probability moves all others, as they add up to 1. */
export function softmax<X extends A<X>>(a: X, dim: number): Rule<X> {
  return { value: a.softmax(dim), backward: [(g, p) => p.mul(g.sub(p.mul(g).sum(dim, true)))] };
}

/** Of all products with g, the only two whose shapes fit. */
export function matmul<X extends A<X>>(a: X, b: X): Rule<X> {
  const value = a.matmul(b);
  // of a whole batch with one matrix b, the rows of all are the rows of one product
  if (a.shape.length > 2 && b.shape.length === 2) {
    const rows = (x: X): X => x.view(sizeOf(x.shape.slice(0, -1)), x.shape.at(-1)!);
    return { value, backward: [(g) => g.matmul(b.T), (g) => rows(a).T.matmul(rows(g))] };
  }
  const transposed = (x: X): X => x.transpose(-2, -1);
  return {
    value,
    backward: [(g) => sumTo(g.matmul(transposed(b)), a.shape), (g) => sumTo(transposed(a).matmul(g), b.shape)],
  };
}

export function transpose<X extends A<X>>(a: X, dim0: number, dim1: number): Rule<X> {
  return { value: a.transpose(dim0, dim1), backward: [(g) => g.transpose(dim0, dim1)] };
}

export function view<X extends A<X>>(a: X, shape: number[]): Rule<X> {
  return { value: a.view(...shape), backward: [(g) => g.view(...a.shape)] };
}

/** A copy forward is a sum backward. */
export function expand<X extends A<X>>(a: X, shape: number[]): Rule<X> {
  return { value: a.expand(...shape), backward: [(g) => sumTo(g, a.shape)] };
}

/** A row used twice collects twice. */
export function gatherRows<X extends A<X>>(a: X, index: Tensor): Rule<X> {
  return { value: a.gatherRows(index), backward: [(g) => a.newZeros(a.shape).indexAdd(0, index, g)] };
}

/** An element used twice collects twice. */
export function gather<X extends A<X>>(a: X, dim: number, index: Tensor): Rule<X> {
  return { value: a.gather(dim, index), backward: [(g) => a.newZeros(a.shape).scatterAdd(dim, index, g)] };
}

/** Added rows are looked up again on the way back. */
export function indexAdd<X extends A<X>>(a: X, dim: number, index: Tensor, source: X): Rule<X> {
  return { value: a.indexAdd(dim, index, source), backward: [(g) => g, (g) => g.gatherRows(index)] };
}

/** Added elements are picked again on the way back. */
export function scatterAdd<X extends A<X>>(a: X, dim: number, index: Tensor, source: X): Rule<X> {
  return { value: a.scatterAdd(dim, index, source), backward: [(g) => g, (g) => g.gather(dim, index)] };
}

/** The dimensions that a reduction runs over: those named, or all. */
function dimsOf(operation: string, shape: Shape, dim: Dims | undefined): number[] {
  return dim === undefined ? shape.map((_, d) => d) : resolveDims(operation, shape, dim);
}

function countAlong(shape: Shape, dims: readonly number[]): number {
  return sizeOf(dims.map((dim) => shape[dim]!));
}

/** Undoes a reduction over some dimensions: g repeated along them. */
function copied<X extends A<X>>(g: X, shape: Shape, dims: readonly number[]): X {
  return g.view(...reducedShape(shape, dims, true)).expand(...shape);
}

/** Undoes broadcasting: g summed over the dimensions along which `shape` was repeated. */
function sumTo<X extends A<X>>(g: X, shape: Shape): X {
  while (g.shape.length > shape.length) g = g.sum(0);
  for (const [d, extent] of shape.entries()) if (extent === 1 && g.shape[d] !== 1) g = g.sum(d, true);
  return g;
}
