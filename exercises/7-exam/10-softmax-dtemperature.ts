import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.10. dtemperature
 *
 * Forward:
 *   tempered = scores / temperature
 *
 * Given:
 *   temperature [1]
 *   scores, tempered, dtempered [n, experts]
 *
 * Return: dtemperature [1]
 *
 * @see [the lesson](README.md#softmax-with-a-temperature)
 */
export function dtemperature({ temperature, scores, tempered, dtempered }: Given<"softmax-dtemperature">): Tensor {
  throw todo("softmax-dtemperature");
}
