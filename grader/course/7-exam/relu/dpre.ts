import { zerosLike } from "#tensor";
import { build, each } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { relu } from "./network.ts";

export const dpre = gradientRoom(relu, {
  id: "relu-dpre",
  tensor: "pre",
  title: "ReLU",
  idea: "ReLU passes the upstream gradient on where its input is positive, and stops it elsewhere.",
  hints: {
    piece:
      "At each entry the answer is either the upstream gradient or 0. Which of the two it is depends on the sign of the " +
      "number that ReLU was taken of, and on nothing else.",
  },

  mistakes: [
    {
      id: "passed-through",
      idea: "ReLU is overlooked",
      sentence: "the upstream gradient is returned unchanged: where the input is negative, the output does not move",
      look: "Take pre = -2 and let it grow by 0.1. By how much does relu(pre) grow?",
      answer: ({ dh }) => dh.clone(),
    },
    {
      id: "of-upstream",
      idea: "ReLU is applied to the upstream gradient",
      sentence: "ReLU is applied to the upstream gradient: which entries pass depends on the sign of pre",
      look: "Take pre = 2 and an upstream gradient of -3. Does the loss change with pre?",
      answer: ({ dh }) => dh.relu(),
    },
    {
      id: "times-h",
      idea: "the value is used as the slope",
      sentence: "the upstream gradient is multiplied by h itself: the slope of ReLU is 0 or 1",
      look: "Take pre = 3 and let it grow by 0.1. Does relu(pre) grow by 0.1, or by 0.3?",
      answer: ({ h, dh }) => h.mul(dh),
    },
    {
      id: "negative-side",
      idea: "the two sides are confused",
      sentence: "the gradient passes on the negative side and stops on the positive one: it is the other way round",
      look: "On which side of 0 does relu(pre) follow pre?",
      answer: ({ h, dh }) => dh.sub(h.sign().mul(dh)),
    },
    {
      id: "signed",
      idea: "the slope is taken to be that of an absolute value",
      sentence:
        "the gradient is negated on the negative side: that is the slope of an absolute value, ReLU is flat there",
      look: "Take pre = -2 and let it grow by 0.1. Does relu(pre) fall?",
      answer: ({ pre, dh }) => pre.sign().mul(dh),
    },
    {
      id: "leaky",
      idea: "a leaky ReLU is differentiated",
      sentence: "a hundredth of the gradient passes on the negative side, as in a leaky ReLU: here nothing does",
      look: "Take pre = -2 and let it grow by 0.1. By how much does relu(pre) grow?",
      answer: ({ h, dh }) => h.sign().mul(0.99).add(0.01).mul(dh),
    },
    {
      id: "upstream-forgotten",
      idea: "only the slope is returned",
      sentence: "this is the slope of ReLU alone: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ h }) => h.sign(),
    },
    {
      id: "slope-of-tanh",
      idea: "ReLU is confused with tanh",
      sentence: "the slope is that of tanh, written with its output: ReLU has another one",
      look: "Draw relu(pre) between -2 and 2. Which two slopes does the curve have?",
      answer: ({ h, dh }) => h.pow(2).neg().add(1).mul(dh),
    },
  ],

  alsoRight: [
    {
      code: "return pre.each((value) => (value > 0 ? 1 : 0)).mul(dh);",
      why: "The slope from the input instead of the output, as the rule states it: 1 above the kink, 0 below.",
    },
  ],

  forms: [
    ({ h, dh }) => h.sign().mul(dh),
    ({ pre, dh }) => pre.each((value) => (value > 0 ? 1 : 0)).mul(dh),
    ({ pre, dh }) => pre.sign().add(1).div(2).mul(dh),
    ({ pre, h, dh }) => h.div(pre).mul(dh),
    ({ pre, dh }) => build([...pre.shape], (i, j) => (pre.get(i, j) > 0 ? dh.get(i, j) : 0)),
    ({ h, dh }) => each(zerosLike(h), (i, j, d) => h.get(i, j) > 0 && d.set(i, j, dh.get(i, j))),
  ],
});
