import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.39. dweights
 *
 * Forward:
 *   mixed = weights @ V.view(batch, time, heads, width).transpose(1, 2)
 *
 * Given:
 *   weights [batch, heads, time, time]
 *   V [batch, time, heads*width]
 *   mixed, dmixed [batch, heads, time, width]
 *
 * Return: dweights [batch, heads, time, time]
 *
 * @see [the lesson](README.md#several-heads)
 */
export function dweights({ weights, V, mixed, dmixed }: Given<"heads-dweights">): Tensor {
  // solution
  const [batch, heads, time, width] = mixed.shape as [number, number, number, number];
  const values = V.view(batch, time, heads, width).transpose(1, 2);
  return dmixed.matmul(values.transpose(2, 3));
  // end of solution
}
