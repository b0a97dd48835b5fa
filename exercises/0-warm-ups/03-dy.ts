import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 0.3. dy
 *
 * Forward:
 *   u = x * y
 *
 * Given:
 *   x, y, u, du [rows, columns]
 *
 * Return: dy [rows, columns]
 *
 * @see [the lesson](README.md#3-dy-a-product)
 */
export function dy({ x, y, u, du }: Given<"dy">): Tensor {
  throw todo("dy");
}
