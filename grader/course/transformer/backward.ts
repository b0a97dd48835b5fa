import { keepdim, oneHot, type Tensor } from "#tensor";
import { intoHeads, sideBySide } from "./lines.ts";

/** The gradient of a layer norm's input: the mean, and the part along the normalized channels, are taken out. */
export function throughNorm(dln: Tensor, gain: Tensor, raw: Tensor, inv: Tensor): Tensor {
  const draw = dln.mul(gain);
  const along = draw.mul(raw).mean(-1, keepdim);
  return draw.sub(draw.mean(-1, keepdim)).sub(raw.mul(along)).mul(inv);
}

/** The gradient of what a softmax over the last dimension is of. */
export function throughSoftmax(weights: Tensor, dweights: Tensor): Tensor {
  return weights.mul(dweights.sub(dweights.mul(weights).sum(-1, keepdim)));
}

/** The slope of tanh where its value is h. */
export function slopeAt(h: Tensor): Tensor {
  return h.pow(2).neg().add(1);
}

/** A block's tensors that its backward pass reads, without the block's number. */
export type BlockValues<Name extends string> = Readonly<Record<Name, Tensor>>;

type Neurons = BlockValues<"gain2" | "inv2" | "raw2" | "W1" | "h" | "W2">;
type Attention = BlockValues<"Wq" | "Wk" | "Wv" | "q" | "k" | "v" | "weights">;

/** Back through the neurons of a block, from its output to the sum in its middle. */
export function backwardNeurons(
  { gain2, inv2, raw2, W1, h, W2 }: Neurons,
  dx: Tensor,
): Readonly<Record<"dpre" | "dln2" | "dy", Tensor>> {
  const dpre = dx.matmul(W2.T).mul(slopeAt(h));
  const dln2 = dpre.matmul(W1.T);
  return { dpre, dln2, dy: throughNorm(dln2, gain2, raw2, inv2).add(dx) };
}

/** Back through the heads of a block, from what they mixed to what they read; dq, dk and dv with heads side by side. */
export function backwardAttention(
  { Wq, Wk, Wv, q, k, v, weights }: Attention,
  dmixed: Tensor,
): Readonly<Record<"dq" | "dk" | "dv" | "dln1", Tensor>> {
  const dheads = intoHeads(dmixed);
  const dscores = throughSoftmax(weights, dheads.matmul(v.transpose(2, 3))).mul(q.size(3) ** -0.5);
  const dq = sideBySide(dscores.matmul(k));
  const dk = sideBySide(dscores.transpose(2, 3).matmul(q));
  const dv = sideBySide(weights.transpose(2, 3).matmul(dheads));
  return { dq, dk, dv, dln1: dq.matmul(Wq.T).add(dk.matmul(Wk.T)).add(dv.matmul(Wv.T)) };
}

/** The gradient of the logits of a cross-entropy, a mean over all places. */
export function throughCrossEntropy(probs: Tensor, Yb: Tensor, count: number): Tensor {
  return probs.sub(oneHot(Yb, probs.size(-1))).div(count);
}
