import { tensor, zerosLike } from "#tensor";
import { line } from "../makemore/lines.ts";
import { build, each } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { drawNumbers } from "../../kit/row.ts";
import { table } from "../tables.ts";

/** The standard deviation of tanh's inputs: wide enough to reach its flat ends. */
const WIDE = 2;

export const dpre = writtenRoom({
  id: "dpre",
  title: "tanh from its output",
  tensor: "pre",
  asks: "gradient",
  given: ["pre", "out", "dout"],
  inputs: { pre: table },
  runs: [[line("out", ["pre"], "tanh(pre)", table, ({ pre }) => pre.tanh())]],
  draw: { pre: (generator, shape, _, arranged) => arranged(drawNumbers(generator, shape)).mul(WIDE) },
  example: {
    pre: [
      [0, 0.5, -1],
      [1, 2, -4],
    ],
    dout: [
      [1, -2, 4],
      [3, 0.5, -1],
    ],
  },

  idea: "The slope of tanh is one minus the square of its output.",

  hints: {
    ask:
      "All shapes are the same, so only a slope is missing, that of tanh. Two of the given tensors belong to the " +
      "forward line, pre and out: which of them is the slope of tanh computed from?",
    rule:
      "Elementwise: the slope of tanh times the upstream gradient. The slope of tanh is 1 minus the square of its " +
      "output: 1 where out is 0, and close to 0 where out is close to 1 or -1.",
    show: ["pre"],
    worked: "dpre[0, 1] = (1 - out[0, 1] ** 2) * dout[0, 1] = (1 - {out 0 1} ** 2) * {dout 0 1}",
    piece:
      "Square the output, which is given (pow does that), subtract the square from one, and multiply by the upstream " +
      "gradient with mul. To start from the one, make it a tensor: tensor(1), from which sub subtracts another.",
  },

  mistakes: [
    {
      id: "by-input",
      idea: "the input is used instead of the output",
      sentence: "pre, the input, is squared: the slope of tanh is written in terms of its output",
      look:
        "Substitute a number: at -4 the square is 16, and one minus that is a slope of -15. But tanh never falls. " +
        "Which given tensor stays between -1 and 1?",
      answer: ({ pre, dout }) => pre.pow(2).neg().add(1).mul(dout),
    },
    {
      id: "upstream-forgotten",
      idea: "only the slope is returned",
      sentence: "this is the slope of tanh alone: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ out }) => out.pow(2).neg().add(1),
    },
    {
      id: "not-squared",
      idea: "the square is left out",
      sentence: "out is not squared: near -1, where tanh is flat, that would give a slope of two",
      look: "tanh is flat at both ends, where out is 1 and where it is -1. What does your slope give at -1?",
      answer: ({ out, dout }) => out.neg().add(1).mul(dout),
    },
    {
      id: "plus",
      idea: "the square is added",
      sentence: "the square of out is added to one: tanh is steepest at zero, and its slope is never more than one",
      look: "tanh is flat at its ends, where out is close to 1 or -1. What does your slope give there?",
      answer: ({ out, dout }) => out.pow(2).add(1).mul(dout),
    },
    {
      id: "sigmoid",
      idea: "the slope of the logistic function is used",
      sentence:
        "the slope is that of the logistic function, its output times one minus its output: tanh has a different one",
      look: "At 0 tanh gives 0 and rises with slope 1. What does your slope give if out is 0?",
      answer: ({ out, dout }) => out.neg().add(1).mul(out).mul(dout),
    },
    {
      id: "slope-squared",
      idea: "the slope is applied twice",
      sentence: "the slope of tanh is squared: it is a factor only once",
      look: looks.slopeSquared,
      answer: ({ out, dout }) => out.pow(2).neg().add(1).pow(2).mul(dout),
    },
    {
      id: "passed-through",
      idea: "tanh is overlooked",
      sentence: "the upstream gradient is returned unchanged: tanh has a slope of its own, which is one only at zero",
      look:
        "Near -4 tanh is flat: a change in pre barely changes out there. Which factor should express that? The " +
        "lesson derives it.",
      answer: ({ dout }) => dout.clone(),
    },
  ],

  alsoRight: [
    {
      code: "return dout.sub(out.mul(out).mul(dout));",
      why: "Multiplied out: no 1 to subtract from is needed. The rounding differs a little where the slope is near zero.",
    },
  ],

  forms: [
    ({ out, dout }) => out.pow(2).neg().add(1).mul(dout),
    ({ pre, dout }) => tensor(1).sub(pre.tanh().pow(2)).mul(dout),
    ({ out, dout }) => dout.sub(out.mul(out).mul(dout)),
    ({ out, dout }) => out.add(1).mul(out.neg().add(1)).mul(dout),
    ({ out, dout }) => build([...dout.shape], (i, j) => (1 - out.get(i, j) ** 2) * dout.get(i, j)),
    ({ pre, out, dout }) =>
      each(zerosLike(pre), (i, j, d) => d.set(i, j, dout.get(i, j) - out.get(i, j) ** 2 * dout.get(i, j))),
    ({ pre, dout }) => build([...pre.shape], (i, j) => dout.get(i, j) / Math.cosh(pre.get(i, j)) ** 2),
    ({ pre, dout }) => build([...pre.shape], (i, j) => (1 - Math.tanh(pre.get(i, j)) ** 2) * dout.get(i, j)),
    ({ pre, dout }) => pre.exp().add(pre.neg().exp()).div(2).pow(-2).mul(dout),
    ({ out, dout }) => out.mul(out).sub(1).mul(dout).neg(),
  ],
});
