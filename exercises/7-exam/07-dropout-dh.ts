import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.7. dh
 *
 * Forward:
 *   thinned = h * mask / 0.8
 *
 * Given:
 *   h, mask, thinned, dthinned [n, hidden]
 *
 * Return: dh [n, hidden]
 *
 * @see [the lesson](README.md#dropout)
 */
export function dh({ h, mask, thinned, dthinned }: Given<"dropout-dh">): Tensor {
  throw todo("dropout-dh");
}
