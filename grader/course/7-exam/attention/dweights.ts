import { build, laterThan, sum, sumBackwards } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { sign, timesItself, valueForGradient } from "../mistakes.ts";
import { attention } from "./network.ts";

export const dweights = gradientRoom(attention, {
  id: "attention-dweights",
  tensor: "weights",
  title: "the weights of attention",
  idea: "The gradient of a weight is how well its value agrees with the gradient of the output.",

  hints: {
    piece:
      "Weight [i, j] scales value j in output i. Its gradient is a dot product of two rows, and it is not zero where the " +
      "weight is.",
  },

  mistakes: [
    {
      id: "masked",
      idea: "a weight of zero is taken to have no gradient",
      sentence:
        "the gradients of later positions are zero: in the line of out, a weight of zero has a slope like any other; the mask has a line of its own",
      look: "Let a weight that is 0 grow by 0.1. Does out stay as it is?",
      answer: ({ V, dout }) => dout.matmul(V.transpose(1, 2)).maskedFill(laterThan(dout.size(1)), 0),
    },
    {
      id: "result-transposed",
      idea: "the factors are in the other order",
      sentence: "this is the transpose of the answer, in each sequence: a row belongs to a query, a column to a value",
      look: looks.outerSizes,
      answer: ({ V, dout }) => V.matmul(dout.transpose(1, 2)),
    },
    {
      id: "not-transposed",
      idea: "the forward product is repeated",
      sentence: "the product does not fit as it is: compare the shapes of dout, V and weights",
      look: looks.notTransposed,
      answer: ({ V, dout }) => dout.matmul(V),
    },
    { ...sign("weights"), answer: ({ V, dout }) => dout.matmul(V.transpose(1, 2)).neg() },
    { ...timesItself("weights"), answer: ({ weights, V, dout }) => dout.matmul(V.transpose(1, 2)).mul(weights) },
    {
      ...valueForGradient("out"),
      answer: ({ V, out }) => out.matmul(V.transpose(1, 2)),
    },
    {
      id: "scaled",
      idea: "the scale of the scores is applied here",
      sentence: "divided by the root of the width: the line of out has no scale",
      look: "Which of the forward lines contains the scale? Its own step takes care of it.",
      answer: ({ V, dout }) => dout.matmul(V.transpose(1, 2)).mul(V.size(2) ** -0.5),
    },
    {
      id: "through-softmax",
      idea: "the softmax is undone in the same step",
      sentence: "this is the gradient behind the softmax, already times the weights: the step ends at weights",
      look: "Compare the tensor that the answer is named after with the left side of each forward line.",
      answer: ({ weights, V, dout }) => {
        const products = dout.matmul(V.transpose(1, 2)).mul(weights);
        return products.sub(weights.mul(products.sum(2, true)));
      },
    },
    {
      id: "V-viewed",
      idea: "view is taken for a transpose",
      sentence: "V is given the transposed shape by view, which leaves the numbers in their order",
      look: "A transpose swaps rows and columns. Compare the second number of V with that of your view.",
      answer: ({ V, dout }) => dout.matmul(V.view(V.size(0), V.size(2), V.size(1))),
    },
  ],

  alsoRight: [
    {
      code: "return V.matmul(dout.transpose(1, 2)).transpose(1, 2);",
      why: "The transposed equation: the product gives a row for each value, and its transpose one for each query.",
    },
  ],

  forms: [
    ({ V, dout }) => dout.matmul(V.transpose(1, 2)),
    ({ V, dout }) => V.matmul(dout.transpose(1, 2)).transpose(1, 2),
    ({ weights, V, dout }) =>
      build([...weights.shape], (b, i, j) => sum(V.size(2), (k) => dout.get(b, i, k) * V.get(b, j, k))),
    ({ weights, V, dout }) =>
      build([...weights.shape], (b, i, j) => sumBackwards(V.size(2), (k) => dout.get(b, i, k) * V.get(b, j, k))),
    ({ V, dout }) => {
      const [sequences, time, width] = V.shape as [number, number, number];
      return dout
        .view(sequences, time, 1, width)
        .mul(V.view(sequences, 1, time, width))
        .sum(3);
    },
  ],
});
