import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.39. dweights
 *
 * Forward:
 *   mixed = weights @ V.view(sequences, time, heads, width).transpose(1, 2)
 *
 * Given:
 *   weights [sequences, heads, time, time]
 *   V [sequences, time, heads*width]
 *   mixed, dmixed [sequences, heads, time, width]
 *
 * Return: dweights [sequences, heads, time, time]
 *
 * @see [the lesson](README.md#several-heads)
 */
export function dweights({ weights, V, mixed, dmixed }: Given<"heads-dweights">): Tensor {
  // solution
  const [sequences, heads, time, width] = mixed.shape as [number, number, number, number];
  const values = V.view(sequences, time, heads, width).transpose(1, 2);
  return dmixed.matmul(values.transpose(2, 3));
  // end of solution
}
