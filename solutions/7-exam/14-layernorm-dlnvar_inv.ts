import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.14. dlnvar_inv
 *
 * Forward:
 *   lnraw = lndiff * lnvar_inv
 *
 * Given:
 *   lnvar_inv [n, 1]
 *   lndiff, lnraw, dlnraw [n, features]
 *
 * Return: dlnvar_inv [n, 1]
 *
 * @see [the lesson](README.md#layer-norm)
 */
export function dlnvar_inv({ lnvar_inv, lndiff, lnraw, dlnraw }: Given<"layernorm-dlnvar_inv">): Tensor {
  // solution
  return lndiff.mul(dlnraw).sum(1, keepdim);
  // end of solution
}
