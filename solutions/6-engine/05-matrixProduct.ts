import { todo, type Product } from "#course";
import type { Tensor } from "#tensor";

/**
 * 6.5. matrixProduct
 *
 * Two matrices were multiplied: output = a @ b.
 *
 * Given:
 *   a, b: the factors, [n, m] and [m, k]
 *   output, upstream: the output [n, k], and the gradient of the loss with respect to it
 *
 * Return: [da, db], each in its factor's shape
 *
 * @see [the lesson](README.md#5-matrixproduct-a-matrix-product)
 */
export function matrixProduct({ a, b, output, upstream }: Product): readonly [Tensor, Tensor] {
  // solution
  return [upstream.matmul(b.T), a.T.matmul(upstream)];
  // end of solution
}
