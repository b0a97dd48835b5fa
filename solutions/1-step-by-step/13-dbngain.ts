import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 13. dbngain
 *
 * Forward:
 *   hpreact = bngain * bnraw + bnbias
 *
 * Given:
 *   bngain, bnbias [1, hidden]
 *   bnraw, hpreact, dhpreact [n, hidden]
 *
 * Return: dbngain [1, hidden]
 *
 * @see [the lesson](README.md#13-dbngain)
 */
export function dbngain({ bngain, bnbias, bnraw, hpreact, dhpreact }: Given<"dbngain">): Tensor {
  // solution
  return bnraw.mul(dhpreact).sum(0, keepdim);
  // end of solution
}
