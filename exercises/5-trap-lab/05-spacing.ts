import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 5.5. spacing
 *
 * Forward:
 *   spacing = the distance from |x| to the next larger float32 number
 *
 * Given:
 *   x [rows, columns]
 *
 * Return: spacing [rows, columns]
 *
 * @see [the lesson](README.md#5-spacing-exact-and-approximate)
 */
export function spacing({ x }: Given<"spacing">): Tensor {
  throw todo("spacing");
}
