import { oneHot, onesLike, tensor, type Tensor } from "#tensor";

/** A tensor filled element by element from the element's position, each rounded once. */
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

/** Reads a matrix by row and column. */
export type Reader = (i: number, j: number) => number;

/** Reads a matrix as get does, but faster: for loops that read every number again and again. */
export function reader(matrix: Tensor): Reader {
  const values = matrix.toArray();
  const columns = matrix.size(1);
  return (i, j) => values[i * columns + j]!;
}

/** A matrix product whose elements are computed by a given kind of sum. */
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

/** Calls `set`, which may change the matrix, for each of its positions, and returns the matrix. */
export function each(matrix: Tensor, set: (i: number, j: number, matrix: Tensor) => unknown): Tensor {
  for (let i = 0; i < matrix.size(0); i++) for (let j = 0; j < matrix.size(1); j++) set(i, j, matrix);
  return matrix;
}

/** Adds each number of a matrix, in float32, to the position that it belongs to. */
export function added(sums: Tensor, terms: Tensor, place: (i: number, j: number) => number[]): Tensor {
  const term = reader(terms);
  for (let i = 0; i < terms.size(0); i++) {
    for (let j = 0; j < terms.size(1); j++) {
      const at = place(i, j);
      sums.set(...at, sums.get(...at) + term(i, j));
    }
  }
  return sums;
}

/** A sum in float32, in order, as get and set would add it up. */
export function sumForwards(count: number, term: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total = Math.fround(total + term(i));
  return total;
}

/** The sum of the outer products of two matrices' rows, example by example. */
export function outerProducts(out: Tensor, left: Tensor, right: Tensor): Tensor {
  let total = out;
  for (let i = 0; i < left.size(0); i++) total = total.add(rowOf(left, i).view(-1, 1).matmul(rowOf(right, i)));
  return total;
}

/** Row i of a matrix, shape [1, columns]. */
export function rowOf(matrix: Tensor, i: number): Tensor {
  return matrix.gatherRows(tensor([i], [1], "int32"));
}

/** The rows of all leading dimensions, one below the other: shape [the product of these, columns]. */
export function flat(x: Tensor): Tensor {
  return x.view(-1, x.size(-1));
}

/** 1 above the diagonal of [time, time]: where a query would read a later position. */
export function laterThan(time: number): Tensor {
  const marks = Array.from({ length: time * time }, (_, i) => (i % time > Math.floor(i / time) ? 1 : 0));
  return tensor(marks, [time, time], "int32");
}

/** A row broadcast down the batch, to the shape of `like`. */
export function spread(row: Tensor, like: Tensor): Tensor {
  return onesLike(like).mul(row);
}
