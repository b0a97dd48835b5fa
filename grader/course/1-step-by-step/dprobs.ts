import { keepdim, tensor, zerosLike } from "#tensor";
import { build, each } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dprobs = gradientRoom(makemore, {
  tensor: "probs",
  // probs can be recomputed as exp(logprobs): an absolute error of logprobs is then a relative error of probs
  remeasured: ({ probs, logprobs }) => ({ probs: probs!.measuredAs(logprobs!.exp()) }),
  lecture: [1146],

  idea: "Elementwise means local gradient times upstream gradient, for each element separately.",

  hints: {
    ask: "So nothing was copied or summed. Which function was applied to each entry?",
    rule:
      "Elementwise: the slope of the function times the upstream gradient. The logarithm has slope 1/x at x, so a " +
      "small probability has a steep slope.",
    numbers: {
      probs: [
        [0.5, 0.25, 0.25],
        [0.1, 0.8, 0.1],
      ],
      dlogprobs: [
        [2, -1, 0],
        [-1, 4, 3],
      ],
    },
    worked: "dprobs[1, 0] = 1 / {probs 1 0} * {dlogprobs 1 0}",
    piece:
      "The answer has two factors, elementwise. One is the upstream gradient. The other is the inverse of the " +
      "logarithm's input; the input is probs, while logprobs is the output.",
  },

  mistakes: [
    {
      id: "upstream-forgotten",
      idea: "only the slope is returned",
      sentence: "this is the slope of the logarithm alone: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ probs }) => probs.pow(-1),
    },
    {
      id: "multiplied",
      idea: "the slope of log is inverted",
      sentence: "the upstream gradient is multiplied by probs: look again at the slope of the logarithm",
      look:
        "Try one number: the logarithm of 0.5 is -0.693, that of 0.51 is -0.673. Is the slope there close to a half, " +
        "or to 2?",
      answer: ({ probs, dlogprobs }) => probs.mul(dlogprobs),
    },
    {
      id: "passed-through",
      idea: "the logarithm is overlooked",
      sentence: "the upstream gradient is returned unchanged: the logarithm has a slope of its own",
      look: looks.passedThrough,
      answer: ({ dlogprobs }) => dlogprobs.clone(),
    },
    {
      id: "sign",
      idea: "the minus of the loss is applied again",
      sentence: "the sign is flipped: the logarithm rises",
      look: looks.sign("probs"),
      answer: ({ probs, dlogprobs }) => dlogprobs.div(probs).neg(),
    },
    {
      id: "by-logprobs",
      idea: "the output is used instead of the input",
      sentence: "the upstream gradient is divided by the logarithm's output: its slope is one over its input",
      look:
        "Try one number: the logarithm of 0.5 is -0.693, and its slope there is 2. From which of the two, 0.5 or " +
        "-0.693, is 2 computed?",
      answer: ({ logprobs, dlogprobs }) => dlogprobs.div(logprobs),
    },
    {
      id: "times-logprobs",
      idea: "the value is used as the slope",
      sentence: "the upstream gradient is multiplied by the logarithm itself instead of its slope",
      look: "At 1 the logarithm is 0. Is its slope 0 there as well? The logarithm of 1.01 is 0.00995.",
      answer: ({ logprobs, dlogprobs }) => dlogprobs.mul(logprobs),
    },
    {
      id: "power-two",
      idea: "the derivative of 1/x is used",
      sentence: "the slope used is that of an inverse, not that of a logarithm",
      look: "At 0.5 the logarithm rises, with slope 2. What does your slope give there?",
      answer: ({ probs, dlogprobs }) => probs.pow(-2).neg().mul(dlogprobs),
    },
    {
      id: "log-softmax",
      idea: "the whole log-softmax is differentiated",
      sentence:
        "the sum of each row, weighted by probs, is subtracted from it, as in the backward pass of a whole log-softmax: here the logarithm is applied to each entry separately",
      look:
        "If only one entry of probs grows, which entries of logprobs change? The lines before this one have steps of " +
        "their own.",
      answer: ({ probs, dlogprobs }) => dlogprobs.sub(probs.mul(dlogprobs.sum(1, keepdim))),
    },
    {
      id: "squared",
      idea: "the slope is squared, as that of an inverse is",
      sentence:
        "the upstream gradient is divided by the square of probs: the slope of the logarithm is one over its input, without a square",
      look: "The slope of an inverse has a square in it. Write the slope of the logarithm at 2 and at 4 on paper.",
      answer: ({ probs, dlogprobs }) => probs.pow(-2).mul(dlogprobs),
    },
  ],

  alsoRight: [
    {
      code: "return dlogprobs.div(probs);",
      why: "A quotient instead of a power and a product: one rounding fewer, so the last digits differ from the reference.",
    },
  ],

  forms: [
    ({ probs, dlogprobs }) => dlogprobs.div(probs),
    ({ logprobs, dlogprobs }) => logprobs.neg().exp().mul(dlogprobs),
    ({ logprobs, dlogprobs }) => dlogprobs.div(logprobs.exp()),
    ({ probs, dlogprobs }) => tensor(1).div(probs).mul(dlogprobs),
    ({ probs, dlogprobs }) => probs.log().neg().exp().mul(dlogprobs),
    ({ probs, dlogprobs }) => build([...probs.shape], (i, j) => dlogprobs.get(i, j) / probs.get(i, j)),
    ({ probs, dlogprobs }) => probs.sqrt().pow(-2).mul(dlogprobs),
    ({ logprobs, dlogprobs }) => logprobs.mul(-1).exp().mul(dlogprobs),
    ({ probs, dlogprobs }) =>
      each(zerosLike(probs), (i, j, d) => d.set(i, j, (1 / probs.get(i, j)) * dlogprobs.get(i, j))),
    ({ logprobs, dlogprobs }) =>
      build([...logprobs.shape], (i, j) => dlogprobs.get(i, j) * Math.exp(-logprobs.get(i, j))),
    ({ probs, dlogprobs }) => dlogprobs.mul(probs).div(probs).div(probs),
  ],
});
