import { keepdim } from "#tensor";
import { build, sum, sumBackwards } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { rmsnorm } from "./network.ts";

export const drms_inv = gradientRoom(rmsnorm, {
  id: "rmsnorm-drms_inv",
  tensor: "rms_inv",
  title: "a scale between two factors",
  idea: "A factor that is broadcast along a row collects the products of the others along it.",
  hints: {
    piece: "Three factors in the forward line: two of them remain. Each example has one rms_inv, with an extent of 1.",
  },
  looks: { sign: looks.signOfProduct("rms_inv") },

  mistakes: [
    {
      id: "gain-forgotten",
      idea: "one of the other factors is left out",
      sentence: "the gain is missing: it multiplies the same product",
      look: "The line has three factors. What remains if rms_inv is taken away?",
      answer: ({ x, dout }) => x.mul(dout).sum(1, keepdim),
    },
    {
      id: "x-forgotten",
      idea: "one of the other factors is left out",
      sentence: "x is missing: it is what rms_inv scales",
      look: "The line has three factors. What remains if rms_inv is taken away?",
      answer: ({ gain, dout }) => gain.mul(dout).sum(1, keepdim),
    },
    {
      id: "down",
      idea: "the sum runs down the batch",
      sentence: "the sum runs down the batch: each example has a scale of its own",
      look: "Which shape has rms_inv, and along which dimension is it broadcast?",
      answer: ({ x, gain, dout }) => x.mul(gain).mul(dout).sum(0, keepdim),
    },
    {
      id: "not-summed",
      idea: "the copies are not added up",
      sentence:
        "there is a value for each feature: one number scales the whole row, and collects the gradient of all of it",
      look: looks.notSummed("rms_inv"),
      answer: ({ x, gain, dout }) => x.mul(gain).mul(dout),
    },
    {
      id: "mean",
      idea: "the mean of the forward pass is taken again",
      sentence: "the contributions of the features are averaged: they add up",
      look: looks.mean,
      answer: ({ x, gain, dout }) => x.mul(gain).mul(dout).mean(1, keepdim),
    },
    {
      id: "out-for-factors",
      idea: "the output of the line is used",
      sentence:
        "the upstream gradient is multiplied by out, which has rms_inv in it: only the other factors belong there",
      look: looks.ownFactor("rms_inv"),
      answer: ({ out, dout }) => out.mul(dout).sum(1, keepdim),
    },
    {
      id: "gain-outside",
      idea: "the gain is summed by itself",
      sentence: "the gain is summed apart from the product: each feature has a gain of its own, inside the sum",
      look: looks.summedApart,
      answer: ({ x, gain, dout }) => x.mul(dout).sum(1, keepdim).mul(gain.sum()),
    },
    {
      id: "sign",
      idea: "a minus is put where there is none",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("rms_inv"),
      answer: ({ x, gain, dout }) => x.mul(gain).mul(dout).sum(1, keepdim).neg(),
    },
  ],

  alsoRight: [
    {
      code: "return x.mul(dout).matmul(gain.view(-1, 1));",
      why: "The product with the gain and the sum along the row are one matrix product.",
    },
  ],

  forms: [
    ({ x, gain, dout }) => x.mul(gain).mul(dout).sum(1, keepdim),
    ({ x, gain, dout }) => x.mul(dout).matmul(gain.view(-1, 1)),
    ({ out, rms_inv, dout }) => out.mul(dout).sum(1, keepdim).div(rms_inv),
    ({ x, gain, dout }) => gain.mul(dout).mul(x).sum(1).view(-1, 1),
    ({ x, gain, dout }) =>
      build([x.size(0), 1], (i) => sum(x.size(1), (j) => x.get(i, j) * gain.get(j) * dout.get(i, j))),
    ({ x, gain, dout }) =>
      build([x.size(0), 1], (i) => sumBackwards(x.size(1), (j) => x.get(i, j) * gain.get(j) * dout.get(i, j))),
  ],
});
