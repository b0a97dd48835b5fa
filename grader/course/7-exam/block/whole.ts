import type { Tensor } from "#tensor";
import { attend, forHeads, geluSlope, normalized, throughNorm, throughSoftmax } from "./functions.ts";

export type BlockGiven = "x" | "gain1" | "Wq" | "Wk" | "Wv" | "Wo" | "gain2" | "W1" | "W2" | "later" | "dout";
type Given = Readonly<Record<BlockGiven, Tensor>>;

/** The stretches of the way back, each of which a mistake can replace. */
export interface Stretches {
  /** What comes back to res past the hidden layer, and to x past attention. */
  readonly past: (above: Tensor) => Tensor;
  readonly hidden: (pre: Tensor, dact: Tensor) => Tensor;
  readonly norm: (x: Tensor, above: Tensor) => Tensor;
  readonly gain: (above: Tensor, gain: Tensor) => Tensor;
  readonly softmax: (weights: Tensor, above: Tensor) => Tensor;
  readonly scale: (width: number) => number;
  /** The gradients of the queries and of the keys, from that of the scores. */
  readonly queries: (dscores: Tensor, K: Tensor) => Tensor;
  readonly keys: (dscores: Tensor, Q: Tensor) => Tensor;
  /** What of the gradients of res and of out goes back into attention. */
  readonly attention: (dres: Tensor, dout: Tensor) => Tensor;
  /** Which of the gradients of queries, keys and values are counted. */
  readonly counted: { readonly queries: number; readonly keys: number; readonly values: number };
  /** The normalized rows, forward. */
  readonly normalized: (x: Tensor) => Tensor;
  /** The probabilities, forward. */
  readonly attend: (Q: Tensor, K: Tensor, later: Tensor) => Tensor;
}

const right: Stretches = {
  past: (above) => above,
  hidden: (pre, dact) => dact.mul(geluSlope(pre)),
  norm: (x, above) => throughNorm(x, above),
  gain: (above, gain) => above.mul(gain),
  softmax: throughSoftmax,
  scale: (width) => width ** -0.5,
  queries: (dscores, K) => dscores.matmul(K),
  keys: (dscores, Q) => dscores.transpose(2, 3).matmul(Q),
  attention: (dres) => dres,
  counted: { queries: 1, keys: 1, values: 1 },
  normalized: (x) => normalized(x),
  attend: (Q, K, later) => attend(Q, K, later),
};

/** The gradient of the block's input, with some stretches replaced. */
export function throughBlock(given: Given, others: Partial<Stretches> = {}): Tensor {
  const way = { ...right, ...others };
  const { x, gain1, Wq, Wk, Wv, Wo, gain2, W1, W2, later, dout } = given;
  const norm1 = forHeads(way.normalized(x).mul(gain1));
  const [Q, K, V] = [norm1.matmul(Wq), norm1.matmul(Wk), norm1.matmul(Wv)];
  const weights = way.attend(Q, K, later);
  const res = x.add(weights.matmul(V).matmul(Wo).sum(1));
  const pre = way.normalized(res).mul(gain2).matmul(W1);

  const dnorm2 = way.hidden(pre, dout.matmul(W2.T)).matmul(W1.T);
  const dres = way.past(dout).add(way.norm(res, way.gain(dnorm2, gain2)));
  const dmixed = forHeads(way.attention(dres, dout)).matmul(Wo.transpose(1, 2));
  const dscores = way.softmax(weights, dmixed.matmul(V.transpose(2, 3))).mul(way.scale(Q.size(3)));
  const { queries, keys, values } = way.counted;
  const dnorm1 = way
    .queries(dscores, K)
    .mul(queries)
    .matmul(Wq.transpose(1, 2))
    .add(way.keys(dscores, Q).mul(keys).matmul(Wk.transpose(1, 2)))
    .add(weights.transpose(2, 3).matmul(dmixed).mul(values).matmul(Wv.transpose(1, 2)))
    .sum(1);
  return way.past(dres).add(way.norm(x, way.gain(dnorm1, gain1)));
}
