import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 5.3. forgotten
 *
 * Forward:
 *   bnmeani = 1/n * hprebn.sum(0, keepdim)
 *   bndiff = hprebn - bnmeani
 *   forgotten = dhprebn - dbndiff, where dhprebn has both branches
 *
 * Given:
 *   dbndiff [n, hidden]
 *
 * Return: forgotten [n, hidden]
 *
 * @see [the lesson](README.md#3-forgotten-one-branch-of-a-fan-out)
 */
export function forgotten({ dbndiff }: Given<"forgotten">): Tensor {
  // solution
  // every row subtracts bnmeani, and each row of hprebn contributes 1/n of itself to bnmeani
  return dbndiff.mean(0, keepdim).neg().expand(dbndiff.shape);
  // end of solution
}
