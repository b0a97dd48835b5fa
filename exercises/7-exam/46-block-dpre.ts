import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.46. dpre
 *
 * Forward:
 *   act = 0.5 * pre * (1 + tanh((2 / pi) ** 0.5 * (pre + 0.044715 * pre ** 3)))
 *
 * Given:
 *   pre, act, dact [sequences, time, hidden]
 *
 * Return: dpre [sequences, time, hidden]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dpre({ pre, act, dact }: Given<"block-dpre">): Tensor {
  throw todo("block-dpre");
}
