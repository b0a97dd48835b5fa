import { keepdim, tensor, zerosLike } from "#tensor";
import { build, each } from "../elements.ts";
import { looks } from "../looks.ts";
import { gradientRoom } from "../rooms.ts";

export const dprobs = gradientRoom({
  tensor: "probs",

  hints: {
    ask: "So nothing was copied or summed. Which function did each number go through?",
    rule:
      "Number by number: the slope of the function, times what comes from above. The logarithm has slope 1/x at x, so " +
      "a small probability has a steep slope.",
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
      "The answer has two factors, entry by entry. One is what comes from above. The other is the inverse of what went " +
      "into the logarithm; that is probs, while logprobs is what came out of it.",
  },

  mistakes: [
    {
      id: "upstream-forgotten",
      idea: "the slope alone is given",
      sentence: "this is the slope of the logarithm alone: the gradient from above is not in it",
      look: looks.upstreamForgotten,
      answer: ({ probs }) => probs.pow(-1),
    },
    {
      id: "multiplied",
      idea: "the slope of log is inverted",
      sentence: "the gradient from above is multiplied by probs: look at the slope of the logarithm again",
      look:
        "Try one number: the logarithm of 0.5 is -0.693, that of 0.51 is -0.673. Is the slope there near a half, " +
        "or near 2?",
      answer: ({ probs, dlogprobs }) => probs.mul(dlogprobs),
    },
    {
      id: "passed-through",
      idea: "the logarithm is overlooked",
      sentence: "the gradient from above comes out as it went in: the logarithm has a slope of its own",
      look: looks.passedThrough,
      answer: ({ dlogprobs }) => dlogprobs.clone(),
    },
    {
      id: "sign",
      idea: "a sign from the loss is put in again",
      sentence: "the sign is flipped: the logarithm rises",
      look: looks.sign("probs"),
      answer: ({ probs, dlogprobs }) => dlogprobs.div(probs).neg(),
    },
    {
      id: "by-logprobs",
      idea: "the output is used for the input",
      sentence: "the gradient from above is divided by the logarithm's output; its slope is one over its input",
      look:
        "Try one number: the logarithm of 0.5 is -0.693, and its slope there is 2. Of which of the two, 0.5 or " +
        "-0.693, is 2 made?",
      answer: ({ logprobs, dlogprobs }) => dlogprobs.div(logprobs),
    },
    {
      id: "times-logprobs",
      idea: "the value is taken for the slope",
      sentence: "the gradient from above is multiplied by the logarithm itself in place of its slope",
      look: "At 1 the logarithm is 0. Does it stand still there? The logarithm of 1.01 is 0.00995.",
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
        "from each row its sum is subtracted, weighted by probs, as the backward pass of a whole log-softmax does: here each entry has its own logarithm and no more",
      look: "If one entry of probs grows alone, which entries of logprobs move? The lines before this one have steps of their own.",
      answer: ({ probs, dlogprobs }) => dlogprobs.sub(probs.mul(dlogprobs.sum(1, keepdim))),
    },
    {
      id: "squared",
      idea: "the slope is squared, as that of an inverse is",
      sentence:
        "the gradient from above is divided by the square of probs: the slope of the logarithm is one over its input, and no square",
      look: "The inverse has a slope with a square in it. Write the slope of the logarithm at 2 and at 4 on paper.",
      answer: ({ probs, dlogprobs }) => probs.pow(-2).mul(dlogprobs),
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
