import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.9. dscaled
 *
 * Forward:
 *   probs = softmax(scaled, 1)
 *
 * Given:
 *   scaled, probs, dprobs [n, options]
 *
 * Return: dscaled [n, options]
 *
 * @see [the lesson](README.md#softmax-with-a-temperature)
 */
export function dscaled({ scaled, probs, dprobs }: Given<"softmax-dscaled">): Tensor {
  throw todo("softmax-dscaled");
}
