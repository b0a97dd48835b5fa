import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 14. dbnbias
 *
 * Forward:
 *   hpreact = bngain * bnraw + bnbias
 *
 * Given:
 *   bnbias, bngain [1, hidden]
 *   bnraw, hpreact, dhpreact [n, hidden]
 *
 * Return: dbnbias [1, hidden]
 *
 * @see [the lesson](README.md#14-dbnbias)
 */
export function dbnbias({ bnbias, bngain, bnraw, hpreact, dhpreact }: Given<"dbnbias">): Tensor {
  // solution
  return dhpreact.sum(0, keepdim);
  // end of solution
}
