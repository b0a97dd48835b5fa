import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.40. dV
 *
 * Forward:
 *   mixed = weights @ V.view(sequences, time, heads, width).transpose(1, 2)
 *
 * Given:
 *   V [sequences, time, heads*width]
 *   weights [sequences, heads, time, time]
 *   mixed, dmixed [sequences, heads, time, width]
 *
 * Return: dV [sequences, time, heads*width]
 *
 * @see [the lesson](README.md#several-heads)
 */
export function dV({ V, weights, mixed, dmixed }: Given<"heads-dV">): Tensor {
  throw todo("heads-dV");
}
