import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 0.8. dleft
 *
 * Forward:
 *   product = left @ right
 *
 * Given:
 *   left [rows, inner]
 *   right [inner, columns]
 *   product, dproduct [rows, columns]
 *
 * Return: dleft [rows, inner]
 *
 * @see [the lesson](README.md#8-dleft-a-matrix-product-written-out)
 */
export function dleft({ left, right, product, dproduct }: Given<"dleft">): Tensor {
  // solution
  return dproduct.matmul(right.T);
  // end of solution
}
