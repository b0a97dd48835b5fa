import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.2. dpre
 *
 * Forward:
 *   h = relu(pre)
 *
 * Given:
 *   pre, h, dh [n, hidden]
 *
 * Return: dpre [n, hidden]
 *
 * @see [the lesson](README.md#relu-with-a-residual-connection)
 */
export function dpre({ pre, h, dh }: Given<"relu-dpre">): Tensor {
  // solution
  return h.sign().mul(dh);
  // end of solution
}
