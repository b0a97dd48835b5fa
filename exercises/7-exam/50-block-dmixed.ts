import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.50. dmixed
 *
 * Forward:
 *   res = x + (mixed @ Wo).sum(1)
 *
 * Given:
 *   mixed [sequences, heads, time, width]
 *   x, res, dres [sequences, time, embd]
 *   Wo [heads, width, embd]
 *
 * Return: dmixed [sequences, heads, time, width]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dmixed({ mixed, x, Wo, res, dres }: Given<"block-dmixed">): Tensor {
  throw todo("block-dmixed");
}
