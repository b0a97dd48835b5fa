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
  // solution
  return lnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dlnvar_inv);
  // end of solution
}
