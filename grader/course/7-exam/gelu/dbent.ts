import { build } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { gelu } from "./network.ts";

export const dbent = gradientRoom(gelu, {
  id: "gelu-dbent",
  tensor: "bent",
  title: "a gate",
  idea: "A constant that is added to a factor is not in the factor's own gradient.",
  hints: {
    piece: "The line is a product of three factors. bent is in one of them, with the local gradient 1 there.",
  },
  looks: { sign: looks.signOfProduct("bent") },

  mistakes: [
    {
      id: "half-forgotten",
      idea: "the constant factor is left out",
      sentence: "the factor 0.5 is missing",
      look: "The line has three factors. What remains if the one with bent is taken away?",
      answer: ({ x, dout }) => x.mul(dout),
    },
    {
      id: "x-forgotten",
      idea: "the other factor is left out",
      sentence: "x is missing: it is a factor of the line",
      look: "The line has three factors. What remains if the one with bent is taken away?",
      answer: ({ dout }) => dout.mul(0.5),
    },
    {
      id: "one-kept",
      idea: "the own factor is kept",
      sentence: "the factor 1 + bent is still there: the local gradient of a factor is the product of the others",
      look: looks.ownFactor("bent"),
      answer: ({ out, dout }) => out.mul(dout),
    },
    {
      id: "own-factor",
      idea: "the wrong factor is used",
      sentence: "the upstream gradient is multiplied by 1 + bent: that is the local gradient of x",
      look: looks.ownFactor("bent"),
      answer: ({ bent, dout }) => bent.add(1).mul(0.5).mul(dout),
    },
    {
      id: "slope-of-tanh",
      idea: "the slope of tanh is applied one line too early",
      sentence: "the slope of tanh is in the answer already: it belongs to the line before",
      look: "Which line is bent the output of, and which line is it an input of? The answer is about the second one.",
      answer: ({ x, bent, dout }) => bent.pow(2).neg().add(1).mul(x).mul(0.5).mul(dout),
    },
    {
      id: "upstream-forgotten",
      idea: "only the local gradient is returned",
      sentence: "this is the local gradient alone: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ x }) => x.mul(0.5),
    },
    {
      id: "sign",
      idea: "a minus is put where there is a plus",
      sentence: "the sign is flipped: bent is added to 1",
      look: looks.signOfProduct("bent"),
      answer: ({ x, dout }) => x.mul(-0.5).mul(dout),
    },
  ],

  alsoRight: [
    {
      code: "return dout.mul(x).div(2);",
      why: "The product first, and half of it last: dividing by 2 is exact, so the bits are the same.",
    },
  ],

  forms: [
    ({ x, dout }) => x.mul(0.5).mul(dout),
    ({ x, dout }) => x.mul(dout).div(2),
    ({ x, dout }) => dout.mul(x.div(2)),
    ({ x, dout }) => build([...x.shape], (i, j) => 0.5 * x.get(i, j) * dout.get(i, j)),
  ],
});
