import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 5.3. forgotten
 *
 * Forward:
 *   bnmeani = 1/n * hprebn.sum(0, keepdim)
 *   bndiff = hprebn - bnmeani
 *   forgotten = dhprebn - dbndiff, with all of dhprebn that hprebn is to get
 *
 * Given:
 *   dbndiff [n, hidden]
 *
 * Return: forgotten [n, hidden]
 */
export function forgotten({ dbndiff }: Given<"forgotten">): Tensor {
  throw todo("forgotten");
}
