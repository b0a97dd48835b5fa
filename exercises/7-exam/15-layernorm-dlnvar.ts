import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.15. dlnvar
 *
 * Forward:
 *   lnvar_inv = (lnvar + 1e-5) ** -0.5
 *
 * Given:
 *   lnvar, lnvar_inv, dlnvar_inv [n, 1]
 *
 * Return: dlnvar [n, 1]
 *
 * @see [the lesson](README.md#layer-norm)
 */
export function dlnvar({ lnvar, lnvar_inv, dlnvar_inv }: Given<"layernorm-dlnvar">): Tensor {
  throw todo("layernorm-dlnvar");
}
