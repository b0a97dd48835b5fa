import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 3.1. dhprebn
 *
 * Forward:
 *   bnmeani = 1/n * hprebn.sum(0, keepdim)
 *   bndiff = hprebn - bnmeani
 *   bndiff2 = bndiff ** 2
 *   bnvar = 1/(n-1) * bndiff2.sum(0, keepdim)
 *   bnvar_inv = (bnvar + 1e-5) ** -0.5
 *   bnraw = bndiff * bnvar_inv
 *   hpreact = bngain * bnraw + bnbias
 *
 * Given:
 *   bngain, bnvar_inv [1, hidden]
 *   bnraw, dhpreact [n, hidden]
 *
 * Return: dhprebn [n, hidden]
 *
 * @see [the lesson](README.md)
 */
export function dhprebn({ bngain, bnvar_inv, bnraw, dhpreact }: Given<"fused-dhprebn">): Tensor {
  throw todo("fused-dhprebn");
}
