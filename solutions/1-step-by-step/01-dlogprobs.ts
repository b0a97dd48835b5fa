import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 1. dlogprobs
 *
 * Forward:
 *   loss = -mean of logprobs[i, Yb[i]]
 *
 * Given:
 *   logprobs [n, vocab]
 *   Yb [n]
 *   loss []
 *
 * Return: dlogprobs [n, vocab]
 *
 * @see [the lesson](README.md#1-dlogprobs)
 */
export function dlogprobs({ logprobs, Yb, loss }: Given<"dlogprobs">): Tensor {
  // solution
  const n = Yb.size(0);
  const dlogprobs = zerosLike(logprobs);
  for (let i = 0; i < n; i++) dlogprobs.set(i, Yb.get(i), -1 / n);
  return dlogprobs;
  // end of solution
}
