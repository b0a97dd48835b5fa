import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 2. dprobs
 *
 * Forward:
 *   logprobs = log(probs)
 *
 * Given:
 *   probs, logprobs, dlogprobs [n, vocab]
 *
 * Return: dprobs [n, vocab]
 *
 * @see [the lesson](README.md#2-dprobs)
 */
export function dprobs({ probs, logprobs, dlogprobs }: Given<"dprobs">): Tensor {
  // solution
  return probs.pow(-1).mul(dlogprobs);
  // end of solution
}
