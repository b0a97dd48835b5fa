import { tensor, zerosLike } from "#tensor";
import { line } from "../../model/lines.ts";
import { build, each } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { drawNumbers } from "../row.ts";
import { table } from "../tables.ts";

/** How widely the inputs of tanh are spread: into its flat ends. */
const WIDE = 2;

export const dpre = writtenRoom({
  id: "dpre",
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

  hints: {
    ask:
      "All shapes are the same, so only a slope is missing, that of tanh. Two of the given tensors belong to the forward " +
      "line, pre and out: which of them is the slope of tanh written with?",
    rule:
      "Place by place: the slope of tanh, times what comes from above. Where tanh gives a number, its slope there is 1 " +
      "minus the square of that number: 1 where out is 0, and close to 0 where out is close to 1 or -1.",
    show: ["pre"],
    worked: "dpre[0, 1] = (1 - out[0, 1] ** 2) * dout[0, 1] = (1 - {out 0 1} ** 2) * {dout 0 1}",
    piece:
      "Square the output, which is given (pow does that), take the square from one, and multiply by what comes from above " +
      "with mul. To begin with the one, make it a tensor: tensor(1), from which sub takes another.",
  },

  mistakes: [
    {
      id: "by-input",
      idea: "the input is used for the output",
      sentence: "the square in it is that of pre, the input: the slope of tanh is written with its output",
      look:
        "Put in a number: at -4 the square is 16, and one minus that is a slope of -15. tanh never falls. Which given " +
        "tensor stays between -1 and 1?",
      answer: ({ pre, dout }) => pre.pow(2).neg().add(1).mul(dout),
    },
    {
      id: "upstream-forgotten",
      idea: "the slope alone is given",
      sentence: "this is the slope of tanh alone: what comes from above is not in it",
      look: looks.upstreamForgotten,
      answer: ({ out }) => out.pow(2).neg().add(1),
    },
    {
      id: "not-squared",
      idea: "the square is left out",
      sentence: "out stands there without its square: near -1, where tanh is flat, that would be a slope of two",
      look: "tanh is flat at both ends, where out is 1 and where it is -1. What does your slope give at -1?",
      answer: ({ out, dout }) => out.neg().add(1).mul(dout),
    },
    {
      id: "plus",
      idea: "the square is added",
      sentence: "the square of out is added to one: tanh is steepest at zero, and never steeper than one",
      look: "tanh is flat at its ends, where out is close to 1 or -1. What does your slope give there?",
      answer: ({ out, dout }) => out.pow(2).add(1).mul(dout),
    },
    {
      id: "sigmoid",
      idea: "the slope of the logistic function is used",
      sentence: "the slope is that of the logistic function, its output times one minus its output; tanh has another",
      look: "At 0 tanh gives 0 and rises with slope 1. What does your slope give where out is 0?",
      answer: ({ out, dout }) => out.neg().add(1).mul(out).mul(dout),
    },
    {
      id: "slope-squared",
      idea: "the slope is multiplied in twice",
      sentence: "the slope of tanh is squared: it is a factor once",
      look: looks.slopeSquared,
      answer: ({ out, dout }) => out.pow(2).neg().add(1).pow(2).mul(dout),
    },
    {
      id: "passed-through",
      idea: "tanh is overlooked",
      sentence: "what comes from above comes out as it went in, as it does at zero alone: tanh bends",
      look: "Near -4 tanh is flat: a step of pre there hardly moves out. Which factor is to say so? The lesson derives it.",
      answer: ({ dout }) => dout.clone(),
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
