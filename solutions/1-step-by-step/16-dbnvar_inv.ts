import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 16. dbnvar_inv
 *
 * Forward:
 *   bnraw = bndiff * bnvar_inv
 *
 * Given:
 *   bnvar_inv [1, hidden]
 *   bndiff, bnraw, dbnraw [n, hidden]
 *
 * Return: dbnvar_inv [1, hidden]
 *
 * @see [the lesson](README.md#16-dbnvar_inv)
 */
export function dbnvar_inv({ bnvar_inv, bndiff, bnraw, dbnraw }: Given<"dbnvar_inv">): Tensor {
  // solution
  return bndiff.mul(dbnraw).sum(0, keepdim);
  // end of solution
}
