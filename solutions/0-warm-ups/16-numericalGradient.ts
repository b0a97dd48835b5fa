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
  // solution
  const h = nudge.item();
  const estimate = zerosLike(spot);
  for (let i = 0; i < spot.size(0); i++) {
    for (let j = 0; j < spot.size(1); j++) {
      const up = spot.clone().set(i, j, spot.get(i, j) + h);
      const down = spot.clone().set(i, j, spot.get(i, j) - h);
      estimate.set(i, j, (lossOf(up).item() - lossOf(down).item()) / (2 * h));
    }
  }
  return estimate;
  // end of solution
}
