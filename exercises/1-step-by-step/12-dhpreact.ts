import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 12. dhpreact
 *
 * Forward:
 *   h = tanh(hpreact)
 *
 * Given:
 *   hpreact, h, dh [n, hidden]
 *
 * Return: dhpreact [n, hidden]
 *
 * @see [the lesson](README.md#12-dhpreact)
 */
export function dhpreact({ hpreact, h, dh }: Given<"dhpreact">): Tensor {
  throw todo("dhpreact");
}
