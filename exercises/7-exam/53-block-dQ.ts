import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.53. dQ
 *
 * Forward:
 *   weights = softmax((Q @ K.transpose(2, 3) * width ** -0.5).masked_fill(later, -inf), 3)
 *
 * Given:
 *   Q, K [sequences, heads, time, width]
 *   later [time, time]
 *   weights, dweights [sequences, heads, time, time]
 *
 * Return: dQ [sequences, heads, time, width]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dQ({ Q, K, later, weights, dweights }: Given<"block-dQ">): Tensor {
  throw todo("block-dQ");
}
