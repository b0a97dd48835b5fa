import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 17. dbnvar
 *
 * Forward:
 *   bnvar_inv = (bnvar + 1e-5) ** -0.5
 *
 * Given:
 *   bnvar, bnvar_inv, dbnvar_inv [1, hidden]
 *
 * Return: dbnvar [1, hidden]
 *
 * @see [the lesson](README.md#17-dbnvar)
 */
export function dbnvar({ bnvar, bnvar_inv, dbnvar_inv }: Given<"dbnvar">): Tensor {
  // solution
  return bnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dbnvar_inv);
  // end of solution
}
