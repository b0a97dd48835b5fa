import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.57. dx
 *
 * Forward:
 *   raw1 = (x - x.mean(2, keepdim)) * (x.var(2, unbiased=False, keepdim) + 1e-5) ** -0.5
 *   res = x + (mixed @ Wo).sum(1)
 *
 * Given:
 *   x, raw1, draw1, res, dres [sequences, time, embd]
 *   mixed [sequences, heads, time, width]
 *   Wo [heads, width, embd]
 *
 * Return: dx [sequences, time, embd]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dx({ x, raw1, draw1, mixed, Wo, res, dres }: Given<"block-dx">): Tensor {
  throw todo("block-dx");
}
