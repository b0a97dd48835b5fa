import { keepdim, ones, zerosLike } from "#tensor";
import { added, build, diag, sum, sumBackwards, throughColumns } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dbnvar_inv = gradientRoom(makemore, {
  tensor: "bnvar_inv",
  lecture: [3691],

  idea: "Once you know the pattern, read it off the indices: sum over the index that is missing, and the rest is the other factor.",

  hints: {
    ask:
      "The upstream gradient has a row for each example, bnvar_inv has a single one. Along which dimension was it " +
      "copied?",
    rule:
      "Each entry of bnvar_inv scales its neuron's column: it is copied down the batch. Each copy is a factor of a " +
      "product, and its local gradient is the other factor. The gradients of the copies add up.",
    numbers: {
      // the first neuron does not vary
      bndiff: [
        [0, -3],
        [0, 3],
      ],
      dbnraw: [
        [2, 1],
        [4, -1],
      ],
    },
    worked: "dbnvar_inv[0, 1] = {bndiff 0 1} * {dbnraw 0 1} + {bndiff 1 1} * {dbnraw 1 1}",
    piece:
      "The pattern of dbngain. The factor to use is the one that bnvar_inv is multiplied by in the forward line, not " +
      "the output of that line. Then sum down the batch, over dimension 0, which stays with length 1.",
  },

  mistakes: [
    {
      id: "bnraw-for-bndiff",
      idea: "the output is used instead of the other factor",
      sentence:
        "the copies are weighted by bnraw, the product; the local gradient is the factor that bnvar_inv is multiplied by",
      look: "What is bnvar_inv multiplied by in the forward line? bnraw is the output of that line.",
      answer: ({ bnraw, dbnraw }) => bnraw.mul(dbnraw).sum(0, keepdim),
    },
    {
      id: "not-summed",
      idea: "the product rule without the broadcast",
      sentence:
        "the answer still has a row for each example: bnvar_inv was copied down the batch, so its gradient is summed over the batch",
      look: looks.notSummed("bnvar_inv"),
      answer: ({ bndiff, dbnraw }) => bndiff.mul(dbnraw),
    },
    {
      id: "wrong-dimension",
      idea: "the sum is along the rows",
      sentence: "the sum runs over the neurons: bnvar_inv was copied down the batch",
      look: looks.wrongDimension,
      answer: ({ bndiff, dbnraw }) => bndiff.mul(dbnraw).sum(1, keepdim),
    },
    {
      id: "keepdim",
      idea: "the sum drops its dimension",
      sentence: "the sum is over the right dimension but drops it: bnvar_inv has shape [1, hidden]",
      look: looks.keepdim,
      answer: ({ bndiff, dbnraw }) => bndiff.mul(dbnraw).sum(0),
    },
    {
      id: "bndiff-forgotten",
      idea: "the broadcast without the product rule",
      sentence:
        "the upstream gradient is summed directly: in the forward line each copy is multiplied by an entry of bndiff",
      look: "What is bnvar_inv multiplied by in the forward line? Each copy has its own factor.",
      answer: ({ dbnraw }) => dbnraw.sum(0, keepdim),
    },
    {
      id: "mean",
      idea: "the copies are averaged",
      sentence: "the rows are averaged: bnvar_inv was copied into every row, and the gradients of the copies add up",
      look: looks.mean,
      answer: ({ bndiff, dbnraw }) => bndiff.mul(dbnraw).mean(0, keepdim),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("bnvar_inv"),
      answer: ({ bndiff, dbnraw }) => bndiff.mul(dbnraw).sum(0, keepdim).neg(),
    },
    {
      id: "own-factor",
      idea: "the factor is multiplied by itself",
      sentence: "the copies are weighted by bnvar_inv itself; the local gradient of a factor is the other factor",
      look: looks.ownFactor("bnvar_inv"),
      answer: ({ bnvar_inv, dbnraw }) => bnvar_inv.mul(dbnraw).sum(0, keepdim),
    },
  ],

  alsoRight: [
    {
      code: "return dbnraw.mul(bndiff).sum(0).view(1, -1);",
      why: "The sum without keepdim, and then a view that gives the dimension back.",
    },
  ],

  forms: [
    ({ bndiff, dbnraw }) => bndiff.mul(dbnraw).sum(0, keepdim),
    ({ bndiff, dbnraw }) => diag(bndiff.T.matmul(dbnraw)),
    ({ bnraw, bnvar_inv, dbnraw }) => bnraw.div(bnvar_inv).mul(dbnraw).sum(0, keepdim),
    ({ bnraw, bnvar_inv, dbnraw }) => bnraw.mul(dbnraw).sum(0, keepdim).div(bnvar_inv),
    ({ bndiff, dbnraw }) =>
      build([1, bndiff.size(1)], (_, j) => sum(bndiff.size(0), (i) => bndiff.get(i, j) * dbnraw.get(i, j))),
    ({ bndiff, dbnraw }) => ones(1, bndiff.size(0)).matmul(bndiff.mul(dbnraw)),
    ({ bndiff, dbnraw }) => bndiff.mul(dbnraw).sum(0).view(1, -1),
    ({ bndiff, dbnraw }) =>
      build([1, bndiff.size(1)], (_, j) => sumBackwards(bndiff.size(0), (i) => bndiff.get(i, j) * dbnraw.get(i, j))),
    ({ bnvar_inv, bndiff, dbnraw }) => added(zerosLike(bnvar_inv), bndiff.mul(dbnraw), (_, j) => [0, j]),
    ({ bndiff, dbnraw }) => throughColumns(dbnraw, 1, (j, k) => bndiff.get(k, j)),
    ({ bndiff, dbnraw }) => dbnraw.mul(bndiff).mean(0, keepdim).mul(bndiff.size(0)),
  ],
});
