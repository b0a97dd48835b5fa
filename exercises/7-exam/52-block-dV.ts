import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.52. dV
 *
 * Forward:
 *   mixed = weights @ V
 *
 * Given:
 *   V, mixed, dmixed [batch, heads, time, width]
 *   weights [batch, heads, time, time]
 *
 * Return: dV [batch, heads, time, width]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dV({ V, weights, mixed, dmixed }: Given<"block-dV">): Tensor {
  throw todo("block-dV");
}
