import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 8.6. dy_0
 *
 * Forward:
 *   diff2_0 = y_0 - y_0.mean(-1, keepdim)
 *   inv2_0 = ((diff2_0 ** 2).mean(-1, keepdim) + 1e-5) ** -0.5
 *   raw2_0 = diff2_0 * inv2_0
 *   ln2_0 = gain2_0 * raw2_0 + bias2_0
 *   h_0 = tanh(ln2_0 @ W1_0 + b1_0)
 *   x_1 = y_0 + h_0 @ W2_0 + b2_0
 *
 * Given:
 *   gain2_0 [embd]
 *   inv2_0 [batch, time, 1]
 *   raw2_0, dx_1 [batch, time, embd]
 *   W1_0 [embd, hidden]
 *   h_0 [batch, time, hidden]
 *   W2_0 [hidden, embd]
 *
 * Return: dy_0 [batch, time, embd]
 *
 * @see [the lesson](README.md#6-dy_0-back-through-the-neurons-and-around-them)
 */
export function dy_0({ gain2_0, inv2_0, raw2_0, W1_0, h_0, W2_0, dx_1 }: Given<"dy_0">): Tensor {
  // solution
  const dpre = dx_1.matmul(W2_0.T).mul(tensor(1).sub(h_0.pow(2)));
  const draw = dpre.matmul(W1_0.T).mul(gain2_0);
  const mean = draw.mean(-1, keepdim);
  const along = draw.mul(raw2_0).mean(-1, keepdim);
  return draw.sub(mean).sub(raw2_0.mul(along)).mul(inv2_0).add(dx_1);
  // end of solution
}
