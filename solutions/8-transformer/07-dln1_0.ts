import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 8.7. dln1_0
 *
 * Forward:
 *   q_0 = heads of (ln1_0 @ Wq_0)
 *   k_0 = heads of (ln1_0 @ Wk_0)
 *   v_0 = heads of (ln1_0 @ Wv_0)
 *   scores_0 = q_0 @ k_0.transpose(2, 3) * head ** -0.5
 *   masked_0 = scores_0.masked_fill(later, -inf)
 *   weights_0 = softmax(masked_0, -1)
 *   mixed_0 = weights_0 @ v_0, heads side by side
 *
 * Given:
 *   ln1_0, dmixed_0 [batch, time, embd]
 *   Wq_0, Wk_0, Wv_0 [embd, embd]
 *   q_0, k_0, v_0 [batch, heads, time, head]
 *   later [time, time]
 *   weights_0 [batch, heads, time, time]
 *
 * Return: dln1_0 [batch, time, embd]
 *
 * @see [the lesson](README.md#7-dln1_0-back-through-four-heads)
 */
export function dln1_0({
  ln1_0,
  Wq_0,
  Wk_0,
  Wv_0,
  q_0,
  k_0,
  v_0,
  later,
  weights_0,
  dmixed_0,
}: Given<"dln1_0">): Tensor {
  // solution
  const [batch, time, embd] = ln1_0.shape as [number, number, number];
  const out = (x: Tensor): Tensor => x.transpose(1, 2).view(batch, time, embd);
  const dheads = dmixed_0.view(batch, time, 4, embd / 4).transpose(1, 2);
  const dweights = dheads.matmul(v_0.transpose(2, 3));
  const dv = out(weights_0.transpose(2, 3).matmul(dheads));
  const sums = dweights.mul(weights_0).sum(-1, keepdim);
  const dscores = weights_0.mul(dweights.sub(sums)).mul((embd / 4) ** -0.5);
  const dq = out(dscores.matmul(k_0));
  const dk = out(dscores.transpose(2, 3).matmul(q_0));
  return dq.matmul(Wq_0.T).add(dk.matmul(Wk_0.T)).add(dv.matmul(Wv_0.T));
  // end of solution
}
