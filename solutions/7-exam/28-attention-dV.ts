import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.28. dV
 *
 * Forward:
 *   out = weights @ V
 *
 * Given:
 *   V, out, dout [batch, time, width]
 *   weights [batch, time, time]
 *
 * Return: dV [batch, time, width]
 *
 * @see [the lesson](README.md#attention)
 */
export function dV({ V, weights, out, dout }: Given<"attention-dV">): Tensor {
  // solution
  return weights.transpose(1, 2).matmul(dout);
  // end of solution
}
