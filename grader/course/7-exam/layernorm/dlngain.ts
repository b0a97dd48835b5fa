import { zerosLike } from "#tensor";
import { build, sum, sumBackwards } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { layernorm } from "./network.ts";

export const dlngain = gradientRoom(layernorm, {
  id: "layernorm-dlngain",
  tensor: "lngain",
  title: "the gain",
  idea: "A gain that all examples share collects, feature by feature, the upstream gradient times what it was multiplied by.",
  hints: {
    piece:
      "Elementwise products, and a sum. The gain is a vector: no dimension of the answer is left where the examples were.",
  },
  looks: { sign: looks.signOfProduct("lngain") },

  mistakes: [
    {
      id: "not-summed",
      idea: "the copies are not added up",
      sentence: "there is a row for each example: they share one gain, which collects the gradient of all",
      look: looks.notSummed("lngain"),
      answer: ({ lnraw, dout }) => lnraw.mul(dout),
    },
    {
      id: "factor-forgotten",
      idea: "the gain is taken for a bias",
      sentence: "this is the gradient of the bias: the local gradient of a factor is the other factor",
      look: looks.ownFactor("lngain"),
      answer: ({ dout }) => dout.sum(0),
    },
    {
      id: "own-factor",
      idea: "the wrong factor of the product is used",
      sentence:
        "the upstream gradient is multiplied by the gain itself; the local gradient of a factor is the other factor",
      look: looks.ownFactor("lngain"),
      answer: ({ lngain, dout }) => lngain.mul(dout).sum(0),
    },
    {
      id: "wrong-dimension",
      idea: "the sum is over the features",
      sentence: "the sum is over the features: each feature has a gain of its own, which the examples share",
      look: looks.wrongDimension,
      answer: ({ lnraw, dout }) => lnraw.mul(dout).sum(1),
    },
    {
      id: "mean",
      idea: "the mean over the examples is taken",
      sentence: "the contributions of the examples are averaged: they add up",
      look: looks.mean,
      answer: ({ lnraw, dout }) => lnraw.mul(dout).mean(0),
    },
    {
      id: "summed-apart",
      idea: "the factors are summed before they are multiplied",
      sentence: "the factors are summed before they are multiplied: each copy of the gain has its own entry of lnraw",
      look: looks.summedApart,
      answer: ({ lnraw, dout }) => lnraw.sum(0).mul(dout.sum(0)),
    },
    {
      id: "out-for-raw",
      idea: "the output of the line is used",
      sentence: "the upstream gradient is multiplied by out: what the gain was multiplied by is lnraw",
      look: looks.ownFactor("lngain"),
      answer: ({ out, dout }) => out.mul(dout).sum(0),
    },
    {
      id: "sign",
      idea: "a minus is put where there is none",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("lngain"),
      answer: ({ lnraw, dout }) => lnraw.mul(dout).sum(0).neg(),
    },
  ],

  alsoRight: [
    {
      code: "return ones(1, dout.size(0)).matmul(lnraw.mul(dout)).view(-1);",
      why: "A sum over the examples is a product with a row of ones.",
    },
  ],

  forms: [
    ({ lnraw, dout }) => lnraw.mul(dout).sum(0),
    ({ lnraw, dout }) => dout.mul(lnraw).mean(0).mul(lnraw.size(0)),
    ({ lnraw, dout }) => lnraw.T.mul(dout.T).sum(1),
    ({ lngain, lnraw, dout }) =>
      build([...lngain.shape], (j) => sum(lnraw.size(0), (i) => lnraw.get(i, j) * dout.get(i, j))),
    ({ lngain, lnraw, dout }) =>
      build([...lngain.shape], (j) => sumBackwards(lnraw.size(0), (i) => lnraw.get(i, j) * dout.get(i, j))),
    ({ lngain, lnraw, dout }) => zerosLike(lngain).add(lnraw.mul(dout).sum(0)),
  ],
});
