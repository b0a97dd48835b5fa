import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.17. dlnmean
 *
 * Forward:
 *   lndiff = x - lnmean
 *
 * Given:
 *   lnmean [n, 1]
 *   x, lndiff, dlndiff [n, features]
 *
 * Return: dlnmean [n, 1]
 *
 * @see [the lesson](README.md#layer-norm)
 */
export function dlnmean({ lnmean, x, lndiff, dlndiff }: Given<"layernorm-dlnmean">): Tensor {
  // solution
  return dlndiff.sum(1, keepdim).neg();
  // end of solution
}
