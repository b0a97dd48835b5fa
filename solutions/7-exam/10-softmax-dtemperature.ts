import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.10. dtemperature
 *
 * Forward:
 *   scaled = scores / temperature
 *
 * Given:
 *   temperature [1]
 *   scores, scaled, dscaled [n, options]
 *
 * Return: dtemperature [1]
 *
 * @see [the lesson](README.md#softmax-with-a-temperature)
 */
export function dtemperature({ temperature, scores, scaled, dscaled }: Given<"softmax-dtemperature">): Tensor {
  // solution
  return scaled.mul(dscaled).sum().neg().div(temperature);
  // end of solution
}
