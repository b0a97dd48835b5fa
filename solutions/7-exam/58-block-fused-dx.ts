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
  // solution
  const [sequences, time, embd] = x.shape as [number, number, number];
  const perHead = (rows: Tensor): Tensor => rows.view(sequences, 1, time, embd);
  const inverseRoot = (rows: Tensor): Tensor =>
    rows.sub(rows.mean(2, keepdim)).pow(2).mean(2, keepdim).add(1e-5).pow(-0.5);
  const throughNorm = (raw: Tensor, inverse: Tensor, draw: Tensor): Tensor =>
    draw
      .sub(draw.mean(2, keepdim))
      .sub(raw.mul(draw.mul(raw).mean(2, keepdim)))
      .mul(inverse);

  // forward, attention
  const inverse1 = inverseRoot(x);
  const raw1 = x.sub(x.mean(2, keepdim)).mul(inverse1);
  const norm1 = perHead(raw1.mul(gain1));
  const Q = norm1.matmul(Wq);
  const K = norm1.matmul(Wk);
  const V = norm1.matmul(Wv);
  const scale = Q.size(3) ** -0.5;
  const weights = Q.matmul(K.transpose(2, 3)).mul(scale).maskedFill(later, -Infinity).softmax(3);
  const res = x.add(weights.matmul(V).matmul(Wo).sum(1));

  // forward, the hidden layer
  const inverse2 = inverseRoot(res);
  const raw2 = res.sub(res.mean(2, keepdim)).mul(inverse2);
  const pre = raw2.mul(gain2).matmul(W1);
  const root = Math.sqrt(2 / Math.PI);
  const bent = pre.pow(3).mul(0.044715).add(pre).mul(root).tanh();

  // backward, the hidden layer
  const dinner = pre
    .pow(2)
    .mul(3 * 0.044715)
    .add(1)
    .mul(root);
  const slope = pre.mul(bent.pow(2).neg().add(1)).mul(dinner).add(bent).add(1).mul(0.5);
  const dpre = dout.matmul(W2.T).mul(slope);
  const dres = throughNorm(raw2, inverse2, dpre.matmul(W1.T).mul(gain2)).add(dout);

  // backward, attention
  const dmixed = perHead(dres).matmul(Wo.transpose(1, 2));
  const dV = weights.transpose(2, 3).matmul(dmixed);
  const dweights = dmixed.matmul(V.transpose(2, 3));
  const dscores = weights.mul(dweights.sub(weights.mul(dweights).sum(3, keepdim))).mul(scale);
  const dQ = dscores.matmul(K);
  const dK = dscores.transpose(2, 3).matmul(Q);
  const dnorm1 = dQ
    .matmul(Wq.transpose(1, 2))
    .add(dK.matmul(Wk.transpose(1, 2)))
    .add(dV.matmul(Wv.transpose(1, 2)))
    .sum(1);
  return throughNorm(raw1, inverse1, dnorm1.mul(gain1)).add(dres);
  // end of solution
}
