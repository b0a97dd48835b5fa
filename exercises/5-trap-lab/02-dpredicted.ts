import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 5.2. dpredicted
 *
 * Forward:
 *   loss = 0.5 * ((predicted - target) ** 2).sum()
 *   dpredicted = the gradient of loss with respect to predicted, each entry clipped to [-1, 1]
 *
 * Given:
 *   predicted, target [rows, columns]
 *
 * Return: dpredicted [rows, columns]
 *
 * @see [the lesson](README.md#2-dpredicted-clipping-the-loss-instead-of-the-gradient)
 */
export function dpredicted({ predicted, target }: Given<"dpredicted">): Tensor {
  throw todo("dpredicted");
}
