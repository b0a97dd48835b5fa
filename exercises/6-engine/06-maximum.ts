import { todo, type Maximum } from "#course";
import { oneHot, zerosLike, type Tensor } from "#tensor";

/**
 * 6.6. maximum
 *
 * The largest entries along a dimension were found: x.max(dim, keepdim) gives their values, the output, and indices.
 *
 * Given:
 *   x: the input, a matrix
 *   dim: the dimension, 0 or 1
 *   keepdim: whether the output has that dimension with extent 1, or lacks it
 *   indices: where along dim each maximum is, integers in the output's shape; the first one in a tie
 *   output, upstream: the output, and the gradient of the loss with respect to it, in its shape
 *
 * Return: dx, in the shape of x; in a tie, the entry that indices names gets the gradient
 *
 * @see [the lesson](README.md#6-maximum-a-maximum-over-a-dimension)
 */
export function maximum({ x, dim, keepdim, indices, output, upstream }: Maximum): Tensor {
  throw todo("maximum");
}
