import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.6. dW
 *
 * Forward:
 *   out = dropped @ W
 *
 * Given:
 *   W [hidden, width]
 *   dropped [n, hidden]
 *   out, dout [n, width]
 *
 * Return: dW [hidden, width]
 *
 * @see [the lesson](README.md#dropout)
 */
export function dW({ W, dropped, out, dout }: Given<"dropout-dW">): Tensor {
  // solution
  return dropped.T.matmul(dout);
  // end of solution
}
