import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.9. dtempered
 *
 * Forward:
 *   probs = softmax(tempered, 1)
 *
 * Given:
 *   tempered, probs, dprobs [n, experts]
 *
 * Return: dtempered [n, experts]
 *
 * @see [the lesson](README.md#softmax-with-a-temperature)
 */
export function dtempered({ tempered, probs, dprobs }: Given<"softmax-dtempered">): Tensor {
  // solution
  return probs.mul(dprobs.sub(probs.mul(dprobs).sum(1, keepdim)));
  // end of solution
}
