import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.40. dV
 *
 * Forward:
 *   mixed = weights @ V.view(batch, time, heads, width).transpose(1, 2)
 *
 * Given:
 *   V [batch, time, heads*width]
 *   weights [batch, heads, time, time]
 *   mixed, dmixed [batch, heads, time, width]
 *
 * Return: dV [batch, time, heads*width]
 *
 * @see [the lesson](README.md#several-heads)
 */
export function dV({ V, weights, mixed, dmixed }: Given<"heads-dV">): Tensor {
  throw todo("heads-dV");
}
