import { keepdim, ones, zerosLike } from "#tensor";
import { added, build, sum, sumBackwards, throughColumns } from "../elements.ts";
import { looks } from "../looks.ts";
import { gradientRoom } from "../rooms.ts";

export const db2 = gradientRoom({
  tensor: "b2",

  hints: {
    ask: "b2 has one dimension, what comes from above two. Along which was b2 copied?",
    rule:
      "A bias is added to every row, so it is copied down the batch. Its slope is 1 in each copy, and what the copies " +
      "send back adds up.",
    numbers: {
      dlogits: [
        [2, -1, 1],
        [0, 5, -2],
      ],
    },
    worked: "db2[1] = {dlogits 0 1} + {dlogits 1 1}",
    piece:
      "One sum, of what comes from above and nothing else. It runs down the batch, over dimension 0. b2 has the shape " +
      "[vocab], so this time the dimension is not kept.",
  },

  mistakes: [
    {
      id: "mean",
      idea: "the copies are averaged",
      sentence: "the rows are averaged: b2 was copied into every row, and the copies add up",
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
        "the answer still has a row for each example: b2 was copied down the batch, so its gradient is summed over it",
      look: looks.notSummed("b2"),
      answer: ({ dlogits }) => dlogits.clone(),
    },
    {
      id: "sign",
      idea: "a sign slips in",
      sentence: "the sign is flipped",
      look: looks.sign("b2"),
      answer: ({ dlogits }) => dlogits.sum(0).neg(),
    },
    {
      id: "times-b2",
      idea: "the bias is taken for a factor",
      sentence: "the sum is multiplied by b2: a bias is added, its slope is one",
      look: "Let one number of b2 grow by 0.1: once from 0, once from 2. How far do its logits move each time?",
      answer: ({ b2, dlogits }) => dlogits.sum(0).mul(b2),
    },
    {
      id: "zeros",
      idea: "the bias is taken for a useless one",
      sentence: "all zeros: that holds for b1, whose mean is subtracted after it, not for this bias",
      look:
        "If one number of b2 grows, its logit grows in every row. Write what the one line in the comment gives " +
        "back. If you filled the zeros in: set changes a tensor; the operations without _ return a new one.",
      answer: ({ b2 }) => zerosLike(b2),
    },
    {
      id: "logits-for-dlogits",
      idea: "the value is taken for its gradient",
      sentence: "the logits themselves are summed, in place of their gradient",
      look: looks.valueForGradient,
      answer: ({ logits }) => logits.sum(0),
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
