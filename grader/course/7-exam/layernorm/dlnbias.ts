import { ones } from "#tensor";
import { build, sum, sumBackwards } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { layernorm } from "./network.ts";

export const dlnbias = gradientRoom(layernorm, {
  id: "layernorm-dlnbias",
  tensor: "lnbias",
  title: "the bias",
  idea: "A bias that all examples share collects the upstream gradient of all of them.",
  hints: {
    piece: "The bias is broadcast down the batch, and added. Its answer needs no value of the forward pass.",
  },

  mistakes: [
    {
      id: "not-summed",
      idea: "the copies are not added up",
      sentence: "there is a row for each example: they share one bias, which collects the gradient of all",
      look: looks.notSummed("lnbias"),
      answer: ({ dout }) => dout.clone(),
    },
    {
      id: "wrong-dimension",
      idea: "the sum is over the features",
      sentence: "the sum is over the features: each feature has a bias of its own, which the examples share",
      look: looks.wrongDimension,
      answer: ({ dout }) => dout.sum(1),
    },
    {
      id: "mean",
      idea: "the mean over the examples is taken",
      sentence: "the contributions of the examples are averaged: they add up",
      look: looks.mean,
      answer: ({ dout }) => dout.mean(0),
    },
    {
      id: "weighted-by-raw",
      idea: "the bias is taken for the gain",
      sentence: "this is the gradient of the gain: the bias is added, so its local gradient is 1",
      look: looks.weighted,
      answer: ({ lnraw, dout }) => lnraw.mul(dout).sum(0),
    },
    {
      id: "gained",
      idea: "the gain is applied to the bias",
      sentence: "the gain is a factor of the answer: it multiplies lnraw alone, before the bias is added",
      look: looks.weighted,
      answer: ({ lngain, dout }) => lngain.mul(dout).sum(0),
    },
    {
      id: "sign",
      idea: "a minus is put where there is a plus",
      sentence: "the sign is flipped: the bias is added",
      look: looks.sign("lnbias"),
      answer: ({ dout }) => dout.sum(0).neg(),
    },
    {
      id: "weighted",
      idea: "the bias is taken for a factor",
      sentence: "the upstream gradient is multiplied by the bias: the bias is added, so its local gradient is 1",
      look: looks.weighted,
      answer: ({ lnbias, dout }) => lnbias.mul(dout).sum(0),
    },
    {
      id: "out-for-dout",
      idea: "the output is used instead of its gradient",
      sentence: "out is summed instead of its gradient",
      look: looks.valueForGradient,
      answer: ({ out }) => out.sum(0),
    },
  ],

  alsoRight: [
    {
      code: "return ones(1, dout.size(0)).matmul(dout).view(-1);",
      why: "A sum over the examples is a product with a row of ones: a bias is a weight whose input is always 1.",
    },
  ],

  forms: [
    ({ dout }) => dout.sum(0),
    ({ dout }) => dout.T.sum(1),
    ({ dout }) => ones(1, dout.size(0)).matmul(dout).view(-1),
    ({ dout }) => dout.mean(0).mul(dout.size(0)),
    ({ dout }) => build([dout.size(1)], (j) => sum(dout.size(0), (i) => dout.get(i, j))),
    ({ dout }) => build([dout.size(1)], (j) => sumBackwards(dout.size(0), (i) => dout.get(i, j))),
  ],
});
