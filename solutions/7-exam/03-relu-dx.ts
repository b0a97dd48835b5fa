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
 *   x, out, dout [n, features]
 *   W1 [features, hidden]
 *   b1 [hidden]
 *   pre, dpre, h [n, hidden]
 *   W2 [hidden, features]
 *
 * Return: dx [n, features]
 *
 * @see [the lesson](README.md#relu-with-a-residual-connection)
 */
export function dx({ x, W1, b1, pre, dpre, h, W2, out, dout }: Given<"relu-dx">): Tensor {
  // solution
  return dout.add(dpre.matmul(W1.T));
  // end of solution
}
