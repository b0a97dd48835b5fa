import { build, sum, sumBackwards } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { rmsnorm } from "./network.ts";

export const dgain = gradientRoom(rmsnorm, {
  id: "rmsnorm-dgain",
  tensor: "gain",
  title: "the gain of a product of three",
  idea: "In a product of three factors, the local gradient of one is the product of the other two.",
  hints: {
    piece: "Three factors in the forward line: two of them remain. The gain is a vector that all examples share.",
  },
  looks: { sign: looks.signOfProduct("gain") },

  mistakes: [
    {
      id: "scale-forgotten",
      idea: "one of the other factors is left out",
      sentence: "rms_inv is missing: the gain multiplies what is normalized already",
      look: "The line has three factors. What remains if the gain is taken away?",
      answer: ({ x, dout }) => x.mul(dout).sum(0),
    },
    {
      id: "not-summed",
      idea: "the copies are not added up",
      sentence: "there is a row for each example: they share one gain, which collects the gradient of all",
      look: looks.notSummed("gain"),
      answer: ({ x, rms_inv, dout }) => x.mul(rms_inv).mul(dout),
    },
    {
      id: "wrong-dimension",
      idea: "the sum is over the features",
      sentence: "the sum is over the features: each feature has a gain of its own, which the examples share",
      look: looks.wrongDimension,
      answer: ({ x, rms_inv, dout }) => x.mul(rms_inv).mul(dout).sum(1),
    },
    {
      id: "mean",
      idea: "the mean over the examples is taken",
      sentence: "the contributions of the examples are averaged: they add up",
      look: looks.mean,
      answer: ({ x, rms_inv, dout }) => x.mul(rms_inv).mul(dout).mean(0),
    },
    {
      id: "out-for-normalized",
      idea: "the output of the line is used",
      sentence:
        "the upstream gradient is multiplied by out, which has the gain in it: only the other factors belong there",
      look: looks.ownFactor("gain"),
      answer: ({ out, dout }) => out.mul(dout).sum(0),
    },
    {
      id: "bias",
      idea: "the gain is taken for a bias",
      sentence: "the upstream gradient is summed without the other factors: that is the gradient of a bias",
      look: looks.ownFactor("gain"),
      answer: ({ dout }) => dout.sum(0),
    },
    {
      id: "x-forgotten",
      idea: "one of the other factors is left out",
      sentence: "x is missing: the gain multiplies what is normalized",
      look: "The line has three factors. What remains if the gain is taken away?",
      answer: ({ rms_inv, dout }) => rms_inv.mul(dout).sum(0),
    },
    {
      id: "sign",
      idea: "a minus is put where there is none",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("gain"),
      answer: ({ x, rms_inv, dout }) => x.mul(rms_inv).mul(dout).sum(0).neg(),
    },
  ],

  alsoRight: [
    {
      code: "return ones(1, x.size(0)).matmul(x.mul(rms_inv).mul(dout)).view(-1);",
      why: "A sum over the examples is a product with a row of ones.",
    },
  ],

  forms: [
    ({ x, rms_inv, dout }) => x.mul(rms_inv).mul(dout).sum(0),
    ({ x, rms_inv, dout }) => dout.mul(rms_inv).mul(x).mean(0).mul(x.size(0)),
    ({ x, rms_inv, dout }) => rms_inv.T.matmul(x.mul(dout)).view(-1),
    ({ x, rms_inv, dout }) =>
      build([x.size(1)], (j) => sum(x.size(0), (i) => x.get(i, j) * rms_inv.get(i, 0) * dout.get(i, j))),
    ({ x, rms_inv, dout }) =>
      build([x.size(1)], (j) => sumBackwards(x.size(0), (i) => x.get(i, j) * rms_inv.get(i, 0) * dout.get(i, j))),
  ],
});
