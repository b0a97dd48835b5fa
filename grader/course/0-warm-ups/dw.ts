import { onesLike, zerosLike } from "#tensor";
import { line } from "../makemore/lines.ts";
import { build, each } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { table } from "../tables.ts";

export const dw = writtenRoom({
  id: "dw",
  title: "a chain of four lines",
  tensor: "w",
  asks: "gradient",
  given: ["w", "feature", "weighted", "bias", "guess", "goal", "miss", "cost", "dcost"],
  inputs: { w: table, feature: table, bias: table, goal: table },
  runs: [
    [
      line("weighted", ["w", "feature"], "w * feature", table, ({ w, feature }) => w.mul(feature)),
      line("guess", ["weighted", "bias"], "weighted + bias", table, ({ weighted, bias }) => weighted.add(bias)),
      line("miss", ["guess", "goal"], "guess - goal", table, ({ guess, goal }) => guess.sub(goal)),
      line("cost", ["miss"], "miss ** 2", table, ({ miss }) => miss.pow(2)),
    ],
  ],
  example: {
    w: [
      [2, -1, 0.5],
      [3, 1, -2],
    ],
    feature: [
      [3, 2, 4],
      [1, -2, 2],
    ],
    bias: [
      [-1, 1, 1],
      [0, 3, 2],
    ],
    goal: [
      [3, 1, 3],
      [1, 2, -5],
    ],
    dcost: [
      [0.5, 1, 2],
      [-1, 3, 0.5],
    ],
  },

  idea: "Along a chain, local gradients are multiplied, from the last line to the first.",

  hints: {
    ask:
      "Four lines lead from w to cost, one after the other. Which two of them have a local gradient that is 1, and " +
      "what are the other two?",
    rule:
      "The chain rule multiplies the local gradients of all lines on the way, and the upstream gradient. Go through " +
      "the lines from the last to the first: a square has slope 2 times what is squared; a difference has slope 1 " +
      "with respect to its first term, and so has a sum; the slope of a product is the other factor.",
    show: ["w", "feature", "bias", "goal"],
    worked: "dw[0, 0] = {dcost 0 0} * (2 * {miss 0 0}) * 1 * 1 * {feature 0 0}",
    piece:
      "Three factors and a 2. Write down the gradient of miss first, from that of cost; guess and weighted then have " +
      "the same one, because adding bias and subtracting goal change nothing. The last line on the way back is a " +
      "product: what is w multiplied by? All shapes are the same, so there is nothing to sum.",
  },

  mistakes: [
    {
      id: "two-forgotten",
      idea: "the 2 of the square is left out",
      sentence: "every value is half of what it should be: the slope of a square is twice what is squared",
      look: "Let a number grow from 3 to 3.1: its square grows from 9 to 9.61, by six times 0.1. Six is 2 times 3.",
      answer: ({ feature, miss, dcost }) => miss.mul(dcost).mul(feature),
    },
    {
      id: "feature-forgotten",
      idea: "the way back ends at weighted",
      sentence: "this is the gradient of weighted: the first line, a product, is still missing",
      look: "weighted is w times feature. If w grows by 0.1 and feature is 3, by how much does weighted grow?",
      answer: ({ miss, dcost }) => miss.mul(2).mul(dcost),
    },
    {
      id: "square-forgotten",
      idea: "the square is passed over",
      sentence: "the slope of the square is missing: from cost, the gradient goes through miss ** 2 first",
      look: "The last line is a square, and its slope is not 1. What is it for a miss of 3?",
      answer: ({ feature, dcost }) => feature.mul(dcost),
    },
    {
      id: "upstream-forgotten",
      idea: "only the local gradients are multiplied",
      sentence: "the local gradients of all four lines are there, but the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ feature, miss }) => miss.mul(2).mul(feature),
    },
    {
      id: "own-factor",
      idea: "w itself is used as the slope of the product",
      sentence: "the first line contributes w itself: the local gradient of a factor is the other factor",
      look: looks.ownFactor("w"),
      answer: ({ w, miss, dcost }) => miss.mul(2).mul(dcost).mul(w),
    },
    {
      id: "cost-for-miss",
      idea: "the square itself is used in its slope",
      sentence: "the slope of the square is computed from its output, cost: it should be twice miss",
      look: "At a miss of 3 the cost is 9. Let miss grow by 0.1: does the cost grow by 2 * 3 * 0.1, or by 2 * 9 * 0.1?",
      answer: ({ feature, cost, dcost }) => cost.mul(2).mul(dcost).mul(feature),
    },
    {
      id: "square-for-slope",
      idea: "the square is taken for its slope",
      sentence: "the square of miss is used instead of its slope: the slope of a square is twice what is squared",
      look: "Let a number grow from 3 to 3.1: its square grows from 9 to 9.61, by six times 0.1, not by nine times 0.1.",
      answer: ({ feature, cost, dcost }) => cost.mul(dcost).mul(feature),
    },
    {
      id: "guess-for-miss",
      idea: "the square is thought to be that of guess",
      sentence: "the slope of the square is computed from guess, before the goal is subtracted",
      look: "Which tensor is squared in the last line? Its slope is 2 times that tensor.",
      answer: ({ feature, guess, dcost }) => guess.mul(2).mul(dcost).mul(feature),
    },
    {
      id: "added",
      idea: "the local gradients are added up",
      sentence: "the local gradients of the lines are added: along one chain they are multiplied",
      look:
        "Let w grow by 0.1. If weighted grows 3 times as much as w, and cost 4 times as much as weighted, by how " +
        "much does cost grow?",
      answer: ({ feature, miss, dcost }) => miss.mul(2).add(feature).mul(dcost),
    },
    {
      id: "sign",
      idea: "the minus in the line of miss is applied",
      sentence: "the sign is flipped: goal is subtracted, but guess is not",
      look: "Let guess grow by 0.1. Does miss = guess - goal rise or fall? The minus belongs to goal.",
      answer: ({ feature, miss, dcost }) => miss.mul(-2).mul(dcost).mul(feature),
    },
    {
      id: "terms-kept",
      idea: "the terms of a sum are kept as factors",
      sentence: "bias is a factor: in a sum, the local gradient of each term is 1, whatever the other term is",
      look: "Let weighted grow by 0.1: once with a bias of 2, once with a bias of 5. By how much does guess grow?",
      answer: ({ feature, bias, miss, dcost }) => miss.mul(2).mul(dcost).mul(bias).mul(feature),
    },
  ],

  forms: [
    ({ feature, miss, dcost }) => miss.mul(2).mul(dcost).mul(feature),
    ({ feature, miss, dcost }) => feature.mul(dcost).mul(miss.add(miss)),
    ({ w, feature, bias, goal, dcost }) => w.mul(feature).add(bias).sub(goal).mul(2).mul(dcost).mul(feature),
    ({ feature, guess, goal, dcost }) => dcost.mul(guess.sub(goal)).mul(feature).mul(2),
    ({ feature, miss, dcost }) =>
      build([...dcost.shape], (i, j) => dcost.get(i, j) * 2 * miss.get(i, j) * feature.get(i, j)),
    ({ w, feature, miss, dcost }) =>
      each(zerosLike(w), (i, j, d) => d.set(i, j, feature.get(i, j) * (2 * (miss.get(i, j) * dcost.get(i, j))))),
    // backwards line by line, each gradient a tensor of its own
    ({ feature, bias, weighted, miss, dcost }) => {
      const dmiss = dcost.mul(miss.mul(2));
      const dguess = dmiss.mul(onesLike(weighted.add(bias)));
      return dguess.mul(feature);
    },
  ],
});
