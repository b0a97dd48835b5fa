import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.1. dh
 *
 * Forward:
 *   out = x + h @ W2
 *
 * Given:
 *   h [n, hidden]
 *   x, out, dout [n, features]
 *   W2 [hidden, features]
 *
 * Return: dh [n, hidden]
 *
 * @see [the lesson](README.md#relu-with-a-residual-connection)
 */
export function dh({ h, x, W2, out, dout }: Given<"relu-dh">): Tensor {
  throw todo("relu-dh");
}
