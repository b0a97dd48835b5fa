import { keepdim, ones, zerosLike } from "#tensor";
import { added, build, sum, sumBackwards, throughColumns } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dbnmeani = gradientRoom(makemore, {
  tensor: "bnmeani",
  lecture: [4438],

  idea: "This is step 7 with rows and columns swapped: flip the sign, and sum over the copies.",

  hints: {
    ask: "One row was subtracted from every row. What follows from that for the sign, and what for the copies?",
    rule:
      "In a - b the slope with respect to b is -1. And b is one row for the whole batch: it was copied into every " +
      "example, so the gradients of the examples add up.",
    numbers: {
      dbndiff: [
        [2, 3],
        [4, -1],
      ],
    },
    worked: "dbnmeani[0, 1] = -({dbndiff 0 1} + {dbndiff 1 1})",
    piece:
      "The pattern of dlogit_maxes along the other dimension. Flip the sign of the upstream gradient and sum it down " +
      "the batch, over dimension 0, which stays with length 1.",
  },

  mistakes: [
    {
      id: "sign",
      idea: "the minus of the subtraction is lost",
      sentence: "the sign is flipped: the mean is subtracted",
      look: looks.sign("bnmeani"),
      answer: ({ dbndiff }) => dbndiff.sum(0, keepdim),
    },
    {
      id: "keepdim",
      idea: "the sum drops its dimension",
      sentence: "the sum is over the right dimension but drops it: bnmeani has shape [1, hidden]",
      look: looks.keepdim,
      answer: ({ dbndiff }) => dbndiff.neg().sum(0),
    },
    {
      id: "wrong-dimension",
      idea: "the sum is along the rows",
      sentence: "the sum runs over the neurons: the mean was copied down the batch",
      look: looks.wrongDimension,
      answer: ({ dbndiff }) => dbndiff.neg().sum(1, keepdim),
    },
    {
      id: "mean",
      idea: "the copies are averaged",
      sentence: "the rows are averaged: the mean was copied into every row, and the gradients of the copies add up",
      look: looks.mean,
      answer: ({ dbndiff }) => dbndiff.neg().mean(0, keepdim),
    },
    {
      id: "not-summed",
      idea: "the broadcast is overlooked",
      sentence:
        "the answer still has a row for each example: the mean was copied down the batch, so its gradient is summed over the batch",
      look: looks.notSummed("bnmeani"),
      answer: ({ dbndiff }) => dbndiff.neg(),
    },
    {
      id: "weighted",
      idea: "the values are used as slopes",
      sentence: "the rows are weighted by bndiff: in a subtraction every slope is one or minus one",
      look: looks.weighted,
      answer: ({ bndiff, dbndiff }) => bndiff.mul(dbndiff).sum(0, keepdim).neg(),
    },
    {
      id: "zeros",
      idea: "the mean is mistaken for a constant",
      sentence: "all zeros: the mean is a tensor of the network like any other",
      look:
        "The mean affects every row of bndiff. Write the gradient that the subtraction in the comment passes on to " +
        "it.",
      answer: ({ bnmeani }) => bnmeani.mul(0),
    },
  ],

  alsoRight: [
    {
      code: "return dbndiff.sum(0, keepdim).neg();",
      why: "First the sum, then the sign: hidden numbers are negated instead of n * hidden.",
    },
  ],

  forms: [
    ({ dbndiff }) => dbndiff.neg().sum(0, keepdim),
    ({ dbndiff }) => dbndiff.sum(0, keepdim).neg(),
    ({ dbndiff }) => ones(1, dbndiff.size(0)).neg().matmul(dbndiff),
    ({ dbndiff }) => dbndiff.mean(0, keepdim).mul(-dbndiff.size(0)),
    ({ dbndiff }) => dbndiff.mul(-1).sum(0).view(1, -1),
    ({ dbndiff }) => build([1, dbndiff.size(1)], (_, j) => -sumBackwards(dbndiff.size(0), (i) => dbndiff.get(i, j))),
    ({ bnmeani, dbndiff }) => added(zerosLike(bnmeani), dbndiff.neg(), (_, j) => [0, j]),
    ({ dbndiff }) => throughColumns(dbndiff, 1, () => -1),
    ({ bnmeani, dbndiff }) => {
      const d = zerosLike(bnmeani);
      for (let i = 0; i < dbndiff.size(0); i++)
        for (let j = 0; j < dbndiff.size(1); j++) d.set(0, j, d.get(0, j) - dbndiff.get(i, j));
      return d;
    },
    ({ dbndiff }) => build([1, dbndiff.size(1)], (_, j) => -sum(dbndiff.size(0), (i) => dbndiff.get(i, j))),
  ],
});
