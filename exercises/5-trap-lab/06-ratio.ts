import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 5.6. ratio
 *
 * Forward:
 *   bnmeani = 1/n * hprebn.sum(0, keepdim)
 *   bndiff = hprebn - bnmeani
 *   bndiff2 = bndiff ** 2
 *   biased = 1/n * bndiff2.sum(0, keepdim)
 *   unbiased = 1/(n-1) * bndiff2.sum(0, keepdim)
 *   ratio = bnraw computed with unbiased, divided by bnraw computed with biased
 *
 * Given:
 *   hprebn [n, hidden]
 *
 * Return: ratio [1, hidden]
 *
 * @see [the lesson](README.md#6-ratio-two-variances)
 */
export function ratio({ hprebn }: Given<"ratio">): Tensor {
  throw todo("ratio");
}
