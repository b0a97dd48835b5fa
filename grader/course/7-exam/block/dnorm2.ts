import { build, flat, productBy, sum, sumBackwards } from "../../elements.ts";
import { gradientRoom } from "../../rooms.ts";
import {
  averaged,
  notTransposed,
  overPositions,
  sign,
  timesItself,
  valueForGradient,
  wrongOrder,
} from "../mistakes.ts";
import { block } from "./network.ts";

export const dnorm2 = gradientRoom(block, {
  id: "block-dnorm2",
  tensor: "norm2",
  title: "into the hidden layer",
  idea: "Each position goes through the hidden layer by itself, forward and backward.",
  hints: {
    piece: "One matrix product, with the matrix transposed: neurons are summed over, and the positions do not mix.",
  },

  mistakes: [
    { ...notTransposed("dpre, W1 and norm2"), answer: ({ W1, dpre }) => dpre.matmul(W1) },
    { ...wrongOrder, answer: ({ W1, dpre }) => W1.matmul(dpre) },
    { ...valueForGradient("pre"), answer: ({ W1, pre }) => pre.matmul(W1.T) },
    { ...timesItself("norm2"), answer: ({ norm2, W1, dpre }) => dpre.matmul(W1.T).mul(norm2) },
    { ...overPositions, answer: ({ W1, dpre }) => dpre.matmul(W1.T).div(dpre.size(1)) },
    { ...averaged("neurons"), answer: ({ W1, dpre }) => dpre.matmul(W1.T).div(W1.size(1)) },
    { ...sign("norm2"), answer: ({ W1, dpre }) => dpre.matmul(W1.T).neg() },
  ],

  alsoRight: [
    {
      code: "return W1.matmul(dpre.transpose(1, 2)).transpose(1, 2);",
      why: "The transposed equation: one matrix meets each sequence.",
    },
  ],

  forms: [
    ({ W1, dpre }) => dpre.matmul(W1.T),
    ({ W1, dpre }) => W1.matmul(dpre.transpose(1, 2)).transpose(1, 2),
    ({ norm2, W1, dpre }) => productBy(sum, flat(dpre), W1.T).view(norm2.shape),
    ({ norm2, W1, dpre }) => productBy(sumBackwards, flat(dpre), W1.T).view(norm2.shape),
    ({ norm2, W1, dpre }) =>
      build([...norm2.shape], (b, t, k) => sum(W1.size(1), (h) => dpre.get(b, t, h) * W1.get(k, h))),
  ],
});
