import { tensor } from "#tensor";
import { inWords, lineWriter } from "../../network/line.ts";
import { build, each } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { table } from "../tables.ts";
import { settings } from "../transformer/adamw.ts";

const line = lineWriter();
const { beta1, beta2 } = settings;

const WEIGHTS = "The two weights of an average sum to 1: 0.999 for what was there, and the rest for what is new.";

export const squares = writtenRoom({
  id: "squares",
  title: "an average that forgets",
  tensor: "squares",
  asks: "value",
  given: ["v", "G"],
  inputs: { v: table, G: table },
  runs: [
    [
      inWords(
        line(
          "squares",
          ["v", "G"],
          "the running average v moved on by the squares of G, with beta2 = 0.999",
          table,
          ({ v, G }) => v.mul(beta2).add(G.pow(2).mul(1 - beta2)),
        ),
      ),
    ],
  ],
  // of the size of the new squares: a thousandth of either shows beside the other
  draw: { v: (generator, shape) => generator.randn(...shape).pow(2) },
  example: {
    v: [
      [0.5, 0],
      [0.02, 1],
    ],
    G: [
      [2, -1],
      [0, 4],
    ],
  },

  idea: "A running average keeps most of what it was and takes in a little of what is new; the two parts sum to 1.",

  hints: {
    ask: "What does the average tend to if the gradient is the same at every step? Your formula should leave that number as it is.",
    rule:
      "A running average is a weighted sum of the old average and the new number, with weights beta2 and 1 - beta2. What " +
      "is averaged here is the square of each entry of the gradient.",
    worked: "squares[0, 0] = 0.999 * {v 0 0} + 0.001 * {G 0 0} ** 2",
    piece:
      "One product with 0.999, one with 1 - 0.999, and a sum. The square is taken of G alone, before it is weighted. AdamW keeps " +
      "an average of G itself as well, m, with 0.9 and 0.1.",
  },

  mistakes: [
    {
      id: "not-squared",
      idea: "the gradient itself is averaged",
      sentence: "the gradient itself goes into the average: it should be its square, entry by entry",
      look: "A gradient that is 1 and -1 in turn: is the average of its squares 0 or 1?",
      answer: ({ v, G }) => v.mul(beta2).add(G.mul(1 - beta2)),
    },
    {
      id: "size-averaged",
      idea: "the sizes of the entries are averaged",
      sentence: "the entries' sizes go into the average, without their signs: it should be their squares",
      look: "Take an entry of 3: by how much does 0.001 of its square differ from 0.001 of its size?",
      answer: ({ v, G }) => v.mul(beta2).add(G.each(Math.abs).mul(1 - beta2)),
    },
    {
      id: "weights-swapped",
      idea: "the new square gets the large weight",
      sentence: "the weights are swapped: the old average keeps 0.999 of itself",
      look: "After one unusual gradient, should the average be nearly that square, or nearly what it was?",
      answer: ({ v, G }) => v.mul(1 - beta2).add(G.pow(2).mul(beta2)),
    },
    {
      id: "weight-forgotten",
      idea: "the square is added as a whole",
      sentence: "the square is added with weight 1: the two weights should sum to 1, or the average grows without end",
      look: WEIGHTS,
      answer: ({ v, G }) => v.mul(beta2).add(G.pow(2)),
    },
    {
      id: "other-beta",
      idea: "beta1 is used instead of beta2",
      sentence:
        "the average is that of 0.9 and 0.1, which belong to the average of the gradients; here they are 0.999 and 0.001",
      look: WEIGHTS,
      answer: ({ v, G }) => v.mul(beta1).add(G.pow(2).mul(1 - beta1)),
    },
    {
      id: "old-forgotten",
      idea: "only the new square is there",
      sentence: "the old average is missing: only the new square, weighted, is there",
      look: "Which of the given tensors does your answer not depend on?",
      answer: ({ G }) => G.pow(2).mul(1 - beta2),
    },
    {
      id: "summed",
      idea: "the squares are summed, as in Adagrad",
      sentence: "the square is added to all of the old average: that is a sum of squares, not an average",
      look: WEIGHTS,
      answer: ({ v, G }) => v.add(G.pow(2)),
    },
    {
      id: "weight-squared",
      idea: "the weighted gradient is squared",
      sentence: "the weight is squared with the gradient: take the square of G first, then 0.001 of it",
      look: "0.001 times 3, squared, is 0.000009. What is 0.001 times the square of 3?",
      answer: ({ v, G }) => v.mul(beta2).add(G.mul(1 - beta2).pow(2)),
    },
    {
      id: "kept-whole",
      idea: "the old average is not reduced",
      sentence: "the old average is kept whole: it should be multiplied by 0.999 before 0.001 of the square is added",
      look: WEIGHTS,
      answer: ({ v, G }) => v.add(G.pow(2).mul(1 - beta2)),
    },
    {
      id: "zero",
      idea: "the average is started again",
      sentence: "the answer is zero everywhere: the average is started again at each step",
      look: looks.zero,
      answer: ({ v }) => v.mul(0),
    },
  ],

  alsoRight: [
    {
      code: "return v.add(G.pow(2).sub(v).mul(0.001));",
      why: "The average moves a thousandth of the way from where it is to the new square.",
    },
  ],

  forms: [
    ({ v, G }) => v.mul(0.999).add(G.pow(2).mul(0.001)),
    ({ v, G }) => v.add(G.pow(2).sub(v).mul(0.001)),
    ({ v, G }) =>
      G.mul(G)
        .mul(1 - 0.999)
        .add(v.mul(0.999)),
    ({ v, G }) => build([...v.shape], (i, j) => 0.999 * v.get(i, j) + (1 - 0.999) * G.get(i, j) ** 2),
    ({ v, G }) => each(v.clone(), (i, j, out) => out.set(i, j, 0.999 * v.get(i, j) + 0.001 * G.get(i, j) ** 2)),
    ({ v, G }) => v.sub(v.mul(tensor(0.001))).add(G.pow(2).div(1000)),
  ],
});
