import { zerosLike } from "#tensor";
import { build, each, eye } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dcounts_sum = gradientRoom(makemore, {
  tensor: "counts_sum",
  lecture: [1677],

  idea: "The exponent becomes a factor and then decreases by one, and that holds for negative exponents too.",

  hints: {
    ask: "All shapes are [n, 1], so only a slope is missing. Which power is taken?",
    rule:
      "The power rule: the slope of x ** p is the old exponent p as a factor, times x to the power p - 1. Then the " +
      "chain rule: times the upstream gradient.",
    numbers: { counts_sum: [[4], [5]], dcounts_sum_inv: [[8], [-10]] },
    worked: "dcounts_sum[0, 0] = (-1) * {counts_sum 0 0} ** (-2) * {dcounts_sum_inv 0 0}",
    piece:
      "Three things are needed: the exponent one lower than in the forward line, the old exponent as a factor (here " +
      "it is a sign), and the upstream gradient. Check the sign: when the sum grows, its inverse falls.",
  },

  mistakes: [
    {
      id: "sign",
      idea: "the minus of the power rule is lost",
      sentence: "the sign is flipped: when the sum grows, its inverse falls",
      look: looks.sign("counts_sum"),
      answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-2).mul(dcounts_sum_inv),
    },
    {
      id: "exponent",
      idea: "the exponent is not lowered",
      sentence: "the exponent is still -1: the power rule lowers it by one",
      look: looks.exponent,
      answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-1).neg().mul(dcounts_sum_inv),
    },
    {
      id: "upstream-forgotten",
      idea: "only the slope is returned",
      sentence: "this is the slope of the inverse alone: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ counts_sum }) => counts_sum.pow(-2).neg(),
    },
    {
      id: "passed-through",
      idea: "the inverse is overlooked",
      sentence: "the upstream gradient is returned unchanged: the inverse has a slope of its own",
      look: looks.passedThrough,
      answer: ({ dcounts_sum_inv }) => dcounts_sum_inv.clone(),
    },
    {
      id: "exponent-raised",
      idea: "the slope is taken to be -1, or the exponent is raised instead of lowered",
      sentence: "this is the upstream gradient with its sign flipped: counts_sum is missing from the slope",
      look: looks.exponentRaised,
      answer: ({ dcounts_sum_inv }) => dcounts_sum_inv.neg(),
    },
    {
      id: "inverse-of-upstream",
      idea: "the gradient is inverted like the value",
      sentence:
        "this is one over dcounts_sum_inv: a gradient is multiplied by the slope, it does not go through the function",
      look:
        "The slope says how much the inverse changes when the sum does: at 2 it is -1/4. That number multiplies the " +
        "upstream gradient.",
      answer: ({ dcounts_sum_inv }) => dcounts_sum_inv.pow(-1),
    },
    {
      id: "log",
      idea: "the derivative of a logarithm is used",
      sentence: "this is the slope of a logarithm: the line is a power",
      look:
        "The forward line takes a power, -1. At 2 a logarithm rises, with slope 0.5; from 2 to 2.1 the inverse " +
        "falls, from 0.5 to 0.476.",
      answer: ({ counts_sum, dcounts_sum_inv }) => dcounts_sum_inv.div(counts_sum),
    },
    {
      id: "cube",
      idea: "the exponent is lowered twice",
      sentence: "the exponent is lowered twice: the power rule lowers it once",
      look:
        "Try one number: from 2 to 2.1 the inverse falls from 0.5 to 0.476. Is the slope there close to -1/4, or to " +
        "-1/8?",
      answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-3).neg().mul(dcounts_sum_inv),
    },
    {
      id: "square",
      idea: "the sum is squared instead of its inverse",
      sentence: "the sum is squared: the square should be that of its inverse",
      look:
        "Try one number: from 2 to 2.1 the inverse falls from 0.5 to 0.476. Is the slope there close to -1/4, or to " +
        "-4?",
      answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(2).neg().mul(dcounts_sum_inv),
    },
  ],

  alsoRight: [
    {
      code: "return counts_sum_inv.pow(2).neg().mul(dcounts_sum_inv);",
      why: "From the output instead of the input: counts_sum ** -2 is counts_sum_inv ** 2, which the forward pass has nearly computed.",
    },
    {
      code: "return dcounts_sum_inv.div(counts_sum.pow(2)).neg();",
      why: "The slope as a quotient, -1 / counts_sum ** 2, as in a table of derivatives.",
    },
  ],

  forms: [
    ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-2).neg().mul(dcounts_sum_inv),
    ({ counts_sum_inv, dcounts_sum_inv }) => counts_sum_inv.mul(counts_sum_inv).mul(dcounts_sum_inv).neg(),
    ({ counts_sum_inv, dcounts_sum_inv }) => counts_sum_inv.pow(2).mul(-1).mul(dcounts_sum_inv),
    ({ counts_sum, dcounts_sum_inv }) => dcounts_sum_inv.neg().div(counts_sum).div(counts_sum),
    ({ counts_sum, dcounts_sum_inv }) => dcounts_sum_inv.div(counts_sum.pow(2)).neg(),
    ({ counts_sum, counts_sum_inv, dcounts_sum_inv }) => counts_sum_inv.div(counts_sum).mul(dcounts_sum_inv).mul(-1),
    ({ counts_sum, dcounts_sum_inv }) => counts_sum.log().mul(-2).exp().neg().mul(dcounts_sum_inv),
    ({ counts_sum, dcounts_sum_inv }) =>
      build([counts_sum.size(0), 1], (i) => -dcounts_sum_inv.get(i, 0) / counts_sum.get(i, 0) ** 2),
    ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-3).mul(counts_sum).neg().mul(dcounts_sum_inv),
    ({ counts_sum, dcounts_sum_inv }) =>
      each(zerosLike(counts_sum), (i, j, d) => {
        d.set(i, j, (-1 / (counts_sum.get(i, 0) * counts_sum.get(i, 0))) * dcounts_sum_inv.get(i, 0));
      }),
    ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-1).pow(2).mul(dcounts_sum_inv).neg(),
    ({ counts_sum, dcounts_sum_inv }) =>
      eye(counts_sum.size(0)).div(counts_sum.mul(counts_sum)).neg().matmul(dcounts_sum_inv),
    ({ counts_sum_inv, dcounts_sum_inv }) => dcounts_sum_inv.mul(counts_sum_inv).neg().mul(counts_sum_inv),
  ],
});
