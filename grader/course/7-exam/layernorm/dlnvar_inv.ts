import { keepdim } from "#tensor";
import { build, sum, sumBackwards } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { layernorm } from "./network.ts";

export const dlnvar_inv = gradientRoom(layernorm, {
  id: "layernorm-dlnvar_inv",
  tensor: "lnvar_inv",
  title: "a scale per example",
  idea: "A number that scales a whole row collects the gradient of the row.",
  hints: {
    piece: "Elementwise products, and a sum over the dimension in which lnvar_inv has extent 1; it stays.",
  },
  looks: { sign: looks.signOfProduct("lnvar_inv") },

  mistakes: [
    {
      id: "not-summed",
      idea: "the copies are not added up",
      sentence:
        "there is a value for each feature: one number scales the whole row, and collects the gradient of all of it",
      look: looks.notSummed("lnvar_inv"),
      answer: ({ lndiff, dlnraw }) => lndiff.mul(dlnraw),
    },
    {
      id: "down",
      idea: "the sum runs down the batch, as in batchnorm",
      sentence: "the sum runs down the batch, as in batch normalization: here each example has a scale of its own",
      look: "Which shape has lnvar_inv, and along which dimension is it broadcast?",
      answer: ({ lndiff, dlnraw }) => lndiff.mul(dlnraw).sum(0, keepdim),
    },
    {
      id: "raw-for-diff",
      idea: "the output of the line is used",
      sentence: "the upstream gradient is multiplied by lnraw: what lnvar_inv was multiplied by is lndiff",
      look: looks.ownFactor("lnvar_inv"),
      answer: ({ lnraw, dlnraw }) => lnraw.mul(dlnraw).sum(1, keepdim),
    },
    {
      id: "factor-forgotten",
      idea: "the other factor is left out",
      sentence: "the upstream gradient is summed without the other factor of the product",
      look: looks.ownFactor("lnvar_inv"),
      answer: ({ dlnraw }) => dlnraw.sum(1, keepdim),
    },
    {
      id: "mean",
      idea: "the mean over the features is taken",
      sentence: "the contributions of the features are averaged: they add up",
      look: looks.mean,
      answer: ({ lndiff, dlnraw }) => lndiff.mul(dlnraw).mean(1, keepdim),
    },
    {
      id: "summed-apart",
      idea: "the factors are summed before they are multiplied",
      sentence: "the factors are summed before they are multiplied: each feature has its own entry of lndiff",
      look: looks.summedApart,
      answer: ({ lndiff, dlnraw }) => lndiff.sum(1, keepdim).mul(dlnraw.sum(1, keepdim)),
    },
    {
      id: "own-factor",
      idea: "the wrong factor of the product is used",
      sentence:
        "the upstream gradient is multiplied by lnvar_inv itself; the local gradient of a factor is the other factor",
      look: looks.ownFactor("lnvar_inv"),
      answer: ({ lnvar_inv, dlnraw }) => lnvar_inv.mul(dlnraw).sum(1, keepdim),
    },
    {
      id: "sign",
      idea: "a minus is put where there is none",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("lnvar_inv"),
      answer: ({ lndiff, dlnraw }) => lndiff.mul(dlnraw).sum(1, keepdim).neg(),
    },
  ],

  alsoRight: [
    {
      code: "return lndiff.mul(dlnraw).matmul(ones(lndiff.size(1), 1));",
      why: "A sum along each row is a product with a column of ones, and it keeps its dimension.",
    },
  ],

  forms: [
    ({ lndiff, dlnraw }) => lndiff.mul(dlnraw).sum(1, keepdim),
    ({ lnraw, lnvar_inv, dlnraw }) => lnraw.div(lnvar_inv).mul(dlnraw).sum(1, keepdim),
    ({ lnraw, lnvar_inv, dlnraw }) => lnraw.mul(dlnraw).sum(1, keepdim).div(lnvar_inv),
    ({ lndiff, dlnraw }) => lndiff.mul(dlnraw).sum(1).view(-1, 1),
    ({ lndiff, dlnraw }) =>
      build([dlnraw.size(0), 1], (i) => sum(dlnraw.size(1), (j) => lndiff.get(i, j) * dlnraw.get(i, j))),
    ({ lndiff, dlnraw }) =>
      build([dlnraw.size(0), 1], (i) => sumBackwards(dlnraw.size(1), (j) => lndiff.get(i, j) * dlnraw.get(i, j))),
  ],
});
