import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.45. dact
 *
 * Forward:
 *   out = res + act @ W2
 *
 * Given:
 *   act [sequences, time, hidden]
 *   res, out, dout [sequences, time, embd]
 *   W2 [hidden, embd]
 *
 * Return: dact [sequences, time, hidden]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dact({ act, res, W2, out, dout }: Given<"block-dact">): Tensor {
  // solution
  return dout.matmul(W2.T);
  // end of solution
}
