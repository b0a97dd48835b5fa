import { oneHot, tensor, type Tensor } from "#tensor";
import type { FunctionStepId, GivenName } from "./steps.ts";

/** A right answer to a step, in one of many forms. It is called with what its step is given. */
export type Form = (given: Readonly<Record<GivenName<FunctionStepId>, Tensor>>) => Tensor;

/** A tensor filled element by element, by the element's position, each rounded once. */
export function build(shape: readonly number[], element: (...position: number[]) => number): Tensor {
  const values = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
  const position = shape.map(() => 0);
  for (let i = 0; i < values.length; i++) {
    values[i] = element(...position);
    // the next position: the last dimension runs fastest
    for (let dim = shape.length - 1; dim >= 0 && ++position[dim]! === shape[dim]; dim--) position[dim] = 0;
  }
  return tensor(values, shape);
}

/** A sum in float64, in order. */
export function sum(count: number, term: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
}

/** A sum in float32, from the last term to the first. */
export function sumBackwards(count: number, term: (i: number) => number): number {
  let total = 0;
  for (let i = count - 1; i >= 0; i--) total = Math.fround(total + Math.fround(term(i)));
  return total;
}

/** The diagonal of a matrix, as a row. */
export function diag(matrix: Tensor): Tensor {
  return build([1, matrix.size(0)], (_, j) => matrix.get(j, j));
}

/** The identity, shape [n, n]. */
export function eye(n: number): Tensor {
  return oneHot(
    tensor(
      Array.from({ length: n }, (_, i) => i),
      [n],
      "int32",
    ),
    n,
  );
}

/** A matrix's numbers by row and column. */
export type Reader = (i: number, j: number) => number;

/** Reads a matrix as get does, but faster: where every number is read again and again. */
export function reader(matrix: Tensor): Reader {
  const values = matrix.toArray();
  const columns = matrix.size(1);
  return (i, j) => values[i * columns + j]!;
}

/** A product of matrices, each element by a sum of its own. */
export function productBy(add: typeof sum, left: Tensor, right: Tensor): Tensor {
  const [a, b] = [reader(left), reader(right)];
  return build([left.size(0), right.size(1)], (i, j) => add(left.size(1), (k) => a(i, k) * b(k, j)));
}

/** Each row's upstream gradient times its Jacobian, in float64, shape [rows, columns]. */
export function throughRows(
  upstream: Tensor,
  columns: number,
  slope: (row: number, from: number, to: number) => number,
): Tensor {
  const above = reader(upstream);
  return build([upstream.size(0), columns], (i, j) => sum(upstream.size(1), (k) => above(i, k) * slope(i, k, j)));
}

/** The same for columns, shape [rows, columns]. */
export function throughColumns(
  upstream: Tensor,
  rows: number,
  slope: (column: number, from: number, to: number) => number,
): Tensor {
  const above = reader(upstream);
  return build([rows, upstream.size(1)], (i, j) => sum(upstream.size(0), (k) => above(k, j) * slope(j, k, i)));
}

/** 1 where two indices are equal, else 0. */
export function delta(i: number, j: number): number {
  return i === j ? 1 : 0;
}
