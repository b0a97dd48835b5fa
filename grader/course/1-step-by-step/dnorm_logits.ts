import { keepdim, zerosLike } from "#tensor";
import { build, each } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dnorm_logits = gradientRoom(makemore, {
  tensor: "norm_logits",
  lecture: [1947],

  idea: "If a slope can be written in terms of the output, the forward pass has already computed it.",

  hints: {
    ask:
      "All shapes are the same, so only a slope is missing. At which value is it taken, and has it been computed " +
      "already?",
    rule:
      "Elementwise: the slope of the function times the upstream gradient. exp is its own derivative, so the slope " +
      "at each entry is the output of exp there.",
    numbers: {
      norm_logits: [
        [0, -1, -2],
        [-0.5, 0, -3],
      ],
      dcounts: [
        [1, 2, -1],
        [4, 0, 5],
      ],
    },
    show: ["norm_logits"],
    worked: "dnorm_logits[0, 1] = {counts 0 1} * {dcounts 0 1}",
    piece:
      "An elementwise product of two tensors you are given. One is the upstream gradient. The other is the output of " +
      "the forward line, which is also its slope; you need not compute exp again.",
  },

  mistakes: [
    {
      id: "passed-through",
      idea: "the exponential is overlooked",
      sentence: "the upstream gradient is returned unchanged: the exponential has a slope of its own",
      look: looks.passedThrough,
      answer: ({ dcounts }) => dcounts.clone(),
    },
    {
      id: "norm_logits-for-counts",
      idea: "the input is used instead of the output",
      sentence: "the upstream gradient is multiplied by norm_logits: the slope of exp is its output, not its input",
      look: "At 0 exp gives 1, and from 0 to 0.1 it grows by 0.105. Which of the two is the slope there, 0 or 1?",
      answer: ({ norm_logits, dcounts }) => norm_logits.mul(dcounts),
    },
    {
      id: "upstream-forgotten",
      idea: "only the slope is returned",
      sentence: "this is the slope of the exponential alone: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ counts }) => counts.clone(),
    },
    {
      id: "divided",
      idea: "the slope of exp is inverted",
      sentence: "the upstream gradient is divided by counts instead of multiplied by it",
      look: looks.divided,
      answer: ({ counts, dcounts }) => dcounts.div(counts),
    },
    {
      id: "power-rule",
      idea: "the power rule is applied to an exponential",
      sentence:
        "this is the power rule, x * e^(x - 1): it does not apply here, because the variable is in the exponent and not in the base",
      look: "At 0 exp gives 1, and from 0 to 0.1 it grows by 0.105. What does your slope give there?",
      answer: ({ norm_logits, dcounts }) => norm_logits.mul(norm_logits.sub(1).exp()).mul(dcounts),
    },
    {
      id: "times-norm_logits",
      idea: "the input is an extra factor",
      sentence: "norm_logits is an extra factor: the slope of exp is its output, and nothing else",
      look: "At 0 exp gives 1, and from 0 to 0.1 it grows by 0.105. What does your slope give there?",
      answer: ({ norm_logits, counts, dcounts }) => norm_logits.mul(counts).mul(dcounts),
    },
    {
      id: "softmax",
      idea: "the whole softmax is differentiated",
      sentence:
        "a weighted sum of each row is subtracted from it, as in the backward pass of a softmax: here exp is applied to each entry separately",
      look:
        "If only one entry of norm_logits grows, which entries of counts change? The sum and the division have steps " +
        "of their own.",
      answer: ({ counts, dcounts }) => counts.mul(dcounts.sub(counts.mul(dcounts).sum(1, keepdim))),
    },
    {
      id: "exp-of-upstream",
      idea: "exp is applied to the gradient",
      sentence:
        "this is the exponential of dcounts: the slope multiplies the upstream gradient, and exp is not applied to it",
      look:
        "If the upstream gradient is zero, the loss does not change with counts. What should the answer be there, " +
        "and what is exp(0)?",
      answer: ({ dcounts }) => dcounts.exp(),
    },
    {
      id: "exp-twice",
      idea: "exp is applied to the output",
      sentence: "exp is applied to counts, which is already an exponential",
      look: "Where norm_logits is 0, counts is 1, and the slope is 1 as well. What does your slope give there?",
      answer: ({ counts, dcounts }) => counts.exp().mul(dcounts),
    },
    {
      id: "squared",
      idea: "the slope is applied twice",
      sentence:
        "the upstream gradient is multiplied by the square of counts: the slope of exp is its output, without a square",
      look: "At -1 exp gives 0.368, and from -1 to -0.9 it grows by 0.039. Is the slope 0.368 there, or its square?",
      answer: ({ counts, dcounts }) => counts.pow(2).mul(dcounts),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped: the exponential rises",
      look: looks.sign("norm_logits"),
      answer: ({ counts, dcounts }) => counts.mul(dcounts).neg(),
    },
  ],

  alsoRight: [
    {
      code: "return norm_logits.exp().mul(dcounts);",
      why: "The slope from the input. It computes an exponential again that the forward pass has stored as counts.",
    },
  ],

  forms: [
    ({ counts, dcounts }) => counts.mul(dcounts),
    ({ norm_logits, dcounts }) => norm_logits.exp().mul(dcounts),
    ({ norm_logits, dcounts }) => dcounts.div(norm_logits.neg().exp()),
    ({ norm_logits, dcounts }) =>
      build([...dcounts.shape], (i, j) => Math.exp(norm_logits.get(i, j)) * dcounts.get(i, j)),
    ({ counts, dcounts }) => counts.log().exp().mul(dcounts),
    ({ norm_logits, dcounts }) => norm_logits.div(2).exp().pow(2).mul(dcounts),
    ({ norm_logits, counts, dcounts }) =>
      each(zerosLike(norm_logits), (i, j, d) => d.set(i, j, counts.get(i, j) * dcounts.get(i, j))),
    ({ norm_logits, dcounts }) => norm_logits.exp().div(2).mul(dcounts.add(dcounts)),
  ],
});
