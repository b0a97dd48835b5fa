import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.51. dWo
 *
 * Forward:
 *   res = x + (mixed @ Wo).sum(1)
 *
 * Given:
 *   Wo [heads, width, embd]
 *   x, res, dres [sequences, time, embd]
 *   mixed [sequences, heads, time, width]
 *
 * Return: dWo [heads, width, embd]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dWo({ Wo, x, mixed, res, dres }: Given<"block-dWo">): Tensor {
  throw todo("block-dWo");
}
