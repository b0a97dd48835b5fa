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
  // solution
  const n = hprebn.size(0);
  const bnmeani = hprebn.sum(0, keepdim).mul(1 / n);
  const bndiff2 = hprebn.sub(bnmeani).pow(2);
  const biased = bndiff2.sum(0, keepdim).mul(1 / n);
  const unbiased = bndiff2.sum(0, keepdim).mul(1 / (n - 1));
  return biased.add(1e-5).div(unbiased.add(1e-5)).pow(0.5);
  // end of solution
}
