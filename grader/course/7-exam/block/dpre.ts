import { build } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { geluSlope } from "./functions.ts";
import { block } from "./network.ts";

/** The constants of the line. */
const ROOT = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

export const dpre = gradientRoom(block, {
  id: "block-dpre",
  tensor: "pre",
  title: "GELU in one line",
  idea: "A long expression of one number has one slope: the product rule once, the chain rule inside it.",
  hints: {
    piece:
      "The line is a product of two factors that contain pre: half of pre, and one plus a tanh. The slope has a term for " +
      "each, and the second one contains the slope of tanh and the slope of what tanh is taken of.",
  },
  looks: {
    sign: "GELU rises for most numbers, with a slope near 1 for large ones. Which sign has your slope at pre = 3?",
  },

  mistakes: [
    {
      id: "gate-alone",
      idea: "the tanh is treated as a constant",
      sentence: "the second term of the product rule is missing: the tanh depends on pre as well",
      look: "Which factors of the line contain pre?",
      answer: ({ pre, dact }) => bent(pre).add(1).mul(0.5).mul(dact),
    },
    {
      id: "first-term-missing",
      idea: "the factor pre is treated as a constant",
      sentence: "the first term of the product rule is missing: the factor pre in front depends on pre as well",
      look: "Which factors of the line contain pre?",
      answer: ({ pre, dact }) => pre.mul(0.5).mul(slopeOfTanh(pre)).mul(inner(pre)).mul(dact),
    },
    {
      id: "inner-forgotten",
      idea: "the chain rule stops at tanh",
      sentence: "the slope of what tanh is taken of is missing as a factor",
      look: "What is tanh taken of, and how does that change with pre?",
      answer: ({ pre, dact }) => {
        return bent(pre)
          .add(1)
          .mul(0.5)
          .add(pre.mul(0.5).mul(slopeOfTanh(pre)))
          .mul(dact);
      },
    },
    {
      id: "three-forgotten",
      idea: "the exponent does not come down",
      sentence: "the 3 of the cube is missing: the power rule brings it down",
      look: looks.exponent,
      answer: ({ pre, dact }) => {
        const without = pre.pow(2).mul(CUBIC).add(1).mul(ROOT);
        return bent(pre)
          .add(1)
          .mul(0.5)
          .add(pre.mul(0.5).mul(slopeOfTanh(pre)).mul(without))
          .mul(dact);
      },
    },
    {
      id: "half-forgotten",
      idea: "the factor in front is left out",
      sentence: "every value is twice what it should be: the line begins with a factor of one half",
      look: "Which constant stands in front of the line?",
      answer: ({ pre, dact }) => geluSlope(pre).mul(2).mul(dact),
    },
    {
      id: "root-forgotten",
      idea: "the constant inside tanh is left out",
      sentence: "the factor (2 / pi) ** 0.5 is missing in the slope of what tanh is taken of",
      look: "What is tanh taken of? All its constants are part of its slope.",
      answer: ({ pre, dact }) => {
        return bent(pre)
          .add(1)
          .mul(0.5)
          .add(pre.mul(0.5).mul(slopeOfTanh(pre)).mul(inner(pre).div(ROOT)))
          .mul(dact);
      },
    },
    {
      id: "two-over-pi",
      idea: "the constant's own root is not taken",
      sentence: "the constant inside tanh is 2 / pi: it should be its root",
      look: "Which power has 2 / pi in the line?",
      answer: ({ pre, dact }) => {
        const t = pre
          .pow(3)
          .mul(CUBIC)
          .add(pre)
          .mul(ROOT * ROOT)
          .tanh();
        const rise = t.pow(2).neg().add(1).mul(inner(pre)).mul(ROOT);
        return t.add(1).add(pre.mul(rise)).mul(0.5).mul(dact);
      },
    },
    {
      id: "not-squared",
      idea: "1 minus tanh is taken for the slope of tanh",
      sentence: "the tanh is not squared in its slope, which is 1 minus its square",
      look: "Where tanh is -0.5, can its slope be larger than 1?",
      answer: ({ pre, dact }) => {
        const t = bent(pre);
        return t
          .add(1)
          .add(pre.mul(t.neg().add(1)).mul(inner(pre)))
          .mul(0.5)
          .mul(dact);
      },
    },
    {
      id: "act-for-pre",
      idea: "the slope is taken at the output",
      sentence: "the slope is taken at act: it belongs to the number that GELU was taken of",
      look: "At which number of the horizontal axis is the slope of a curve read?",
      answer: ({ act, dact }) => geluSlope(act).mul(dact),
    },
    {
      id: "sigmoid-form",
      idea: "another GELU is differentiated",
      sentence: "this is the slope of x * sigmoid(1.702 x), another approximation of GELU",
      look: "Differentiate the line in the comment, with its tanh.",
      answer: ({ pre, dact }) => {
        const gate = pre.mul(-1.702).exp().add(1).pow(-1);
        return gate.add(pre.mul(1.702).mul(gate).mul(gate.neg().add(1))).mul(dact);
      },
    },
    {
      id: "upstream-forgotten",
      idea: "only the slope is returned",
      sentence: "this is the slope of GELU alone: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ pre }) => geluSlope(pre),
    },
    {
      id: "relu",
      idea: "the slope of another activation is used",
      sentence: "this is the slope of ReLU, 0 or 1: GELU is smooth, and its slope at 0 is one half",
      look: "What is the slope of act at pre = 0?",
      answer: ({ pre, dact }) => dact.mul(pre.sign().add(1).div(2)),
    },
  ],

  alsoRight: [
    {
      code: `const root = 2 * Math.sqrt(2 / Math.PI);
const gate = pre.pow(2).mul(0.044715).add(1).mul(pre).mul(root).sigmoid();
const slope = pre.pow(2).mul(3 * 0.044715).add(1).mul(root);
return gate.add(pre.mul(gate).mul(tensor(1).sub(gate)).mul(slope)).mul(dact);`,
      why: "Half of 1 + tanh(a) is the sigmoid of 2a: GELU is pre times a gate.",
    },
  ],

  forms: [
    ({ pre, dact }) => geluSlope(pre).mul(dact),
    ({ pre, dact }) => {
      const t = bent(pre);
      const dt = pre.mul(0.5).mul(dact);
      return dact.mul(t.add(1).mul(0.5)).add(dt.mul(t.mul(t).neg().add(1)).mul(inner(pre)));
    },
    ({ pre, dact }) => {
      const t = bent(pre);
      const cubic = pre.mul(ROOT).add(pre.pow(3).mul(3 * CUBIC * ROOT));
      return t
        .add(1)
        .add(cubic.mul(t.pow(2).neg().add(1)))
        .mul(0.5)
        .mul(dact);
    },
    ({ pre, dact }) =>
      build([...pre.shape], (b, i, h) => {
        const x = pre.get(b, i, h);
        const t = Math.tanh(ROOT * (x + CUBIC * x ** 3));
        return dact.get(b, i, h) * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * ROOT * (1 + 3 * CUBIC * x * x));
      }),
  ],
});

type Numbers = Parameters<typeof geluSlope>[0];

/** The tanh of the line. */
function bent(pre: Numbers): Numbers {
  return pre.pow(3).mul(CUBIC).add(pre).mul(ROOT).tanh();
}

function slopeOfTanh(pre: Numbers): Numbers {
  return bent(pre).pow(2).neg().add(1);
}

/** The slope of what tanh is taken of. */
function inner(pre: Numbers): Numbers {
  return pre
    .pow(2)
    .mul(3 * CUBIC)
    .add(1)
    .mul(ROOT);
}
