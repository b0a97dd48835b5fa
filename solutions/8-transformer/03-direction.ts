import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 8.3. direction
 *
 * Forward:
 *   direction = m corrected / (root of v corrected + 1e-8), with beta1 = 0.9 and beta2 = 0.999
 *
 * Given:
 *   m, v [rows, columns]
 *   t []
 *
 * Return: direction [rows, columns]
 *
 * @see [the lesson](README.md#3-direction-what-the-zeros-at-the-start-are-worth)
 */
export function direction({ m, v, t }: Given<"direction">): Tensor {
  // solution
  const mean = m.div(1 - 0.9 ** t.item());
  const square = v.div(1 - 0.999 ** t.item());
  return mean.div(square.sqrt().add(1e-8));
  // end of solution
}
