import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.52. dV
 *
 * Forward:
 *   mixed = weights @ V
 *
 * Given:
 *   V, mixed, dmixed [sequences, heads, time, width]
 *   weights [sequences, heads, time, time]
 *
 * Return: dV [sequences, heads, time, width]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dV({ V, weights, mixed, dmixed }: Given<"block-dV">): Tensor {
  throw todo("block-dV");
}
