import { build, eye, flat } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { sign, timesItself, valueForGradient } from "../mistakes.ts";
import { block } from "./network.ts";

export const draw1 = gradientRoom(block, {
  id: "block-draw1",
  tensor: "raw1",
  title: "below the first gain",
  idea: "A gain scales each entry of a row by its own number, forward and backward, at every position alike.",
  hints: {
    piece:
      "A product of two given tensors. The gain is broadcast over sequences and positions, as in the forward line.",
  },

  mistakes: [
    {
      id: "gain-forgotten",
      idea: "the gain is overlooked",
      sentence: "the upstream gradient is returned unchanged: the gain scales what it multiplies",
      look: looks.ownFactor("raw1"),
      answer: ({ dnorm1 }) => dnorm1.clone(),
    },
    {
      id: "own-factor",
      idea: "the wrong factor of the product is used",
      sentence:
        "the upstream gradient is multiplied by raw1 itself; the local gradient of a factor is the other factor",
      look: looks.ownFactor("raw1"),
      answer: ({ raw1, dnorm1 }) => dnorm1.mul(raw1),
    },
    {
      id: "output-as-factor",
      idea: "the output is used as the other factor",
      sentence: "the product contains norm1, which has raw1 in it already: the other factor is gain1",
      look: looks.ownFactor("raw1"),
      answer: ({ norm1, dnorm1 }) => dnorm1.mul(norm1),
    },
    {
      id: "gain-squared",
      idea: "the gain is multiplied twice",
      sentence: "the gain is a factor twice: the forward line has it once",
      look: looks.slopeSquared,
      answer: ({ gain1, dnorm1 }) => dnorm1.mul(gain1.pow(2)),
    },
    {
      id: "divided",
      idea: "the product is undone",
      sentence: "the upstream gradient is divided by the gain: that undoes the product, but it is not its slope",
      look: looks.divided,
      answer: ({ gain1, dnorm1 }) => dnorm1.div(gain1),
    },
    {
      id: "averaged-gain",
      idea: "one gain is used for all entries",
      sentence: "all entries get the mean of the gains: each has a gain of its own",
      look: "Which shape has the gain, and along which dimensions is it broadcast?",
      answer: ({ gain1, dnorm1 }) => dnorm1.mul(gain1.mean()),
    },
    {
      id: "gain-returned",
      idea: "the gradient of the gain is returned",
      sentence: "this is the gradient of the gain: that of raw1 contains gain1, and nothing is summed",
      look: "Which of the two factors of the line is asked for?",
      answer: ({ raw1, dnorm1 }) => raw1.mul(dnorm1).sum([0, 1]),
    },
    { ...valueForGradient("norm1"), answer: ({ gain1, norm1 }) => norm1.mul(gain1) },
    { ...timesItself("raw1"), answer: ({ gain1, raw1, dnorm1 }) => dnorm1.mul(gain1).mul(raw1) },
    { ...sign("raw1"), answer: ({ gain1, dnorm1 }) => dnorm1.mul(gain1).neg() },
  ],

  alsoRight: [
    {
      code: "return dnorm1.view(-1, gain1.size(0)).mul(gain1.view(1, -1)).view(raw1.shape);",
      why: "All positions as the rows of one matrix, and the gain as one row: broadcasting, written out. The bits are the same.",
    },
  ],

  forms: [
    ({ gain1, dnorm1 }) => dnorm1.mul(gain1),
    ({ gain1, dnorm1 }) => gain1.view(1, 1, -1).mul(dnorm1),
    ({ gain1, raw1, dnorm1 }) => flat(dnorm1).mul(gain1.view(1, -1)).view(raw1.shape),
    ({ gain1, dnorm1 }) => dnorm1.matmul(eye(gain1.size(0)).mul(gain1)),
    ({ gain1, dnorm1 }) => build([...dnorm1.shape], (b, t, k) => dnorm1.get(b, t, k) * gain1.get(k)),
  ],
});
