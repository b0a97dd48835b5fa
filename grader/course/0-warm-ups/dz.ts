import { zerosLike } from "#tensor";
import { line } from "../makemore/lines.ts";
import { build, each } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { drawNumbers } from "../../kit/row.ts";
import { table } from "../tables.ts";

/** The standard deviation of the logarithm of z: most numbers are between a tenth and ten. */
const SPREAD = 0.8;
const POWER_RULE = "Write the power rule on paper: x ** 3 has slope 3 * x ** 2. Do the same with the exponent -0.5.";

export const dz = writtenRoom({
  id: "dz",
  title: "the slopes of exp, log and a power",
  tensor: "z",
  asks: "gradient",
  given: ["z", "exps", "logs", "roots", "dexps", "dlogs", "droots"],
  inputs: { z: table },
  runs: [
    [line("exps", ["z"], "exp(z)", table, ({ z }) => z.exp())],
    [line("logs", ["z"], "log(z)", table, ({ z }) => z.log())],
    [line("roots", ["z"], "z ** -0.5", table, ({ z }) => z.pow(-0.5))],
  ],
  // a logarithm and a root need positive numbers
  draw: { z: (generator, shape) => drawNumbers(generator, shape).mul(SPREAD).exp() },
  example: {
    z: [
      [1, 4, 0.25],
      [2, 0.5, 1],
    ],
    dexps: [
      [1, 0, 0],
      [0.5, 2, -1],
    ],
    dlogs: [
      [0, 1, 0],
      [2, -1, 1],
    ],
    droots: [
      [0, 0, 1],
      [-4, 0, 2],
    ],
  },

  idea: "A function of one number contributes its slope, as a factor, at that number.",

  hints: {
    ask:
      "z is used in three lines, and each has an upstream gradient: dexps, dlogs and droots. All shapes are the same. " +
      "What are the three slopes?",
    rule:
      "Used three times: three gradients, added. The slope of exp is exp itself, which is given as exps. The slope of " +
      "the logarithm is one over z. The slope of a power has the old exponent as a factor and an exponent that is " +
      "lower by one: here -0.5 and -1.5.",
    show: ["z"],
    worked: "dz[1, 0] = {exps 1 0} * {dexps 1 0} + {dlogs 1 0} / {z 1 0} + (-0.5) * {z 1 0} ** (-1.5) * {droots 1 0}",
    piece:
      "A sum of three terms, each a slope times the gradient of its own line. Two of the slopes need no new function: " +
      "one is a given tensor, one is a division. For the third there is pow, which takes an exponent; lower the " +
      "exponent of the forward line by one, and do not forget the factor in front.",
  },

  mistakes: [
    {
      id: "exponent-kept",
      idea: "the exponent of the power is not lowered",
      sentence: "in the branch through roots the exponent is still -0.5: the power rule lowers it by one",
      namesBranch: true,
      look: POWER_RULE,
      answer: ({ exps, z, roots, dexps, dlogs, droots }) =>
        exps.mul(dexps).add(dlogs.div(z)).add(roots.mul(-0.5).mul(droots)),
    },
    {
      id: "exponent-raised",
      idea: "the exponent goes the wrong way",
      sentence: "in the branch through roots the exponent is 0.5: lowered by one, -0.5 becomes -1.5",
      namesBranch: true,
      look: looks.exponentRaised,
      answer: ({ exps, z, dexps, dlogs, droots }) =>
        exps.mul(dexps).add(dlogs.div(z)).add(z.pow(0.5).mul(-0.5).mul(droots)),
    },
    {
      id: "factor-forgotten",
      idea: "the old exponent is not a factor",
      sentence: "in the branch through roots the exponent is right, but the old exponent is missing as a factor",
      namesBranch: true,
      look: looks.halfForgotten,
      answer: ({ exps, z, dexps, dlogs, droots }) => exps.mul(dexps).add(dlogs.div(z)).add(z.pow(-1.5).mul(droots)),
    },
    {
      id: "power-sign",
      idea: "the minus of the exponent is left out",
      sentence: "the branch through roots has the wrong sign: one over a root falls where z rises",
      namesBranch: true,
      look: "At z = 1 the line of roots gives 1, at z = 4 it gives 0.5. Does it rise or fall?",
      answer: ({ exps, z, dexps, dlogs, droots }) =>
        exps.mul(dexps).add(dlogs.div(z)).add(z.pow(-1.5).mul(0.5).mul(droots)),
    },
    {
      id: "log-multiplied",
      idea: "the slope of the logarithm is taken to be z",
      sentence: "the branch through logs is multiplied by z: the slope of the logarithm is one over z",
      namesBranch: true,
      look: "The logarithm is steep near 0 and flat far from it. What does your slope do there?",
      answer: ({ exps, z, dexps, dlogs, droots }) =>
        exps.mul(dexps).add(dlogs.mul(z)).add(z.pow(-1.5).mul(-0.5).mul(droots)),
    },
    {
      id: "log-passed-through",
      idea: "the slope of the logarithm is left out",
      sentence: "the branch through logs is passed on unchanged: the logarithm has a slope of its own, one over z",
      namesBranch: true,
      look: "The logarithm of 1 is 0, that of 1.1 is about 0.1; that of 10 is 2.303, that of 10.1 is 2.313. Compare.",
      answer: ({ exps, z, dexps, dlogs, droots }) => exps.mul(dexps).add(dlogs).add(z.pow(-1.5).mul(-0.5).mul(droots)),
    },
    {
      id: "exp-as-power",
      idea: "the power rule is applied to exp",
      sentence: "the branch through exps follows the power rule: exp is no power of z, and is its own slope",
      namesBranch: true,
      look: "In a power the exponent is fixed and the base changes. Which of the two changes in exp(z)?",
      answer: ({ z, dexps, dlogs, droots }) =>
        z.mul(z.sub(1).exp()).mul(dexps).add(dlogs.div(z)).add(z.pow(-1.5).mul(-0.5).mul(droots)),
    },
    {
      id: "exp-passed-through",
      idea: "the slope of exp is left out",
      sentence: "the branch through exps is passed on unchanged: exp is its own slope, which is 1 only at z = 0",
      namesBranch: true,
      look: "exp(0) is 1 and exp(0.1) about 1.1; exp(2) is 7.39 and exp(2.1) is 8.17. Compare the two changes.",
      answer: ({ z, dexps, dlogs, droots }) => dexps.add(dlogs.div(z)).add(z.pow(-1.5).mul(-0.5).mul(droots)),
    },
    {
      id: "sign",
      idea: "the minus of the exponent is applied to all three",
      sentence: "the sign is flipped, of all three branches: only the slope of the power is negative",
      look: "Which of the three functions rise with z, and which one falls? Their slopes have those signs.",
      answer: ({ exps, z, dexps, dlogs, droots }) =>
        z.pow(-1.5).mul(0.5).mul(droots).sub(exps.mul(dexps)).sub(dlogs.div(z)),
    },
  ],

  forms: [
    ({ exps, z, dexps, dlogs, droots }) => exps.mul(dexps).add(dlogs.div(z)).add(z.pow(-1.5).mul(-0.5).mul(droots)),
    ({ z, dexps, dlogs, droots }) =>
      z
        .pow(-1)
        .mul(dlogs)
        .sub(droots.mul(0.5).mul(z.pow(-1.5)))
        .add(z.exp().mul(dexps)),
    ({ exps, roots, dexps, dlogs, droots }) =>
      roots.pow(2).mul(dlogs).add(exps.mul(dexps)).sub(roots.mul(roots).mul(roots).div(2).mul(droots)),
    ({ exps, z, roots, dexps, dlogs, droots }) => dexps.mul(exps).add(dlogs.sub(roots.mul(droots).div(2)).div(z)),
    ({ z, dexps, dlogs, droots }) =>
      build([...z.shape], (i, j) => {
        const x = z.get(i, j);
        return Math.exp(x) * dexps.get(i, j) + dlogs.get(i, j) / x - (0.5 / (x * Math.sqrt(x))) * droots.get(i, j);
      }),
    ({ exps, z, dexps, dlogs, droots }) =>
      each(zerosLike(z), (i, j, d) => {
        d.set(i, j, d.get(i, j) + exps.get(i, j) * dexps.get(i, j));
        d.set(i, j, d.get(i, j) + dlogs.get(i, j) / z.get(i, j));
        d.set(i, j, d.get(i, j) - 0.5 * z.get(i, j) ** -1.5 * droots.get(i, j));
      }),
  ],
});
