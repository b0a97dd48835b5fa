import type { Tensor } from "#tensor";

/** An operation that was carried out: its output, and the upstream gradient, in the output's shape. */
interface Done {
  readonly output: Tensor;
  readonly upstream: Tensor;
}

/** output = a + b, a - b, a * b or a / b; the shapes of a and b broadcast to the output's. */
export interface Binary extends Done {
  readonly name: "add" | "sub" | "mul" | "div";
  readonly a: Tensor;
  readonly b: Tensor;
}

/** output = x ** exponent, e ** x, log x or tanh x, at each element. */
export interface Unary extends Done {
  readonly name: "pow" | "exp" | "log" | "tanh";
  readonly x: Tensor;
  /** Of pow; 1 for the others. */
  readonly exponent: number;
}

/** output = x.sum(dim, keepdim) or x.mean(dim, keepdim). */
export interface Reduction extends Done {
  readonly name: "sum" | "mean";
  readonly x: Tensor;
  /** The dimension that is reduced; null for all of them, and then the output is a scalar. */
  readonly dim: number | null;
  readonly keepdim: boolean;
}

/** output = a @ b: [n, m] @ [m, k] is [n, k]. */
export interface Product extends Done {
  readonly a: Tensor;
  readonly b: Tensor;
}

/** output, indices = x.max(dim, keepdim). */
export interface Maximum extends Done {
  readonly x: Tensor;
  readonly dim: number;
  readonly keepdim: boolean;
  /** Where along dim each maximum is, in the output's shape: integers. */
  readonly indices: Tensor;
}

/** output = x.gatherRows(index), or x.view(...output.shape). */
export interface LookUp extends Done {
  readonly name: "gatherRows" | "view";
  readonly x: Tensor;
  /** The rows that are looked up: integers of any shape; null for a view. */
  readonly index: Tensor | null;
}

/** A value in a graph, and the values that it was computed from. */
export interface Node {
  readonly value: Tensor;
  readonly inputs: readonly Node[];
  /** From the gradient of this value, what flows back to each input, in the input's shape. */
  readonly pullback: (upstream: Tensor) => readonly Tensor[];
  /** The gradient of the last root that was called for; undefined before. */
  gradient: Tensor | undefined;
}
