import { keepdim, oneHot, ones, tensor, zerosLike } from "#tensor";
import { added, build, sum, sumBackwards, throughRows } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dlogit_maxes = gradientRoom(makemore, {
  tensor: "logit_maxes",
  lecture: [1989],

  idea: "A subtraction passes the gradient on to its first operand unchanged, and to its second operand with the sign flipped.",

  hints: {
    ask: "One column was subtracted from every column. What follows from that for the sign, and what for the copies?",
    rule:
      "In a - b the slope with respect to b is -1. And b is one number per row: it was copied into every column, so " +
      "the gradients of the columns add up.",
    numbers: {
      dnorm_logits: [
        [2, -1, 4],
        [0, 5, -2],
      ],
    },
    worked: "dlogit_maxes[0, 0] = -({dnorm_logits 0 0} + {dnorm_logits 0 1} + {dnorm_logits 0 2})",
    piece:
      "No value of the forward pass is needed, only the upstream gradient. Flip its sign, and sum it along each row, " +
      "over dimension 1, which stays with length 1. In the full network the result is zero, up to rounding; here, " +
      "with arbitrary upstream gradients, it is not.",
  },

  mistakes: [
    {
      id: "sign",
      idea: "the minus of the subtraction is lost",
      sentence: "the sign is flipped: logit_maxes is subtracted",
      look: looks.sign("logit_maxes"),
      answer: ({ dnorm_logits }) => dnorm_logits.sum(1, keepdim),
    },
    {
      id: "zeros",
      idea: "the value in the full network is returned",
      sentence:
        "all zeros: that is its value in the full network, where other terms cancel, not the derivative of this line",
      look:
        "The grader asks for the derivative of the one line in the comment, with arbitrary upstream gradients. Write " +
        "the gradient that this line gives.",
      answer: ({ logit_maxes }) => zerosLike(logit_maxes),
    },
    {
      id: "mean",
      idea: "the copies are averaged",
      sentence: "the gradients of the columns are averaged: each of them affects the loss, so they add up",
      look: looks.mean,
      answer: ({ dnorm_logits }) => dnorm_logits.mean(1, keepdim).neg(),
    },
    {
      id: "halved",
      idea: "the gradient is divided between the two tensors",
      sentence:
        "every value is half of what it should be: a subtraction passes the whole gradient on to both of its operands",
      look: "Let the maximum that is subtracted grow by 0.1. Does each entry of norm_logits in its row fall by 0.1, or by 0.05?",
      answer: ({ dnorm_logits }) => dnorm_logits.sum(1, keepdim).mul(-0.5),
    },
    {
      id: "not-summed",
      idea: "the sign without the broadcast",
      sentence:
        "the answer still has a column for each character: logit_maxes was copied across the row, so its gradient is summed across the row",
      look: looks.notSummed("logit_maxes"),
      answer: ({ dnorm_logits }) => dnorm_logits.neg(),
    },
    {
      id: "keepdim",
      idea: "the sum drops its dimension",
      sentence: "the sum is over the right dimension but drops it: logit_maxes has shape [n, 1]",
      look: looks.keepdim,
      answer: ({ dnorm_logits }) => dnorm_logits.neg().sum(1),
    },
    {
      id: "wrong-dimension",
      idea: "the sum is over the batch",
      sentence: "the sum runs over the examples: logit_maxes was copied along the other dimension",
      look: looks.wrongDimension,
      answer: ({ dnorm_logits }) => dnorm_logits.neg().sum(0, keepdim),
    },
    {
      id: "at-maximum",
      idea: "only the column of the maximum is counted",
      sentence: "only the column of the maximum is counted: logit_maxes is subtracted from every column",
      look: "Take a row of 3 logits. If the maximum that is subtracted grows by 0.1, and the logits stay as they are, how many entries of norm_logits change?",
      answer: ({ logits, dnorm_logits }) =>
        dnorm_logits
          .mul(oneHot(logits.max(1).indices, logits.size(1)))
          .sum(1, keepdim)
          .neg(),
    },
    {
      id: "weighted",
      idea: "the values are used as slopes",
      sentence: "the columns are weighted by norm_logits: in a subtraction every slope is one or minus one",
      look: looks.weighted,
      answer: ({ norm_logits, dnorm_logits }) => norm_logits.mul(dnorm_logits).sum(1, keepdim).neg(),
    },
  ],

  alsoRight: [
    {
      code: "return dnorm_logits.sum(1, keepdim).neg();",
      why: "First the sum, then the sign: n numbers are negated instead of n * vocab. Negation is exact, so the bits are the same.",
    },
  ],

  forms: [
    ({ dnorm_logits }) => dnorm_logits.neg().sum(1, keepdim),
    ({ dnorm_logits }) => dnorm_logits.sum(1, keepdim).mul(-1),
    ({ dnorm_logits }) => dnorm_logits.matmul(ones(dnorm_logits.size(1), 1)).neg(),
    ({ dnorm_logits }) => dnorm_logits.mean(1, keepdim).mul(-dnorm_logits.size(1)),
    ({ dnorm_logits }) =>
      build([dnorm_logits.size(0), 1], (i) => -sum(dnorm_logits.size(1), (j) => dnorm_logits.get(i, j))),
    ({ dnorm_logits }) =>
      build([dnorm_logits.size(0), 1], (i) => -sumBackwards(dnorm_logits.size(1), (j) => dnorm_logits.get(i, j))),
    ({ dnorm_logits }) => dnorm_logits.T.sum(0).neg().view(-1, 1),
    ({ dnorm_logits }) => tensor(0).sub(dnorm_logits).sum(1).view(-1, 1),
    ({ logit_maxes, dnorm_logits }) => added(zerosLike(logit_maxes), dnorm_logits.neg(), (i) => [i, 0]),
    ({ dnorm_logits }) => throughRows(dnorm_logits, 1, () => -1),
    ({ dnorm_logits }) => ones(1, dnorm_logits.size(1)).neg().matmul(dnorm_logits.T).T,
    ({ logit_maxes, dnorm_logits }) => {
      const d = zerosLike(logit_maxes);
      for (let i = 0; i < d.size(0); i++)
        for (let j = 0; j < dnorm_logits.size(1); j++) d.set(i, 0, d.get(i, 0) - dnorm_logits.get(i, j));
      return d;
    },
  ],
});
