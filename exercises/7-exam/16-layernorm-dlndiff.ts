import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.16. dlndiff
 *
 * Forward:
 *   lnvar = (lndiff ** 2).mean(1, keepdim)
 *   lnraw = lndiff * lnvar_inv
 *
 * Given:
 *   lndiff, lnraw, dlnraw [n, features]
 *   lnvar, dlnvar, lnvar_inv [n, 1]
 *
 * Return: dlndiff [n, features]
 *
 * @see [the lesson](README.md#layer-norm)
 */
export function dlndiff({ lndiff, lnvar, dlnvar, lnvar_inv, lnraw, dlnraw }: Given<"layernorm-dlndiff">): Tensor {
  throw todo("layernorm-dlndiff");
}
