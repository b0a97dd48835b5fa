import { keepdim, ones, onesLike, zerosLike } from "#tensor";
import { build, each, eye } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dcounts = gradientRoom(makemore, {
  tensor: "counts",
  lecture: [1582, 1739],

  idea: "Sum and broadcast are each the backward pass of the other; a tensor used twice adds the gradients of its branches.",

  hints: {
    ask:
      "Two lines use counts. Write down the gradient of each branch and its shape: which one still has to be " +
      "broadcast across the row?",
    rule:
      "Used twice: two gradients, added. As a factor of a product, counts has the other factor as its local " +
      "gradient. As a term of a sum it has slope 1, so every term of a row receives a copy of the gradient of the " +
      "sum.",
    numbers: {
      counts: [
        [1, 2, 1],
        [3, 1, 1],
      ],
      dprobs: [
        [2, -1, 4],
        [0, 5, -2],
      ],
      dcounts_sum: [[0.5], [-3]],
    },
    worked: "dcounts[0, 1] = {counts_sum_inv 0 0} * {dprobs 0 1} + {dcounts_sum 0 0}",
    piece:
      "The answer is a sum of two terms. The first, through probs, is the factor that counts is multiplied by, times " +
      "the gradient of probs. The second, through counts_sum, is the gradient of the sum, the same for every column; " +
      "broadcasting expands [n, 1] to [n, vocab] when you add the two.",
  },

  mistakes: [
    {
      id: "second-branch-missing",
      idea: "the sum is overlooked",
      sentence:
        "the branch through counts_sum is missing: counts is also summed, and the gradient of the sum has to be added",
      namesBranch: true,
      look:
        "The line of counts_sum: every entry of counts is a term of its row's sum, with slope 1. The gradient of the " +
        "sum belongs to every column of the row.",
      answer: ({ counts_sum_inv, dprobs }) => counts_sum_inv.mul(dprobs),
    },
    {
      id: "dcounts_sum-recomputed",
      idea: "dcounts_sum is computed again from another gradient",
      sentence:
        "dcounts_sum is not used, it is computed again from dprobs: that is right in the whole network, where the two agree, but it is not the derivative of these lines",
      look:
        "Use dcounts_sum, which you are given. In the full network it agrees with what you computed; with the grader's " +
        "upstream gradients it does not.",
      answer: ({ counts, counts_sum_inv, dprobs }) => {
        const dcounts_sum_inv = counts.mul(dprobs).sum(1, keepdim);
        return counts_sum_inv.mul(dprobs).sub(counts_sum_inv.pow(2).mul(dcounts_sum_inv));
      },
    },
    {
      id: "first-branch-missing",
      idea: "the product is overlooked",
      sentence: "the branch through probs is missing: counts is also a factor of the product that gives probs",
      namesBranch: true,
      look:
        "The line of probs: counts is one factor of a product. Which is the other, and what is the gradient of the " +
        "product?",
      answer: ({ counts, dcounts_sum }) => onesLike(counts).mul(dcounts_sum),
    },
    {
      id: "difference",
      idea: "the branches are subtracted",
      sentence: "the two branches are subtracted: both affect the loss, so their gradients add up",
      look: looks.difference("counts"),
      answer: ({ counts_sum_inv, dprobs, dcounts_sum }) => counts_sum_inv.mul(dprobs).sub(dcounts_sum),
    },
    {
      id: "sum-scaled",
      idea: "the sum is mistaken for a mean",
      sentence:
        "the branch through counts_sum is divided by the size of the vocabulary: the backward pass of a sum is a copy, and nothing is divided",
      namesBranch: true,
      look: "Let one entry of counts grow by 0.1. How much does its row's sum grow, in a row of 3 and in a row of 27?",
      answer: ({ counts, counts_sum_inv, dprobs, dcounts_sum }) =>
        counts_sum_inv.mul(dprobs).add(dcounts_sum.div(counts.size(1))),
    },
    {
      id: "sum-times-counts",
      idea: "the sum is mistaken for a product",
      sentence: "the branch through counts_sum is multiplied by counts: every term of a sum has slope one",
      namesBranch: true,
      look: "Let one entry of counts grow by 0.1: once from 1, once from 6. How much does its row's sum grow each time?",
      answer: ({ counts, counts_sum_inv, dprobs, dcounts_sum }) =>
        counts_sum_inv.mul(dprobs).add(counts.mul(dcounts_sum)),
    },
    {
      id: "product-alone",
      idea: "the factor of the product is left out",
      sentence:
        "in the branch through probs, the upstream gradient is added unchanged: in the product, counts is multiplied by counts_sum_inv",
      namesBranch: true,
      look: "In the line of probs, what is counts multiplied by? It scales the gradient of that branch.",
      answer: ({ dprobs, dcounts_sum }) => dprobs.add(dcounts_sum),
    },
    {
      id: "divided-by-inverse",
      idea: "the inverse is inverted again",
      sentence: "the branch through probs is multiplied by counts_sum: the forward line multiplies by its inverse",
      namesBranch: true,
      look:
        "counts_sum_inv is an inverse already: the forward line multiplies by it, and the backward pass does as " +
        "well.",
      answer: ({ counts_sum, dprobs, dcounts_sum }) => counts_sum.mul(dprobs).add(dcounts_sum),
    },
    {
      id: "sign",
      idea: "both branches are negated",
      sentence: "the sign of both branches is flipped",
      look: looks.sign("counts"),
      answer: ({ counts_sum_inv, dprobs, dcounts_sum }) => counts_sum_inv.mul(dprobs).add(dcounts_sum).neg(),
    },
    {
      id: "halved",
      idea: "the branches are averaged",
      sentence: "the branches are averaged: their gradients add up",
      look: looks.halved("counts"),
      answer: ({ counts_sum_inv, dprobs, dcounts_sum }) => counts_sum_inv.mul(dprobs).add(dcounts_sum).mul(0.5),
    },
    {
      id: "own-factor",
      idea: "the wrong factor of the product is used",
      sentence:
        "in the branch through probs, the upstream gradient is multiplied by counts; the local gradient of a factor is the other factor",
      namesBranch: true,
      look: looks.ownFactor("counts"),
      answer: ({ counts, dprobs, dcounts_sum }) => counts.mul(dprobs).add(dcounts_sum),
    },
  ],

  alsoRight: [
    {
      code: "return counts_sum_inv.mul(dprobs).add(dcounts_sum);",
      why: "Broadcasting copies the [n, 1] column while it is added, so no tensor of ones is needed.",
    },
  ],

  forms: [
    ({ counts_sum_inv, dprobs, dcounts_sum }) => counts_sum_inv.mul(dprobs).add(dcounts_sum),
    ({ counts_sum, dprobs, dcounts_sum }) => dprobs.div(counts_sum).add(dcounts_sum),
    ({ counts, probs, dprobs, dcounts_sum }) => probs.div(counts).mul(dprobs).add(dcounts_sum),
    ({ counts_sum_inv, dprobs, dcounts_sum }) => dcounts_sum.expand(...dprobs.shape).add(dprobs.mul(counts_sum_inv)),
    ({ counts_sum_inv, dprobs, dcounts_sum }) => dprobs.add(dcounts_sum.div(counts_sum_inv)).mul(counts_sum_inv),
    ({ counts_sum_inv, dprobs, dcounts_sum }) =>
      dcounts_sum.matmul(ones(1, dprobs.size(1))).add(dprobs.mul(counts_sum_inv)),
    ({ counts_sum_inv, dprobs, dcounts_sum }) =>
      build([...dprobs.shape], (i, j) => counts_sum_inv.get(i, 0) * dprobs.get(i, j) + dcounts_sum.get(i, 0)),
    ({ counts_sum, dprobs, dcounts_sum }) => dprobs.add(dcounts_sum.mul(counts_sum)).div(counts_sum),
    ({ counts, counts_sum_inv, dprobs, dcounts_sum }) => {
      const d = each(zerosLike(counts), (i, j, d) => d.set(i, j, counts_sum_inv.get(i, 0) * dprobs.get(i, j)));
      return each(d, (i, j) => d.set(i, j, d.get(i, j) + dcounts_sum.get(i, 0)));
    },
    ({ counts_sum_inv, dprobs, dcounts_sum }) =>
      eye(dprobs.size(0)).mul(counts_sum_inv).matmul(dprobs).add(dcounts_sum),
  ],
});
