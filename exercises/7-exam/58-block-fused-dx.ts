import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.58. dx
 *
 * Forward:
 *   raw1 = (x - x.mean(2, keepdim)) * (x.var(2, unbiased=False, keepdim) + 1e-5) ** -0.5
 *   norm1 = gain1 * raw1
 *   Q = norm1.view(sequences, 1, time, embd) @ Wq
 *   K = norm1.view(sequences, 1, time, embd) @ Wk
 *   V = norm1.view(sequences, 1, time, embd) @ Wv
 *   weights = softmax((Q @ K.transpose(2, 3) * width ** -0.5).masked_fill(later, -inf), 3)
 *   mixed = weights @ V
 *   res = x + (mixed @ Wo).sum(1)
 *   raw2 = (res - res.mean(2, keepdim)) * (res.var(2, unbiased=False, keepdim) + 1e-5) ** -0.5
 *   norm2 = gain2 * raw2
 *   pre = norm2 @ W1
 *   act = 0.5 * pre * (1 + tanh((2 / pi) ** 0.5 * (pre + 0.044715 * pre ** 3)))
 *   out = res + act @ W2
 *
 * Given:
 *   x, dout [sequences, time, embd]
 *   gain1, gain2 [embd]
 *   Wq, Wk, Wv [heads, embd, width]
 *   Wo [heads, width, embd]
 *   W1 [embd, hidden]
 *   W2 [hidden, embd]
 *   later [time, time]
 *
 * Return: dx [sequences, time, embd]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dx({ x, gain1, Wq, Wk, Wv, Wo, gain2, W1, W2, later, dout }: Given<"block-fused-dx">): Tensor {
  throw todo("block-fused-dx");
}
