import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 8.5. dx_2
 *
 * Forward:
 *   diff = x_2 - x_2.mean(-1, keepdim)
 *   inv = ((diff ** 2).mean(-1, keepdim) + 1e-5) ** -0.5
 *   raw = diff * inv
 *   ln = gain * raw + bias
 *   logits = ln @ Wl + bl
 *   probs = softmax(logits, -1)
 *   logprobs = log(probs)
 *   loss = -mean of logprobs[b, t, Yb[b, t]]
 *
 * Given:
 *   inv [batch, time, 1]
 *   raw [batch, time, embd]
 *   gain [embd]
 *   Wl [embd, vocab]
 *   probs [batch, time, vocab]
 *   Yb [batch, time]
 *
 * Return: dx_2 [batch, time, embd]
 *
 * @see [the lesson](README.md#5-dx_2-from-the-loss-to-the-last-block)
 */
export function dx_2({ inv, raw, gain, Wl, probs, Yb }: Given<"dx_2">): Tensor {
  throw todo("dx_2");
}
