import { keepdim, zerosLike } from "#tensor";
import { build, sum, sumBackwards } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { timesItself, valueForGradient } from "../mistakes.ts";
import { attention } from "./network.ts";

export const dV = gradientRoom(attention, {
  id: "attention-dV",
  tensor: "V",
  title: "values",
  idea: "A value's gradient comes from every position that attends to it, weighted as it was attended to.",

  hints: {
    piece:
      "A value is read by several queries: column j of the weights says how much each of them takes of value j. One " +
      "matrix product per sequence adds up what comes back from all of them.",
  },

  mistakes: [
    {
      id: "not-transposed",
      idea: "the forward product is repeated",
      sentence:
        "each position collects the gradients of the positions it attends to, instead of those that attend to it",
      look: "Row i of the weights belongs to query i. Which of its rows and columns contain value j?",
      answer: ({ weights, dout }) => weights.matmul(dout),
    },
    { ...timesItself("V"), answer: ({ weights, V, dout }) => weights.transpose(1, 2).matmul(dout).mul(V) },
    {
      ...valueForGradient("out"),
      answer: ({ weights, out }) => weights.transpose(1, 2).matmul(out),
    },
    {
      id: "averaged",
      idea: "the queries' shares are made to add up to one",
      sentence:
        "the weights of each column are divided by their sum: the softmax makes the rows add up to one, and the gradient takes them as they are",
      look: "The first position is attended to by all others. Does its gradient add up what they send, or average it?",
      answer: ({ weights, dout }) => {
        return weights.div(weights.sum(1, keepdim)).transpose(1, 2).matmul(dout);
      },
    },
    {
      id: "over-time",
      idea: "the positions are averaged",
      sentence: "divided by the length of the sequences: the products of a matrix product are added, not averaged",
      look: looks.divided,
      answer: ({ weights, dout }) => weights.transpose(1, 2).matmul(dout).div(dout.size(1)),
    },
    {
      id: "over-sequences",
      idea: "V is taken for a parameter",
      sentence: "the sequences are added up: each sequence of the batch has values of its own",
      look: "Which shape does V have? A gradient is summed only over dimensions that its tensor lacks.",
      answer: ({ weights, dout }) => weights.transpose(1, 2).matmul(dout).sum(0, keepdim),
    },
    {
      id: "T",
      idea: "the weights are transposed as a single matrix",
      sentence: "T transposes a matrix, and the weights are one matrix per sequence",
      look: "transpose takes the two dimensions to swap; dimension 0 holds the sequences, and stays first.",
      answer: ({ weights, dout }) => weights.T.matmul(dout),
    },
  ],

  alsoRight: [
    {
      code: "return dout.transpose(1, 2).matmul(weights).transpose(1, 2);",
      why: "The transposed equation, sequence by sequence.",
    },
  ],

  forms: [
    ({ weights, dout }) => weights.transpose(1, 2).matmul(dout),
    ({ weights, dout }) => dout.transpose(1, 2).matmul(weights).transpose(1, 2),
    ({ weights, V, dout }) =>
      build([...V.shape], (b, j, k) => sum(dout.size(1), (i) => weights.get(b, i, j) * dout.get(b, i, k))),
    ({ weights, V, dout }) =>
      build([...V.shape], (b, j, k) => sumBackwards(dout.size(1), (i) => weights.get(b, i, j) * dout.get(b, i, k))),
    ({ weights, dout }) => {
      const [sequences, time, width] = dout.shape as [number, number, number];
      return weights
        .view(sequences, time, time, 1)
        .mul(dout.view(sequences, time, 1, width))
        .sum(1);
    },
    // a query reads nothing that is later
    ({ weights, V, dout }) => {
      const d = zerosLike(V);
      const [sequences, time, width] = V.shape as [number, number, number];
      for (let b = 0; b < sequences; b++)
        for (let i = 0; i < time; i++)
          for (let j = 0; j <= i; j++)
            for (let k = 0; k < width; k++) d.set(b, j, k, d.get(b, j, k) + weights.get(b, i, j) * dout.get(b, i, k));
      return d;
    },
  ],
});
