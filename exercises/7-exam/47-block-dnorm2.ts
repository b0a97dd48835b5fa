import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.47. dnorm2
 *
 * Forward:
 *   pre = norm2 @ W1
 *
 * Given:
 *   norm2 [sequences, time, embd]
 *   W1 [embd, hidden]
 *   pre, dpre [sequences, time, hidden]
 *
 * Return: dnorm2 [sequences, time, embd]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dnorm2({ norm2, W1, pre, dpre }: Given<"block-dnorm2">): Tensor {
  throw todo("block-dnorm2");
}
