import { keepdim, ones, zerosLike } from "#tensor";
import { added, build, sum, throughColumns } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dbnbias = gradientRoom(makemore, {
  tensor: "bnbias",
  lecture: [3520],

  idea: "The gradient of a row that was added is the sum of the gradients of its copies, as for db2.",

  hints: {
    ask:
      "The upstream gradient has a row for each example, bnbias has a single one. What does the answer keep that db2 " +
      "did not?",
    rule:
      "A bias is added to every row: it is copied down the batch, and each copy has slope 1. The gradients of the " +
      "copies add up.",
    numbers: {
      dhpreact: [
        [2, 3],
        [4, -1],
      ],
    },
    worked: "dbnbias[0, 1] = {dhpreact 0 1} + {dhpreact 1 1}",
    piece:
      "One sum of the upstream gradient, down the batch, over dimension 0. bnbias has shape [1, hidden], so the " +
      "summed dimension stays, with length 1.",
  },

  mistakes: [
    {
      id: "mean",
      idea: "the copies are averaged",
      sentence: "the rows are averaged: bnbias was copied into every row, and the gradients of the copies add up",
      look: looks.mean,
      answer: ({ dhpreact }) => dhpreact.mean(0, keepdim),
    },
    {
      id: "keepdim",
      idea: "the sum drops its dimension",
      sentence: "the sum is over the right dimension but drops it: bnbias has shape [1, hidden]",
      look: looks.keepdim,
      answer: ({ dhpreact }) => dhpreact.sum(0),
    },
    {
      id: "wrong-dimension",
      idea: "the sum is along the rows",
      sentence: "the sum runs over the neurons: bnbias was copied down the batch",
      look: looks.wrongDimension,
      answer: ({ dhpreact }) => dhpreact.sum(1, keepdim),
    },
    {
      id: "not-summed",
      idea: "the broadcast is overlooked",
      sentence:
        "the answer still has a row for each example: bnbias was copied down the batch, so its gradient is summed over the batch",
      look: looks.notSummed("bnbias"),
      answer: ({ dhpreact }) => dhpreact.clone(),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped",
      look: looks.sign("bnbias"),
      answer: ({ dhpreact }) => dhpreact.sum(0, keepdim).neg(),
    },
    {
      id: "times-bngain",
      idea: "the gain is applied to the bias",
      sentence: "the sum is multiplied by bngain: the bias is added after the gain",
      look: "Let one entry of bnbias grow by 0.1, with a gain of 3. Does hpreact grow by 0.1, or by 0.3?",
      answer: ({ bngain, dhpreact }) => dhpreact.sum(0, keepdim).mul(bngain),
    },
    {
      id: "times-bnraw",
      idea: "the gradient of the gain is returned",
      sentence: "the rows are weighted by bnraw, as in the gradient of bngain: a bias has slope one",
      look: "Let one entry of bnbias grow by 0.1. Does the change in hpreact depend on bnraw?",
      answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim),
    },
  ],

  alsoRight: [
    {
      code: "return ones(1, dhpreact.size(0)).matmul(dhpreact);",
      why: "A matrix product with a row of ones: it sums down the batch and keeps the dimension.",
    },
  ],

  forms: [
    ({ dhpreact }) => dhpreact.sum(0, keepdim),
    ({ dhpreact }) => dhpreact.sum(0).view(1, -1),
    ({ dhpreact }) => ones(1, dhpreact.size(0)).matmul(dhpreact),
    ({ dhpreact }) => dhpreact.mean(0, keepdim).mul(dhpreact.size(0)),
    ({ dhpreact }) => dhpreact.T.sum(1, keepdim).T,
    ({ dhpreact }) => build([1, dhpreact.size(1)], (_, j) => sum(dhpreact.size(0), (i) => dhpreact.get(i, j))),
    ({ bnbias, dhpreact }) => added(zerosLike(bnbias), dhpreact, (_, j) => [0, j]),
    ({ dhpreact }) => throughColumns(dhpreact, 1, () => 1),
    ({ dhpreact }) => dhpreact.T.matmul(ones(dhpreact.size(0), 1)).T,
  ],
});
