import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.29. dweights
 *
 * Forward:
 *   out = weights @ V
 *
 * Given:
 *   weights [sequences, time, time]
 *   V, out, dout [sequences, time, width]
 *
 * Return: dweights [sequences, time, time]
 *
 * @see [the lesson](README.md#attention)
 */
export function dweights({ weights, V, out, dout }: Given<"attention-dweights">): Tensor {
  // solution
  return dout.matmul(V.transpose(1, 2));
  // end of solution
}
