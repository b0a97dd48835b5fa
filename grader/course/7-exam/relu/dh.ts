import { build, productBy, sum, sumBackwards } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { relu } from "./network.ts";

export const dh = gradientRoom(relu, {
  id: "relu-dh",
  tensor: "h",
  title: "a product below a residual connection",
  idea: "A term that is added changes nothing for the other terms of the sum.",
  hints: {
    piece:
      "A matrix product of the upstream gradient and one of the factors of the forward product, transposed. The residual " +
      "connection does not contain h.",
  },
  looks: { sign: looks.signOfProduct("h") },

  mistakes: [
    {
      id: "residual-added",
      idea: "the upstream gradient is added, as for x",
      sentence: "the residual connection is counted: it leads from x to out, past h",
      look: "Change one entry of h. Does the first term of the line change?",
      answer: ({ W2, dout }) => dout.matmul(W2.T).add(dout),
    },
    {
      id: "upstream-masked",
      idea: "the slope of ReLU is applied one line too early",
      sentence: "the slope of ReLU is already in the answer: it belongs to the line before, whose output is h",
      look: "Which line is h the output of, and which line is it an input of? The answer is about the second one.",
      answer: ({ h, W2, dout }) => dout.matmul(W2.T).mul(h.sign()),
    },
    {
      id: "sign",
      idea: "a minus is put where there is a plus",
      sentence: "the sign is flipped: the product is added, with a plus",
      look: looks.signOfProduct("h"),
      answer: ({ W2, dout }) => dout.matmul(W2.T).neg(),
    },
    {
      id: "averaged",
      idea: "the sum over the features is taken as a mean",
      sentence:
        "every value is divided by the number of features: each feature that a neuron reaches adds to its gradient",
      look: looks.mean,
      answer: ({ W2, dout }) => dout.matmul(W2.T).div(W2.size(1)),
    },
    {
      id: "over-n",
      idea: "the mean of the loss is applied again",
      sentence: "every value is divided by n: the mean of the loss is in the upstream gradient already",
      look: looks.overN,
      answer: ({ h, W2, dout }) => dout.matmul(W2.T).div(h.size(0)),
    },
    {
      id: "out-for-dout",
      idea: "the output is used instead of its gradient",
      sentence: "the product is of out itself instead of its gradient",
      look: looks.valueForGradient,
      answer: ({ W2, out }) => out.matmul(W2.T),
    },
    {
      id: "not-transposed",
      idea: "the matrix is multiplied as in the forward pass",
      sentence: "the matrix is not transposed: its rows belong to the neurons, and so should the columns of the answer",
      look: looks.notTransposed,
      answer: ({ W2, dout }) => dout.matmul(W2),
    },
  ],

  alsoRight: [
    {
      code: "return W2.matmul(dout.T).T;",
      why: "The transposed equation: the transpose of a product is the product of the transposes, in the other order.",
    },
  ],

  forms: [
    ({ W2, dout }) => dout.matmul(W2.T),
    ({ W2, dout }) => W2.matmul(dout.T).T,
    ({ W2, dout }) => productBy(sum, dout, W2.T),
    ({ W2, dout }) => productBy(sumBackwards, dout, W2.T),
    ({ h, W2, dout }) => build([...h.shape], (i, j) => sum(dout.size(1), (k) => dout.get(i, k) * W2.get(j, k))),
  ],
});
