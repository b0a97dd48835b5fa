import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 0.9. dpre
 *
 * Forward:
 *   out = tanh(pre)
 *
 * Given:
 *   pre, out, dout [rows, columns]
 *
 * Return: dpre [rows, columns]
 *
 * @see [the lesson](README.md#9-dpre-tanh-from-its-output)
 */
export function dpre({ pre, out, dout }: Given<"dpre">): Tensor {
  // solution
  return tensor(1).sub(out.pow(2)).mul(dout);
  // end of solution
}
