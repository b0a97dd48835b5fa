import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 5.1. gap
 *
 * Forward:
 *   hpreact = bngain * bnraw + bnbias
 *   mistaken = (hpreact * dhpreact).sum(0, keepdim)
 *   correct = (bnraw * dhpreact).sum(0, keepdim)
 *   gap = mistaken - correct
 *
 * Given:
 *   bngain, bnbias [1, hidden]
 *   bnraw, dhpreact [n, hidden]
 *
 * Return: gap [1, hidden]
 *
 * @see [the lesson](README.md#1-gap-biases-at-zero)
 */
export function gap({ bngain, bnbias, bnraw, dhpreact }: Given<"gap">): Tensor {
  throw todo("gap");
}
