import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.37. dWo
 *
 * Forward:
 *   out = joined @ Wo
 *
 * Given:
 *   Wo [heads*width, embd]
 *   joined [sequences, time, heads*width]
 *   out, dout [sequences, time, embd]
 *
 * Return: dWo [heads*width, embd]
 *
 * @see [the lesson](README.md#several-heads)
 */
export function dWo({ Wo, joined, out, dout }: Given<"heads-dWo">): Tensor {
  // solution
  const rows = joined.view(-1, joined.size(2));
  return rows.T.matmul(dout.view(-1, dout.size(2)));
  // end of solution
}
