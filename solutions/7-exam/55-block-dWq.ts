import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.55. dWq
 *
 * Forward:
 *   Q = norm1.view(sequences, 1, time, embd) @ Wq
 *
 * Given:
 *   Wq [heads, embd, width]
 *   norm1 [sequences, time, embd]
 *   Q, dQ [sequences, heads, time, width]
 *
 * Return: dWq [heads, embd, width]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dWq({ Wq, norm1, Q, dQ }: Given<"block-dWq">): Tensor {
  // solution
  const [sequences, time, embd] = norm1.shape as [number, number, number];
  return norm1.view(sequences, 1, time, embd).transpose(2, 3).matmul(dQ).sum(0);
  // end of solution
}
