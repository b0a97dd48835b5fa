import { tensor } from "#tensor";
import { build } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { bce } from "./network.ts";

export const dx = gradientRoom(bce, {
  id: "bce-dx",
  tensor: "x",
  title: "a sigmoid",
  idea: "The slope of a sigmoid is its output times what is left to 1.",
  hints: {
    piece:
      "Elementwise, three factors. One is the upstream gradient; the other two are made of the line's output alone, and " +
      "add up to 1.",
  },

  mistakes: [
    {
      id: "passed-through",
      idea: "the sigmoid is overlooked",
      sentence: "the upstream gradient is returned unchanged: the sigmoid has a slope of its own",
      look: looks.passedThrough,
      answer: ({ dgate }) => dgate.clone(),
    },
    {
      id: "slope-of-tanh",
      idea: "the slope of tanh is used",
      sentence: "the slope used is 1 minus the square of the output: that of tanh",
      look: "At 0 the sigmoid is 0.5, and at 0.1 it is 0.525. Which slope is that?",
      answer: ({ gate, dgate }) => gate.pow(2).neg().add(1).mul(dgate),
    },
    {
      id: "of-input",
      idea: "the slope is written with the input",
      sentence:
        "the slope is written with x instead of the output: x * (1 - x) is right for the sigmoid's output alone",
      look: "At x = 0 the sigmoid rises most steeply. What is x * (1 - x) there?",
      answer: ({ x, dgate }) => x.mul(tensor(1).sub(x)).mul(dgate),
    },
    {
      id: "output-only",
      idea: "one factor is left out",
      sentence: "the upstream gradient is multiplied by the output alone: that is the slope of an exponential",
      look: "Far above 0 the sigmoid is flat. Is your slope 0 there?",
      answer: ({ gate, dgate }) => gate.mul(dgate),
    },
    {
      id: "rest-only",
      idea: "one factor is left out",
      sentence: "the upstream gradient is multiplied by 1 minus the output alone: one more factor is missing",
      look: "Far below 0 the sigmoid is flat. Is your slope 0 there?",
      answer: ({ gate, dgate }) => tensor(1).sub(gate).mul(dgate),
    },
    {
      id: "upstream-forgotten",
      idea: "only the slope is returned",
      sentence: "this is the slope of the sigmoid alone: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ gate }) => gate.mul(tensor(1).sub(gate)),
    },
    {
      id: "sign",
      idea: "the second factor is the output minus 1",
      sentence: "the sign is flipped: a sigmoid rises",
      look: looks.sign("x"),
      answer: ({ gate, dgate }) => gate.mul(gate.sub(1)).mul(dgate),
    },
    {
      id: "sigmoid-twice",
      idea: "the sigmoid of the output is taken",
      sentence: "the sigmoid is taken of gate, which is one already",
      look: "gate is the output of the line. Which function has been applied to it already?",
      answer: ({ gate, dgate }) => {
        const twice = gate.sigmoid();
        return twice.mul(tensor(1).sub(twice)).mul(dgate);
      },
    },
  ],

  alsoRight: [
    {
      code: "return x.sigmoid().mul(x.neg().sigmoid()).mul(dgate);",
      why: "1 minus the sigmoid of x is the sigmoid of -x: nothing cancels where the gate is nearly 1.",
    },
  ],

  forms: [
    ({ gate, dgate }) => gate.mul(tensor(1).sub(gate)).mul(dgate),
    ({ gate, dgate }) => gate.sub(gate.pow(2)).mul(dgate),
    ({ x, dgate }) => x.sigmoid().mul(x.neg().sigmoid()).mul(dgate),
    ({ gate, x, dgate }) => gate.pow(2).mul(x.neg().exp()).mul(dgate),
    ({ gate, dgate }) => build([...gate.shape], (i, j) => gate.get(i, j) * (1 - gate.get(i, j)) * dgate.get(i, j)),
    ({ gate, x, dgate }) => gate.div(x.exp().add(1)).mul(dgate),
  ],
});
