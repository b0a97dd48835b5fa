import { spanRoom } from "../../rooms.ts";
import { gelu, inverseRoot, throughNorm } from "./functions.ts";
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
