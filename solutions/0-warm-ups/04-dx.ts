import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 0.4. dx
 *
 * Forward:
 *   u = x * y
 *   v = x + y
 *
 * Given:
 *   x, y, u, v, du, dv [rows, columns]
 *
 * Return: dx [rows, columns]
 *
 * @see [the lesson](README.md#4-dx-a-variable-used-twice)
 */
export function dx({ x, y, u, v, du, dv }: Given<"dx">): Tensor {
  // solution
  return y.mul(du).add(dv);
  // end of solution
}
