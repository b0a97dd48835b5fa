import { todo, type LookUp } from "#course";
import { oneHot, zerosLike, type Tensor } from "#tensor";

/**
 * 6.7. rearrangement
 *
 * Numbers were copied to other places: output = x.gatherRows(index), or x.view(...output.shape).
 *
 * Given:
 *   name: "gatherRows" or "view"
 *   x: the input; for gatherRows a matrix
 *   index: the rows that were looked up, integers of any shape; null for a view
 *   output, upstream: the output, and the gradient of the loss with respect to it, in its shape
 *
 * Return: dx, in the shape of x
 *
 * @see [the lesson](README.md#7-rearrangement-rows-that-are-looked-up-and-a-view)
 */
export function rearrangement({ name, x, index, output, upstream }: LookUp): Tensor {
  throw todo("rearrangement");
}
