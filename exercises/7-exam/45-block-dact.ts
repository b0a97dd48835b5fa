import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.45. dact
 *
 * Forward:
 *   out = res + act @ W2
 *
 * Given:
 *   act [batch, time, hidden]
 *   res, out, dout [batch, time, embd]
 *   W2 [hidden, embd]
 *
 * Return: dact [batch, time, hidden]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dact({ act, res, W2, out, dout }: Given<"block-dact">): Tensor {
  throw todo("block-dact");
}
