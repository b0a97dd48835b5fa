import { keepdim, ones } from "#tensor";
import { build, sum, sumBackwards } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { layernorm } from "./network.ts";

export const dlnmean = gradientRoom(layernorm, {
  id: "layernorm-dlnmean",
  tensor: "lnmean",
  title: "a mean that is subtracted",
  idea: "What is subtracted from a whole row collects the row's gradient, negated.",
  hints: {
    piece: "The mean is broadcast along its row and subtracted. Its answer needs no value of the forward pass.",
  },

  mistakes: [
    {
      id: "sign",
      idea: "the minus is lost",
      sentence: "the sign is flipped: the mean is subtracted",
      look: looks.sign("lnmean"),
      answer: ({ dlndiff }) => dlndiff.sum(1, keepdim),
    },
    {
      id: "mean",
      idea: "the mean of the forward pass is taken again",
      sentence: "the contributions of the features are averaged: they add up, whatever made the number they share",
      look: looks.mean,
      answer: ({ dlndiff }) => dlndiff.mean(1, keepdim).neg(),
    },
    {
      id: "not-summed",
      idea: "the copies are not added up",
      sentence: "there is a value for each feature: one mean is subtracted from the whole row",
      look: looks.notSummed("lnmean"),
      answer: ({ dlndiff }) => dlndiff.neg(),
    },
    {
      id: "down",
      idea: "the sum runs down the batch, as in batchnorm",
      sentence: "the sum runs down the batch, as in batch normalization: here each example has a mean of its own",
      look: "Which shape has lnmean, and along which dimension is it broadcast?",
      answer: ({ dlndiff }) => dlndiff.sum(0, keepdim).neg(),
    },
    {
      id: "weighted",
      idea: "the values are multiplied in",
      sentence: "the upstream gradient is multiplied by lndiff: the local gradient of what is subtracted is -1",
      look: looks.weighted,
      answer: ({ lndiff, dlndiff }) => lndiff.mul(dlndiff).sum(1, keepdim).neg(),
    },
    {
      id: "zero",
      idea: "the gradient of the mean is taken to vanish, as it does in the whole layer",
      sentence: "the answer is 0: in the whole layer that is nearly so, but it is not the derivative of this line",
      look: "Use dlndiff as it is given. Which step would make its rows add up to 0?",
      answer: ({ lnmean }) => lnmean.mul(0),
    },
    {
      id: "x-for-upstream",
      idea: "the values are summed instead of the gradient",
      sentence: "x is summed instead of the upstream gradient",
      look: looks.valueForGradient,
      answer: ({ x }) => x.sum(1, keepdim).neg(),
    },
    {
      id: "keepdim",
      idea: "the dimension is dropped",
      sentence: "the summed dimension is dropped: lnmean keeps it, with extent 1",
      look: looks.keepdim,
      answer: ({ dlndiff }) => dlndiff.sum(1).neg(),
    },
  ],

  alsoRight: [
    {
      code: "return dlndiff.mean(1, keepdim).mul(-dlndiff.size(1));",
      why: "A sum is a mean times the number of entries.",
    },
  ],

  forms: [
    ({ dlndiff }) => dlndiff.sum(1, keepdim).neg(),
    ({ dlndiff }) => dlndiff.neg().sum(1, keepdim),
    ({ dlndiff }) => dlndiff.matmul(ones(dlndiff.size(1), 1)).mul(-1),
    ({ dlndiff }) => dlndiff.mean(1, keepdim).mul(-dlndiff.size(1)),
    ({ dlndiff }) => build([dlndiff.size(0), 1], (i) => -sum(dlndiff.size(1), (j) => dlndiff.get(i, j))),
    ({ dlndiff }) => build([dlndiff.size(0), 1], (i) => -sumBackwards(dlndiff.size(1), (j) => dlndiff.get(i, j))),
  ],
});
