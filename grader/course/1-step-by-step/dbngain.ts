import { keepdim, ones, zerosLike } from "#tensor";
import { added, build, diag, sum, sumBackwards, throughColumns } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dbngain = gradientRoom(makemore, {
  tensor: "bngain",
  lecture: [3312],

  idea: "For a factor that was broadcast, multiply elementwise, then sum over the copies.",

  hints: {
    ask:
      "The upstream gradient has a row for each example, bngain has a single one. Along which dimension was it " +
      "copied?",
    rule:
      "Each gain multiplies its neuron's value in every example: it is copied down the batch. Each copy is a factor " +
      "of a product, and its local gradient is the other factor. The gradients of the copies add up.",
    numbers: {
      bnraw: [
        [1, -1],
        [0, 2],
      ],
      dhpreact: [
        [2, 3],
        [4, -1],
      ],
    },
    worked: "dbngain[0, 1] = {bnraw 0 1} * {dhpreact 0 1} + {bnraw 1 1} * {dhpreact 1 1}",
    piece:
      "Two operations, in this order: an elementwise product with the factor that bngain is multiplied by, then a " +
      "sum down the batch, over dimension 0. That dimension stays, with length 1.",
  },

  mistakes: [
    {
      id: "not-summed",
      idea: "the product rule without the broadcast",
      sentence:
        "the answer still has a row for each example: bngain was copied down the batch, so its gradient is summed over the batch",
      look: looks.notSummed("bngain"),
      answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact),
    },
    {
      id: "bnraw-forgotten",
      idea: "the broadcast without the product rule",
      sentence:
        "the upstream gradient is summed directly: in the forward line each copy is multiplied by an entry of bnraw",
      look: "What is bngain multiplied by in the forward line? Each copy has its own factor.",
      answer: ({ dhpreact }) => dhpreact.sum(0, keepdim),
    },
    {
      id: "hpreact-for-bnraw",
      idea: "the output is used instead of the other factor",
      sentence:
        "the copies are weighted by hpreact, the output; the local gradient is the factor that bngain is multiplied by",
      look:
        "What is bngain multiplied by in the forward line? hpreact is the output of that line. With a gain of 1 and " +
        "a bias of 0 the two have the same values, but only then.",
      answer: ({ hpreact, dhpreact }) => hpreact.mul(dhpreact).sum(0, keepdim),
    },
    {
      id: "mean",
      idea: "the copies are averaged",
      sentence: "the rows are averaged: bngain was copied into every row, and the gradients of the copies add up",
      look: looks.mean,
      answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).mean(0, keepdim),
    },
    {
      id: "keepdim",
      idea: "the sum drops its dimension",
      sentence: "the sum is over the right dimension but drops it: bngain has shape [1, hidden]",
      look: looks.keepdim,
      answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0),
    },
    {
      id: "wrong-dimension",
      idea: "the sum is along the rows",
      sentence: "the sum runs over the neurons: bngain was copied down the batch",
      look: looks.wrongDimension,
      answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(1, keepdim),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("bngain"),
      answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim).neg(),
    },
    {
      id: "own-factor",
      idea: "the factor is multiplied by itself",
      sentence: "the copies are weighted by bngain itself; the local gradient of a factor is the other factor",
      look: looks.ownFactor("bngain"),
      answer: ({ bngain, dhpreact }) => bngain.mul(dhpreact).sum(0, keepdim),
    },
    {
      id: "summed-apart",
      idea: "the factors are summed before they are multiplied",
      sentence:
        "a factor is summed before the product is taken, or both are: each copy is multiplied by its own entry of bnraw",
      look: looks.summedApart,
      answer: ({ bnraw, dhpreact }) => bnraw.sum(0, keepdim).mul(dhpreact.sum(0, keepdim)),
    },
  ],

  alsoRight: [
    {
      code: "return dhpreact.mul(bnraw).sum(0).view(1, -1);",
      why: "The sum without keepdim, and then a view that gives the dimension back.",
    },
  ],

  forms: [
    ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim),
    ({ bnraw, dhpreact }) => diag(bnraw.T.matmul(dhpreact)),
    ({ bnraw, dhpreact }) => ones(1, bnraw.size(0)).matmul(bnraw.mul(dhpreact)),
    ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).mean(0, keepdim).mul(bnraw.size(0)),
    ({ bnraw, dhpreact }) =>
      build([1, bnraw.size(1)], (_, j) => sum(bnraw.size(0), (i) => bnraw.get(i, j) * dhpreact.get(i, j))),
    ({ bnraw, dhpreact }) =>
      build([1, bnraw.size(1)], (_, j) => sumBackwards(bnraw.size(0), (i) => bnraw.get(i, j) * dhpreact.get(i, j))),
    ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).T.sum(1).view(1, -1),
    ({ bngain, bnraw, dhpreact }) => added(zerosLike(bngain), bnraw.mul(dhpreact), (_, j) => [0, j]),
    ({ bnraw, dhpreact }) => throughColumns(dhpreact, 1, (j, k) => bnraw.get(k, j)),
    ({ bnraw, dhpreact }) => dhpreact.mul(bnraw).sum(0).view(1, -1),
  ],
});
