import { keepdim, ones, zerosLike } from "#tensor";
import { added, build, sum, sumBackwards, throughColumns } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const db2 = gradientRoom(makemore, {
  tensor: "b2",
  lecture: [3146],

  idea: "The index that a tensor does not have is the one to sum over.",

  hints: {
    ask: "b2 has one dimension, the upstream gradient has two. Along which of them was b2 copied?",
    rule:
      "A bias is added to every row, so it is copied down the batch. Each copy has slope 1, and the gradients of the " +
      "copies add up.",
    numbers: {
      dlogits: [
        [2, -1, 1],
        [0, 5, -2],
      ],
    },
    worked: "db2[1] = {dlogits 0 1} + {dlogits 1 1}",
    piece:
      "One sum, of the upstream gradient and nothing else. It runs down the batch, over dimension 0. b2 has shape " +
      "[vocab], so this time the dimension is not kept.",
  },

  mistakes: [
    {
      id: "mean",
      idea: "the copies are averaged",
      sentence: "the rows are averaged: b2 was copied into every row, and the gradients of the copies add up",
      look: looks.mean,
      answer: ({ dlogits }) => dlogits.mean(0),
    },
    {
      id: "wrong-dimension",
      idea: "the sum is along the rows",
      sentence: "the sum runs over the characters: b2 was copied down the batch",
      look: looks.wrongDimension,
      answer: ({ dlogits }) => dlogits.sum(1),
    },
    {
      id: "keepdim",
      idea: "the dimension is kept",
      sentence: "the summed dimension is kept: b2 has shape [vocab]",
      look: looks.keepdim,
      answer: ({ dlogits }) => dlogits.sum(0, keepdim),
    },
    {
      id: "not-summed",
      idea: "the broadcast is overlooked",
      sentence:
        "the answer still has a row for each example: b2 was copied down the batch, so its gradient is summed over the batch",
      look: looks.notSummed("b2"),
      answer: ({ dlogits }) => dlogits.clone(),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped",
      look: looks.sign("b2"),
      answer: ({ dlogits }) => dlogits.sum(0).neg(),
    },
    {
      id: "times-b2",
      idea: "the bias is mistaken for a factor",
      sentence: "the sum is multiplied by b2: a bias is added, so its slope is one",
      look: "Let one entry of b2 grow by 0.1: once from 0, once from 2. How much do its logits change each time?",
      answer: ({ b2, dlogits }) => dlogits.sum(0).mul(b2),
    },
    {
      id: "zeros",
      idea: "the bias is thought to have no effect",
      sentence: "all zeros: that holds for b1, because batchnorm subtracts the mean after it, but not for this bias",
      look:
        "If one entry of b2 grows, its logit grows in every row. Write the gradient that the one line in the comment " +
        "gives. If your code fills in a tensor of zeros: set changes a tensor; the operations without _ return a new " +
        "one.",
      answer: ({ b2 }) => zerosLike(b2),
    },
    {
      id: "logits-for-dlogits",
      idea: "the value is used instead of its gradient",
      sentence: "the logits themselves are summed, instead of their gradient",
      look: looks.valueForGradient,
      answer: ({ logits }) => logits.sum(0),
    },
  ],

  alsoRight: [
    {
      code: "return ones(1, dlogits.size(0)).matmul(dlogits).view(-1);",
      why: "A sum down the batch is a matrix product with a row of ones: a bias is a weight whose input is always 1.",
    },
  ],

  forms: [
    ({ dlogits }) => dlogits.sum(0),
    ({ dlogits }) => ones(1, dlogits.size(0)).matmul(dlogits).view(-1),
    ({ dlogits }) => dlogits.mean(0).mul(dlogits.size(0)),
    ({ dlogits }) => dlogits.T.sum(1),
    ({ dlogits }) => build([dlogits.size(1)], (j) => sum(dlogits.size(0), (i) => dlogits.get(i, j))),
    ({ dlogits }) => build([dlogits.size(1)], (j) => sumBackwards(dlogits.size(0), (i) => dlogits.get(i, j))),
    ({ b2, dlogits }) => added(zerosLike(b2), dlogits, (_, j) => [j]),
    ({ dlogits }) => throughColumns(dlogits, 1, () => 1).view(-1),
    ({ dlogits }) => dlogits.T.matmul(ones(dlogits.size(0), 1)).view(-1),
  ],
});
