import type { Shape, Tensor } from "#tensor";
import type { Dims } from "../tensor/shape.ts";

/**
 * The operation set: what a forward expression may use. Tensor has all of it (float32), and so have Variable (which
 * records), Measured (float64 with magnitudes) and Spread (float64 with variances), so one expression serves them all.
 */
export interface Operations<X> {
  readonly shape: Shape;
  add(other: X | number): X;
  sub(other: X | number): X;
  mul(other: X | number): X;
  div(other: X | number): X;
  neg(): X;
  pow(exponent: number): X;
  exp(): X;
  log(): X;
  tanh(): X;
  sigmoid(): X;
  softplus(): X;
  relu(): X;
  /** Constant but for its jump at 0: no gradient flows back. */
  sign(): X;
  maskedFill(mask: Tensor, value: number): X;
  sum(dim?: Dims, keepdim?: boolean): X;
  mean(dim?: Dims, keepdim?: boolean): X;
  var(dim: Dims, keepdim?: boolean): X;
  max(dim: number, keepdim?: boolean): { values: X; indices: Tensor };
  softmax(dim: number): X;
  matmul(other: X): X;
  readonly T: X;
  transpose(dim0: number, dim1: number): X;
  view(...shape: number[]): X;
  expand(...shape: number[]): X;
  gatherRows(index: Tensor): X;
  gather(dim: number, index: Tensor): X;
  /** Constants: no gradient flows back to them. */
  newTensor(values: Tensor): X;
  /** Any function of each element, for a line that computes a value: no gradient flows back through it. */
  each(f: (x: number) => number): X;
}

/** The arithmetic that backward rules need besides: undoing a lookup. */
export interface Arithmetic<X> extends Operations<X> {
  newZeros(shape: Shape): X;
  indexAdd(dim: number, index: Tensor, source: X): X;
  scatterAdd(dim: number, index: Tensor, source: X): X;
}
