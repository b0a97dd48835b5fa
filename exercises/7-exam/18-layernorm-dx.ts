import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.18. dx
 *
 * Forward:
 *   lnmean = x.mean(1, keepdim)
 *   lndiff = x - lnmean
 *
 * Given:
 *   x, lndiff, dlndiff [n, features]
 *   lnmean, dlnmean [n, 1]
 *
 * Return: dx [n, features]
 *
 * @see [the lesson](README.md#layer-norm)
 */
export function dx({ x, lnmean, dlnmean, lndiff, dlndiff }: Given<"layernorm-dx">): Tensor {
  throw todo("layernorm-dx");
}
