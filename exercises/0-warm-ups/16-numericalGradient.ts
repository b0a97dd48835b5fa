import { lossOf, todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 0.16. numericalGradient
 *
 * Forward:
 *   lossOf(spot) = (spot ** 3).sum() / 3 + spot.max(1).values.sum()
 *   estimate = at each entry, the loss with this entry + nudge, minus the loss with it - nudge, over 2 * nudge
 *
 * Given:
 *   spot [layers, slots]
 *   nudge []
 *
 * Return: estimate [layers, slots]
 *
 * @see [the lesson](README.md#16-numericalgradient-checking-a-gradient-without-an-answer)
 */
export function numericalGradient({ spot, nudge }: Given<"numericalGradient">): Tensor {
  throw todo("numericalGradient");
}
