import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 15. dbnraw
 *
 * Forward:
 *   hpreact = bngain * bnraw + bnbias
 *
 * Given:
 *   bnraw, hpreact, dhpreact [n, hidden]
 *   bngain, bnbias [1, hidden]
 *
 * Return: dbnraw [n, hidden]
 *
 * @see [the lesson](README.md#15-dbnraw)
 */
export function dbnraw({ bnraw, bngain, bnbias, hpreact, dhpreact }: Given<"dbnraw">): Tensor {
  // solution
  return bngain.mul(dhpreact);
  // end of solution
}
