import { build, sum, sumBackwards } from "../../elements.ts";
import { gradientRoom } from "../../rooms.ts";
import { overPositions, timesItself, valueForGradient } from "../mistakes.ts";
import { block } from "./network.ts";

export const dV = gradientRoom(block, {
  id: "block-dV",
  tensor: "V",
  title: "the values of all heads",
  idea: "With a dimension for the heads, attention's backward pass is the same formula.",
  hints: {
    piece:
      "As in one head, for each head: which of the last two dimensions of the weights belongs to the values, and which to the queries?",
  },

  mistakes: [
    {
      id: "not-transposed",
      idea: "the forward product is repeated",
      sentence:
        "each position collects the gradients of the positions it attends to, instead of those that attend to it",
      look: "Row i of the weights belongs to query i. Which of its rows and columns contain value j?",
      answer: ({ weights, dmixed }) => weights.matmul(dmixed),
    },
    {
      id: "heads-swapped",
      idea: "the wrong dimensions are swapped",
      sentence: "heads and positions are swapped: the last two dimensions hold the weights of a head",
      look: "transpose takes the two dimensions to swap. Which two does a row and a column of the weights run over?",
      answer: ({ weights, dmixed }) => weights.transpose(1, 2).matmul(dmixed),
    },
    {
      id: "heads-added",
      idea: "the heads share their values",
      sentence: "the heads are added up: each head has values of its own",
      look: "Which dimension of V has length 1 in your answer?",
      answer: ({ weights, dmixed }) => weights.transpose(2, 3).matmul(dmixed).sum(1, true),
    },
    { ...valueForGradient("mixed"), answer: ({ weights, mixed }) => weights.transpose(2, 3).matmul(mixed) },
    { ...timesItself("V"), answer: ({ V, weights, dmixed }) => weights.transpose(2, 3).matmul(dmixed).mul(V) },
    {
      ...overPositions,
      answer: ({ weights, dmixed }) => weights.transpose(2, 3).matmul(dmixed).div(weights.size(2)),
    },
  ],

  alsoRight: [
    {
      code: "return dmixed.transpose(2, 3).matmul(weights).transpose(2, 3);",
      why: "The transposed equation, in each head.",
    },
  ],

  forms: [
    ({ weights, dmixed }) => weights.transpose(2, 3).matmul(dmixed),
    ({ weights, dmixed }) => dmixed.transpose(2, 3).matmul(weights).transpose(2, 3),
    ({ V, weights, dmixed }) =>
      build([...V.shape], (b, h, j, k) => sum(V.size(2), (i) => weights.get(b, h, i, j) * dmixed.get(b, h, i, k))),
    ({ V, weights, dmixed }) =>
      build([...V.shape], (b, h, j, k) => {
        return sumBackwards(V.size(2), (i) => weights.get(b, h, i, j) * dmixed.get(b, h, i, k));
      }),
    ({ V, weights, dmixed }) => {
      const [sequences, heads, time] = V.shape as [number, number, number];
      const apart = weights.view(sequences * heads, time, time).transpose(1, 2);
      return apart.matmul(dmixed.view(sequences * heads, time, -1)).view(V.shape);
    },
  ],
});
