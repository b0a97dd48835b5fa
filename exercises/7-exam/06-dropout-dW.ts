import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.6. dW
 *
 * Forward:
 *   out = thinned @ W
 *
 * Given:
 *   W [hidden, features]
 *   thinned [n, hidden]
 *   out, dout [n, features]
 *
 * Return: dW [hidden, features]
 *
 * @see [the lesson](README.md#dropout)
 */
export function dW({ W, thinned, out, dout }: Given<"dropout-dW">): Tensor {
  throw todo("dropout-dW");
}
