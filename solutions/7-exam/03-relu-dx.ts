import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.3. dx
 *
 * Forward:
 *   pre = x @ W1 + b1
 *   out = x + h @ W2
 *
 * Given:
 *   x, out, dout [n, width]
 *   W1 [width, hidden]
 *   b1 [hidden]
 *   pre, dpre, h [n, hidden]
 *   W2 [hidden, width]
 *
 * Return: dx [n, width]
 *
 * @see [the lesson](README.md#relu-with-a-residual-connection)
 */
export function dx({ x, W1, b1, pre, dpre, h, W2, out, dout }: Given<"relu-dx">): Tensor {
  // solution
  return dout.add(dpre.matmul(W1.T));
  // end of solution
}
