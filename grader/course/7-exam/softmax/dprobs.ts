import { build, productBy, sum, sumBackwards } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { softmax } from "./network.ts";

export const dprobs = gradientRoom(softmax, {
  id: "softmax-dprobs",
  tensor: "probs",
  title: "a weighted sum of rows",
  idea: "The gradient of a weight is the row that it weighs, times the upstream gradient, summed over the features.",
  hints: {
    piece:
      "A matrix product. That the rows of probs add up to 1 is no matter of this line: here each entry is a factor like " +
      "any other.",
  },
  looks: { sign: looks.signOfProduct("probs") },

  mistakes: [
    {
      id: "softmax-included",
      idea: "the softmax is differentiated as well",
      sentence: "the backward pass of the softmax is in the answer already: it belongs to the line before",
      look: "Which line is probs the output of, and which line is it an input of? The answer is about the second one.",
      answer: ({ probs, V, dout }) => {
        const d = dout.matmul(V.T);
        return probs.mul(d.sub(probs.mul(d).sum(1, true)));
      },
    },
    {
      id: "centered",
      idea: "the rows of the answer are made to add up to 0",
      sentence: "the mean of each row is subtracted: the gradient of probs need not add up to 0",
      look: "Each entry of probs is a factor of its own in this line. Does changing one of them change another?",
      answer: ({ V, dout }) => {
        const d = dout.matmul(V.T);
        return d.sub(d.mean(1, true));
      },
    },
    {
      id: "weighted",
      idea: "the probabilities weigh their own gradient",
      sentence: "every value is multiplied by its probability: the local gradient of a factor is the other factor",
      look: looks.ownFactor("probs"),
      answer: ({ probs, V, dout }) => probs.mul(dout.matmul(V.T)),
    },
    {
      id: "sign",
      idea: "the gradient is negated",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("probs"),
      answer: ({ V, dout }) => dout.matmul(V.T).neg(),
    },
    {
      id: "averaged",
      idea: "the sum over the features is taken as a mean",
      sentence: "every value is divided by the number of features: each feature adds to the gradient",
      look: looks.mean,
      answer: ({ V, dout }) => dout.matmul(V.T).div(V.size(1)),
    },
    {
      id: "out-for-dout",
      idea: "the output is used instead of its gradient",
      sentence: "the product is of out itself instead of its gradient",
      look: looks.valueForGradient,
      answer: ({ V, out }) => out.matmul(V.T),
    },
    {
      id: "not-transposed",
      idea: "the table is multiplied as in the forward pass",
      sentence: "the table is not transposed: its rows belong to the experts, and so should the columns of the answer",
      look: looks.notTransposed,
      answer: ({ V, dout }) => dout.matmul(V),
    },
  ],

  alsoRight: [
    {
      code: "return V.matmul(dout.T).T;",
      why: "Each column of the first product belongs to an example; the transpose makes rows of them.",
    },
  ],

  forms: [
    ({ V, dout }) => dout.matmul(V.T),
    ({ V, dout }) => V.matmul(dout.T).T,
    ({ V, dout }) => productBy(sum, dout, V.T),
    ({ V, dout }) => productBy(sumBackwards, dout, V.T),
    ({ probs, V, dout }) => build([...probs.shape], (i, j) => sum(V.size(1), (k) => dout.get(i, k) * V.get(j, k))),
  ],
});
