import { spanRoom } from "../../rooms.ts";
import { gelu, inverseRoot, normalized, throughNorm } from "./functions.ts";
import { block } from "./network.ts";
import { waysThroughNorm } from "./norm-mistakes.ts";
import { throughBlock } from "./whole.ts";

export const fusedDx = spanRoom(block, {
  id: "block-fused-dx",
  tensor: "x",
  from: "raw1",
  to: "out",
  given: ["x", "gain1", "Wq", "Wk", "Wv", "Wo", "gain2", "W1", "W2", "later", "dout"],
  isDeep: true,
  title: "the whole block",
  idea: "A backward pass of many lines is one function: forward again, and then each line in reverse.",
  hints: {
    piece:
      "Compute forward what you need: the normalized rows, queries, keys, values, weights, res and pre. Then go back line by " +
      "line. Two residual connections add what passes the layers by.",
  },

  looks: {
    sign:
      "The gradient of out reaches x past all layers with a plus, twice: through out, and through res. Where does your " +
      "minus come from?",
  },

  mistakes: [
    {
      id: "residuals-missing",
      idea: "the residual connections are overlooked",
      sentence: "both residual connections are missing: res is added to out, and x to res",
      look: "Which lines add a tensor that they do not multiply?",
      answer: (given) => throughBlock(given, { past: (above) => above.mul(0) }),
    },
    {
      id: "gelu-skipped",
      idea: "GELU is overlooked",
      sentence: "the slope of GELU is missing between the two matrices of the hidden layer",
      look: "Which function stands between pre and act?",
      answer: (given) => throughBlock(given, { hidden: (_, dact) => dact }),
    },
    {
      id: "gelu-as-relu",
      idea: "GELU is taken for ReLU",
      sentence: "the slope of the hidden layer is that of ReLU, 0 or 1: the line has a smooth function",
      look: "What is the slope of GELU at 0?",
      answer: (given) => throughBlock(given, { hidden: (pre, dact) => dact.mul(pre.sign().add(1).div(2)) }),
    },
    {
      id: "norms-as-scales",
      idea: "mean and variance are treated as constants",
      sentence: "in both layer norms, the terms of the mean and of the variance are missing",
      look: "Which parts of the layer norm depend on an entry besides the entry itself?",
      answer: (given) => throughBlock(given, { norm: (x, above) => throughNorm(x, above, { mean: 0, variance: 0 }) }),
    },
    {
      id: "mean-missing",
      idea: "the means are treated as constants",
      sentence: "in both layer norms, the mean's term is missing",
      look: "Add one number to all entries of a row: the normalized row stays. What does its gradient add up to?",
      answer: (given) => throughBlock(given, { norm: (x, above) => throughNorm(x, above, { mean: 0 }) }),
    },
    {
      id: "roots-forgotten",
      idea: "the rows are not scaled",
      sentence: "in both layer norms, the inverse root of the variance is missing as a factor",
      look: "By what is a row multiplied after its mean is subtracted?",
      answer: (given) => throughBlock(given, { norm: (x, above) => throughNorm(x, above).div(inverseRoot(x)) }),
    },
    {
      id: "epsilon-missing",
      idea: "epsilon is left out",
      sentence:
        "in both layer norms, epsilon is missing: where a row is nearly constant, its gradient becomes too large",
      look: "Read the lines of raw1 and raw2: what is added to the variance?",
      answer: (given) =>
        throughBlock(given, {
          normalized: (x) => normalized(x, 0),
          norm: (x, above) => throughNorm(x, above, { epsilon: 0 }),
        }),
    },
    {
      id: "gains-forgotten",
      idea: "the gains are left out on the way back",
      sentence: "the gains are missing on the way back: each scales a normalized row, and its gradient",
      look: "Read the lines of norm1 and norm2 backward.",
      answer: (given) => throughBlock(given, { gain: (above) => above }),
    },
    {
      id: "sum-forgotten",
      idea: "the softmax is taken for an exponential",
      sentence: "the sum over the row is missing on the way back through the softmax",
      look: "What does each row of the scores' gradient add up to?",
      answer: (given) => throughBlock(given, { softmax: (weights, above) => weights.mul(above) }),
    },
    {
      id: "scale-forgotten",
      idea: "the scale is used forward alone",
      sentence: "the scale of the scores is missing on the way back",
      look: "By what is a product of a query and a key divided before the softmax?",
      answer: (given) => throughBlock(given, { scale: () => 1 }),
    },
    {
      id: "mask-forgotten",
      idea: "the weights are computed without the mask",
      sentence: "the mask is missing in the weights that are computed again: positions read what comes later",
      look: "Compute the weights again: is everything above the diagonal zero?",
      answer: (given) =>
        throughBlock(given, {
          attend: (Q, K) =>
            Q.matmul(K.transpose(2, 3))
              .mul(Q.size(3) ** -0.5)
              .softmax(3),
        }),
    },
    {
      id: "values-alone",
      idea: "the weights are treated as constants",
      sentence: "the branches through queries and keys are missing: the weights depend on them",
      look: "On the right-hand side of how many lines is norm1?",
      answer: (given) => throughBlock(given, { counted: { queries: 0, keys: 0, values: 1 } }),
    },
    {
      id: "values-missing",
      idea: "the values are overlooked",
      sentence: "the branch through the values is missing",
      look: "On the right-hand side of how many lines is norm1?",
      answer: (given) => throughBlock(given, { counted: { queries: 1, keys: 1, values: 0 } }),
    },
    {
      id: "first-residual-missing",
      idea: "the first residual connection is overlooked",
      sentence: "the first residual connection is missing: x is also added to res",
      look: "On the right-hand side of which lines is x?",
      answer: (given) => throughBlock(given, { past: (above) => (above === given.dout ? above : above.mul(0)) }),
    },
    {
      id: "second-residual-missing",
      idea: "the second residual connection is overlooked",
      sentence: "the second residual connection is missing: res is also added to out",
      look: "On the right-hand side of which lines is res?",
      answer: (given) => throughBlock(given, { past: (above) => (above === given.dout ? above.mul(0) : above) }),
    },
    {
      id: "gain1-forgotten",
      idea: "the first gain is left out on the way back",
      sentence: "gain1 is missing on the way back: it scales the normalized rows, and their gradient",
      look: "Read the lines of norm1 and norm2 backward.",
      answer: (given) =>
        throughBlock(given, { gain: (above, gain) => (gain === given.gain1 ? above : above.mul(gain)) }),
    },
    {
      id: "gain2-forgotten",
      idea: "the second gain is left out on the way back",
      sentence: "gain2 is missing on the way back: it scales the normalized rows, and their gradient",
      look: "Read the lines of norm1 and norm2 backward.",
      answer: (given) =>
        throughBlock(given, { gain: (above, gain) => (gain === given.gain2 ? above : above.mul(gain)) }),
    },
    {
      id: "keys-missing",
      idea: "the keys are overlooked",
      sentence: "the branch through the keys is missing",
      look: "On the right-hand side of how many lines is norm1?",
      answer: (given) => throughBlock(given, { counted: { queries: 1, keys: 0, values: 1 } }),
    },
    {
      id: "gate-alone",
      idea: "the tanh in GELU is treated as a constant",
      sentence: "in the slope of GELU, the second term of the product rule is missing: the tanh depends on pre as well",
      look: "Which factors of the line of act contain pre?",
      answer: (given) => throughBlock(given, { hidden: (pre, dact) => dact.mul(gelu(pre).div(pre)) }),
    },
    {
      id: "heads-averaged",
      idea: "the heads are averaged on the way back",
      sentence: "the gradients of the heads are averaged: all of them read norm1, so they add up",
      look: "How many heads read the same row of norm1?",
      answer: (given) => {
        const part = 1 / given.Wq.size(0);
        return throughBlock(given, { counted: { queries: part, keys: part, values: part } });
      },
    },
    {
      id: "keys-not-transposed",
      idea: "the scores' gradient is not transposed for the keys",
      sentence: "in the gradient of the keys, the gradient of the scores is not transposed: a key belongs to a column",
      look: "Which entries of the scores does key j take part in: those of row j, or those of column j?",
      answer: (given) => throughBlock(given, { keys: (dscores, Q) => dscores.matmul(Q) }),
    },
    {
      id: "queries-transposed",
      idea: "the scores' gradient is transposed for the queries",
      sentence: "in the gradient of the queries, the gradient of the scores is transposed: a query belongs to a row",
      look: "Which entries of the scores does query i take part in: those of row i, or those of column i?",
      answer: (given) => throughBlock(given, { queries: (dscores, K) => dscores.transpose(2, 3).matmul(K) }),
    },
    {
      id: "attention-from-out",
      idea: "attention gets the gradient of the output",
      sentence: "the gradient of out goes back into attention: it should be that of res, with what comes back to it",
      look: "To which tensor are the heads added, and what is its gradient?",
      answer: (given) => throughBlock(given, { attention: (_, dout) => dout }),
    },
    {
      id: "norms-with-sums",
      idea: "means are taken as sums",
      sentence:
        "in both layer norms, the terms of the mean and of the variance are sums over the row: they should be means",
      look: "Where does the number of entries of a row occur in the derivative of a mean?",
      answer: (given) =>
        throughBlock(given, {
          norm: (x, above) => throughNorm(x, above, { mean: x.size(2), variance: x.size(2) }),
        }),
    },
    {
      id: "variance-as-sum",
      idea: "one of the means is taken as a sum",
      sentence: "in both layer norms, the variance's term is a sum over the row: it should be a mean",
      look: "Where does the number of entries of a row occur in the derivative of a variance?",
      answer: (given) => throughBlock(given, { norm: (x, above) => throughNorm(x, above, { variance: x.size(2) }) }),
    },
  ],

  alsoRight: [
    {
      code: `const normalize = (rows: Tensor): [Tensor, Tensor] => {
  const difference = rows.sub(rows.mean(2, keepdim));
  const inverse = difference.pow(2).mean(2, keepdim).add(1e-5).pow(-0.5);
  return [difference.mul(inverse), inverse];
};
const back = (raw: Tensor, inverse: Tensor, draw: Tensor): Tensor => {
  const along = raw.mul(draw.mul(raw).mean(2, keepdim));
  return draw.sub(draw.mean(2, keepdim)).sub(along).mul(inverse);
};
const [heads, embd, width] = Wq.shape as [number, number, number];
const scale = width ** -0.5;
const [raw1, inverse1] = normalize(x);
const norm1 = raw1.mul(gain1);
const each = Array.from({ length: heads }, (_, head) => {
  const of = (W: Tensor): Tensor => W.gatherRows(tensor([head], [1], "int32"));
  const [wq, wk, wv] = [of(Wq), of(Wk), of(Wv)].map((W) => W.view(embd, width));
  const [Q, K, V] = [norm1.matmul(wq!), norm1.matmul(wk!), norm1.matmul(wv!)];
  const weights = Q.matmul(K.transpose(1, 2)).mul(scale).maskedFill(later, -Infinity).softmax(2);
  return { wq: wq!, wk: wk!, wv: wv!, wo: of(Wo).view(width, embd), Q, K, V, weights };
});
let res = x;
for (const { weights, V, wo } of each) res = res.add(weights.matmul(V).matmul(wo));
const [raw2, inverse2] = normalize(res);
const pre = raw2.mul(gain2).matmul(W1);
const root = 2 * Math.sqrt(2 / Math.PI);
const gate = pre.pow(2).mul(0.044715).add(1).mul(pre).mul(root).sigmoid();
const rise = pre.pow(2).mul(3 * 0.044715).add(1).mul(root);
const dpre = gate.add(pre.mul(gate).mul(tensor(1).sub(gate)).mul(rise)).mul(dout.matmul(W2.T));
const dres = back(raw2, inverse2, dpre.matmul(W1.T).mul(gain2)).add(dout);
let dnorm1 = zerosLike(x);
for (const { wq, wk, wv, wo, Q, K, V, weights } of each) {
  const dmixed = dres.matmul(wo.T);
  const dweights = dmixed.matmul(V.transpose(1, 2));
  const dscores = weights.mul(dweights.sub(weights.mul(dweights).sum(2, keepdim))).mul(scale);
  const dV = weights.transpose(1, 2).matmul(dmixed);
  dnorm1 = dnorm1.add(dscores.matmul(K).matmul(wq.T)).add(dV.matmul(wv.T));
  dnorm1 = dnorm1.add(dscores.transpose(1, 2).matmul(Q).matmul(wk.T));
}
return back(raw1, inverse1, dnorm1.mul(gain1)).add(dres);`,
      why: "The heads one after the other: what they add to res, and to the gradient of norm1, is added up.",
    },
  ],

  forms: [
    (given) => throughBlock(given),
    ...waysThroughNorm
      .slice(1)
      .map((norm) => (given: Parameters<typeof throughBlock>[0]) => throughBlock(given, { norm })),
    (given) =>
      throughBlock(given, {
        softmax: (weights, above) => {
          const products = weights.mul(above);
          return products.sub(weights.mul(products.sum(3, true)));
        },
      }),
  ],
});
