import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 18. dbndiff2
 *
 * Forward:
 *   bnvar = 1/(n-1) * bndiff2.sum(0, keepdim)
 *
 * Given:
 *   bndiff2 [n, hidden]
 *   bnvar, dbnvar [1, hidden]
 *
 * Return: dbndiff2 [n, hidden]
 *
 * @see [the lesson](README.md#18-dbndiff2)
 */
export function dbndiff2({ bndiff2, bnvar, dbnvar }: Given<"dbndiff2">): Tensor {
  // solution
  const n = bndiff2.size(0);
  return onesLike(bndiff2)
    .mul(1 / (n - 1))
    .mul(dbnvar);
  // end of solution
}
