import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.24. dbent
 *
 * Forward:
 *   out = 0.5 * x * (1 + bent)
 *
 * Given:
 *   bent, x, out, dout [n, hidden]
 *
 * Return: dbent [n, hidden]
 *
 * @see [the lesson](README.md#gelu)
 */
export function dbent({ bent, x, out, dout }: Given<"gelu-dbent">): Tensor {
  // solution
  return x.mul(0.5).mul(dout);
  // end of solution
}
