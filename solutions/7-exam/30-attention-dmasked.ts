import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.30. dmasked
 *
 * Forward:
 *   weights = softmax(masked, 2)
 *
 * Given:
 *   masked, weights, dweights [sequences, time, time]
 *
 * Return: dmasked [sequences, time, time]
 *
 * @see [the lesson](README.md#attention)
 */
export function dmasked({ masked, weights, dweights }: Given<"attention-dmasked">): Tensor {
  // solution
  return weights.mul(dweights.sub(weights.mul(dweights).sum(2, keepdim)));
  // end of solution
}
