import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.36. djoined
 *
 * Forward:
 *   out = joined @ Wo
 *
 * Given:
 *   joined [sequences, time, heads*width]
 *   Wo [heads*width, embd]
 *   out, dout [sequences, time, embd]
 *
 * Return: djoined [sequences, time, heads*width]
 *
 * @see [the lesson](README.md#several-heads)
 */
export function djoined({ joined, Wo, out, dout }: Given<"heads-djoined">): Tensor {
  // solution
  return dout.matmul(Wo.T);
  // end of solution
}
