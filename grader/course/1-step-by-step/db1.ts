import { keepdim, ones, zerosLike } from "#tensor";
import { added, build, sum, sumBackwards, throughColumns } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const db1 = gradientRoom(makemore, {
  tensor: "b1",
  lecture: [4717],

  idea: "The local gradient belongs to the line, whatever the rest of the network does with its output.",

  hints: {
    ask: "b1 has one dimension, the upstream gradient has two. Along which of them was b1 copied?",
    rule:
      "A bias is added to every row, so it is copied down the batch. Each copy has slope 1, and the gradients of the " +
      "copies add up.",
    numbers: {
      dhprebn: [
        [2, -1],
        [0, 5],
      ],
    },
    worked: "db1[1] = {dhprebn 0 1} + {dhprebn 1 1}",
    piece:
      "The pattern of db2: one sum of the upstream gradient, down the batch, and the dimension is not kept. In the " +
      "full network the result is zero, up to rounding; with arbitrary upstream gradients it is not, so do not " +
      "return zeros.",
  },

  mistakes: [
    {
      id: "zeros",
      idea: "the value in the full network is returned",
      sentence:
        "all zeros: that is its value in the full network, where batchnorm subtracts the mean, not the derivative of this line",
      look:
        "The grader asks for the derivative of the one line in the comment, with arbitrary upstream gradients. Write " +
        "the gradient that this line gives.",
      answer: ({ b1 }) => zerosLike(b1),
    },
    {
      id: "mean",
      idea: "the copies are averaged",
      sentence: "the rows are averaged: b1 was copied into every row, and the gradients of the copies add up",
      look: looks.mean,
      answer: ({ dhprebn }) => dhprebn.mean(0),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped",
      look: looks.sign("b1"),
      answer: ({ dhprebn }) => dhprebn.sum(0).neg(),
    },
    {
      id: "wrong-dimension",
      idea: "the sum is along the rows",
      sentence: "the sum runs over the neurons: b1 was copied down the batch",
      look: looks.wrongDimension,
      answer: ({ dhprebn }) => dhprebn.sum(1),
    },
    {
      id: "keepdim",
      idea: "the dimension is kept",
      sentence: "the summed dimension is kept: b1 has shape [hidden]",
      look: looks.keepdim,
      answer: ({ dhprebn }) => dhprebn.sum(0, keepdim),
    },
    {
      id: "not-summed",
      idea: "the broadcast is overlooked",
      sentence:
        "the answer still has a row for each example: b1 was copied down the batch, so its gradient is summed over the batch",
      look: looks.notSummed("b1"),
      answer: ({ dhprebn }) => dhprebn.clone(),
    },
    {
      id: "times-b1",
      idea: "the bias is mistaken for a factor",
      sentence: "the sum is multiplied by b1: a bias is added, so its slope is one",
      look: "Let one entry of b1 grow by 0.1: once from 0, once from 2. How much does hprebn change each time?",
      answer: ({ b1, dhprebn }) => dhprebn.sum(0).mul(b1),
    },
  ],

  alsoRight: [
    {
      code: "return ones(1, dhprebn.size(0)).matmul(dhprebn).view(-1);",
      why: "A sum down the batch is a matrix product with a row of ones: a bias is a weight whose input is always 1.",
    },
  ],

  forms: [
    ({ dhprebn }) => dhprebn.sum(0),
    ({ dhprebn }) => ones(1, dhprebn.size(0)).matmul(dhprebn).view(-1),
    ({ dhprebn }) => dhprebn.mean(0).mul(dhprebn.size(0)),
    ({ dhprebn }) => dhprebn.T.sum(1),
    ({ dhprebn }) => build([dhprebn.size(1)], (j) => sum(dhprebn.size(0), (i) => dhprebn.get(i, j))),
    ({ dhprebn }) => build([dhprebn.size(1)], (j) => sumBackwards(dhprebn.size(0), (i) => dhprebn.get(i, j))),
    ({ b1, dhprebn }) => added(zerosLike(b1), dhprebn, (_, j) => [j]),
    ({ dhprebn }) => throughColumns(dhprebn, 1, () => 1).view(-1),
    ({ dhprebn }) => dhprebn.T.matmul(ones(dhprebn.size(0), 1)).view(-1),
  ],
});
