import { zerosLike } from "#tensor";
import { build, each, eye } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

const EPSILON = 1e-5;

export const dbnvar = gradientRoom(makemore, {
  tensor: "bnvar",
  lecture: [3854],

  idea: "A constant has no gradient, but it stays in the slope of the expression it was added to.",

  hints: {
    ask:
      "All shapes are [1, hidden], so only a slope is missing. What is inside the bracket, and to which power is it " +
      "raised?",
    rule:
      "The power rule: the slope of u ** p is the old exponent p as a factor, times u to the power p - 1. Here u is " +
      "bnvar + 1e-5. The constant has no gradient of its own, but it stays inside u.",
    numbers: { bnvar: [[4, 0.25]], dbnvar_inv: [[8, -1]] },
    worked: "dbnvar[0, 0] = (-0.5) * ({bnvar 0 0} + 0.00001) ** (-1.5) * {dbnvar_inv 0 0}",
    piece:
      "Build it from the inside out: the bracket of the forward line with its constant; a power of it, with the " +
      "exponent one lower than -0.5; the old exponent as a factor; and the upstream gradient.",
  },

  mistakes: [
    {
      id: "exponent",
      idea: "the exponent is not lowered",
      sentence: "the exponent is still -0.5: the power rule lowers it by one",
      look: looks.exponent,
      answer: ({ bnvar, dbnvar_inv }) => bnvar.add(EPSILON).pow(-0.5).mul(-0.5).mul(dbnvar_inv),
    },
    {
      id: "sign",
      idea: "the minus of the power rule is lost",
      sentence: "the sign is flipped: when the variance grows, its inverse root falls",
      look: looks.sign("bnvar"),
      answer: ({ bnvar, dbnvar_inv }) => bnvar.add(EPSILON).pow(-1.5).mul(0.5).mul(dbnvar_inv),
    },
    {
      id: "epsilon-forgotten",
      idea: "the constant is dropped from the slope",
      sentence: "epsilon is missing inside the power: it matters when the variance is small",
      look:
        "Take the bracket from the forward line as it is, with its constant. For a neuron with almost constant " +
        "values, the constant is most of it.",
      answer: ({ bnvar, dbnvar_inv }) => bnvar.pow(-1.5).mul(-0.5).mul(dbnvar_inv),
    },
    {
      id: "epsilon-outside",
      idea: "the constant is added after the power",
      sentence: "epsilon is added outside the power: the forward line adds it to the variance, inside the bracket",
      look: "Which comes first in the forward line, adding 1e-5 or taking the power? The slope has the same bracket.",
      answer: ({ bnvar, dbnvar_inv }) => bnvar.pow(-1.5).add(EPSILON).mul(-0.5).mul(dbnvar_inv),
    },
    {
      id: "epsilon-on-root",
      idea: "epsilon is added to the standard deviation",
      sentence:
        "epsilon is added to the root of the variance: the forward line adds it to the variance, before the root",
      look: "Read the forward line from the inside: which comes first, adding 1e-5 or taking the power?",
      answer: ({ bnvar, dbnvar_inv }) => bnvar.sqrt().add(EPSILON).pow(-3).mul(-0.5).mul(dbnvar_inv),
    },
    {
      id: "half-forgotten",
      idea: "the exponent does not come down as a factor",
      sentence: "the factor from the exponent is missing: the power rule brings it down",
      look: looks.halfForgotten,
      answer: ({ bnvar, dbnvar_inv }) => bnvar.add(EPSILON).pow(-1.5).neg().mul(dbnvar_inv),
    },
    {
      id: "upstream-forgotten",
      idea: "only the slope is returned",
      sentence: "this is the slope of the power alone: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ bnvar }) => bnvar.add(EPSILON).pow(-1.5).mul(-0.5),
    },
    {
      id: "root",
      idea: "the derivative of a root is used",
      sentence: "this is the slope of a square root: here the root is also inverted",
      look: "Which exponent is in the forward line, 0.5 or -0.5? When the variance grows, does bnvar_inv rise or fall?",
      answer: ({ bnvar, dbnvar_inv }) => bnvar.add(EPSILON).pow(-0.5).mul(0.5).mul(dbnvar_inv),
    },
    {
      id: "inverse",
      idea: "the derivative of an inverse is used",
      sentence: "this is the slope of an inverse: here a root is also taken",
      look:
        "Which exponent is in the forward line, -1 or -0.5? The power rule lowers that one, and uses it as the " +
        "factor.",
      answer: ({ bnvar, dbnvar_inv }) => bnvar.add(EPSILON).pow(-2).neg().mul(dbnvar_inv),
    },
    {
      id: "passed-through",
      idea: "the power is overlooked",
      sentence: "the upstream gradient is returned unchanged: the power has a slope of its own",
      look: looks.passedThrough,
      answer: ({ dbnvar_inv }) => dbnvar_inv.clone(),
    },
    {
      id: "exponent-raised",
      idea: "the exponent is raised instead of lowered",
      sentence: "the exponent is 0.5: the power rule lowers -0.5 by one, it does not raise it",
      look: looks.exponentRaised,
      answer: ({ bnvar, dbnvar_inv }) => bnvar.add(EPSILON).pow(0.5).mul(-0.5).mul(dbnvar_inv),
    },
    {
      id: "factor-of-slope",
      idea: "the lowered exponent comes down as the factor",
      sentence: "the factor is the new exponent: the power rule brings the old one down",
      look: "Write both exponents on paper, the old and the lowered one. The old one is the factor.",
      answer: ({ bnvar, dbnvar_inv }) => bnvar.add(EPSILON).pow(-1.5).mul(-1.5).mul(dbnvar_inv),
    },
  ],

  alsoRight: [
    {
      code: "return bnvar_inv.pow(3).mul(-0.5).mul(dbnvar_inv);",
      why: "From the output: bnvar_inv is the root's inverse, so its cube is the power -1.5, epsilon included. There is no constant to copy wrongly.",
    },
  ],

  forms: [
    ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dbnvar_inv),
    ({ bnvar_inv, dbnvar_inv }) => bnvar_inv.pow(3).mul(-0.5).mul(dbnvar_inv),
    ({ bnvar_inv, bnvar, dbnvar_inv }) => bnvar_inv.div(bnvar.add(1e-5)).mul(dbnvar_inv).div(-2),
    ({ bnvar, dbnvar_inv }) => dbnvar_inv.mul(-0.5).div(bnvar.add(1e-5).pow(1.5)),
    ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).sqrt().pow(-3).mul(-0.5).mul(dbnvar_inv),
    ({ bnvar_inv, dbnvar_inv }) => bnvar_inv.mul(bnvar_inv).mul(bnvar_inv).mul(dbnvar_inv).neg().div(2),
    ({ bnvar, dbnvar_inv }) => {
      const v = bnvar.add(1e-5);
      return dbnvar_inv.div(v.mul(v.sqrt()).mul(-2));
    },
    ({ bnvar, dbnvar_inv }) =>
      build([1, bnvar.size(1)], (_, j) => -0.5 * (bnvar.get(0, j) + 1e-5) ** -1.5 * dbnvar_inv.get(0, j)),
    ({ bnvar, dbnvar_inv }) =>
      each(zerosLike(bnvar), (i, j, d) => {
        const v = bnvar.get(i, j) + 1e-5;
        d.set(i, j, -dbnvar_inv.get(i, j) / (2 * v * Math.sqrt(v)));
      }),
    ({ bnvar, bnvar_inv, dbnvar_inv }) =>
      each(zerosLike(bnvar), (i, j, d) => d.set(i, j, -0.5 * bnvar_inv.get(i, j) ** 3 * dbnvar_inv.get(i, j))),
    ({ bnvar_inv, dbnvar_inv }) => eye(bnvar_inv.size(1)).mul(bnvar_inv.pow(3)).mul(-0.5).matmul(dbnvar_inv.T).T,
  ],
});
