import { tensor } from "#tensor";
import { build } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { gelu } from "./network.ts";

export const dinner = gradientRoom(gelu, {
  id: "gelu-dinner",
  tensor: "inner",
  title: "tanh inside an activation",
  idea: "The slope of tanh is 1 minus the square of its output, wherever it stands.",
  hints: {
    piece:
      "Elementwise, a slope times the upstream gradient. The slope of this line is best written with its output, which is given.",
  },

  mistakes: [
    {
      id: "of-input",
      idea: "the slope is written with the input",
      sentence: "the slope is written with inner, the input of tanh: 1 minus a square is right for its output",
      look: "Far from 0 tanh is flat. Is your slope 0 there?",
      answer: ({ inner, dbent }) => inner.pow(2).neg().add(1).mul(dbent),
    },
    {
      id: "not-squared",
      idea: "the square is left out",
      sentence: "the output is not squared: the slope of tanh is 1 minus its square",
      look: "tanh is odd, so its slope is the same at 1 and at -1. Is yours?",
      answer: ({ bent, dbent }) => tensor(1).sub(bent).mul(dbent),
    },
    {
      id: "square-only",
      idea: "the 1 is left out",
      sentence: "the upstream gradient is multiplied by minus the square: the 1 is missing",
      look: "At 0 tanh rises with slope 1. What does your slope give there?",
      answer: ({ bent, dbent }) => bent.pow(2).neg().mul(dbent),
    },
    {
      id: "slope-of-sigmoid",
      idea: "the slope of the sigmoid is used",
      sentence: "the slope used is that of a sigmoid: the output times 1 minus the output",
      look: "At 0 tanh rises with slope 1. What does your slope give there?",
      answer: ({ bent, dbent }) => bent.mul(tensor(1).sub(bent)).mul(dbent),
    },
    {
      id: "passed-through",
      idea: "tanh is overlooked",
      sentence: "the upstream gradient is returned unchanged: tanh has a slope of its own",
      look: looks.passedThrough,
      answer: ({ dbent }) => dbent.clone(),
    },
    {
      id: "upstream-forgotten",
      idea: "only the slope is returned",
      sentence: "this is the slope of tanh alone: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ bent }) => bent.pow(2).neg().add(1),
    },
    {
      id: "sign",
      idea: "the two terms of the slope are swapped",
      sentence: "the sign is flipped: tanh rises",
      look: looks.sign("inner"),
      answer: ({ bent, dbent }) => bent.pow(2).sub(1).mul(dbent),
    },
    {
      id: "tanh-twice",
      idea: "tanh of the output is taken",
      sentence: "tanh is taken of bent, which is one already",
      look: "bent is the output of the line. Which function has been applied to it already?",
      answer: ({ bent, dbent }) => bent.tanh().pow(2).neg().add(1).mul(dbent),
    },
  ],

  alsoRight: [
    {
      code: "return dbent.sub(bent.pow(2).mul(dbent));",
      why: "The bracket multiplied out: the upstream gradient, minus its product with the square.",
    },
  ],

  forms: [
    ({ bent, dbent }) => bent.pow(2).neg().add(1).mul(dbent),
    ({ bent, dbent }) => tensor(1).sub(bent.mul(bent)).mul(dbent),
    ({ bent, dbent }) => dbent.sub(bent.pow(2).mul(dbent)),
    ({ bent, dbent }) => tensor(1).sub(bent).mul(bent.add(1)).mul(dbent),
    ({ bent, dbent }) => build([...bent.shape], (i, j) => (1 - bent.get(i, j) ** 2) * dbent.get(i, j)),
  ],
});
