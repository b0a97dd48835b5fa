import { tensor, type Tensor } from "#tensor";
import { inWords, lineWriter } from "../../network/line.ts";
import { build, each } from "../elements.ts";
import { writtenRoom } from "../rooms.ts";
import { table } from "../tables.ts";
import { settings } from "../transformer/adamw.ts";
import { drawCount, drawTiny, drawTinySquares, weightIn } from "./pieces.ts";

const line = lineWriter();
const { beta1, beta2, epsilon } = settings;

const FIRST =
  "Take the first step, with averages that started at 0: m is 0.1 times the gradient and v is 0.001 times its square. " +
  "What should the direction be there?";
const ROOT = "A square has to come back to the size of a gradient before it divides one. Is epsilon added after that?";

export const direction = writtenRoom({
  id: "direction",
  title: "what the zeros at the start are worth",
  tensor: "direction",
  asks: "value",
  given: ["m", "v", "t"],
  inputs: { m: table, v: table, t: [] },
  runs: [
    [
      inWords(
        line(
          "direction",
          ["m", "v", "t"],
          "m corrected / (root of v corrected + 1e-8), with beta1 = 0.9 and beta2 = 0.999",
          table,
          ({ m, v, t }) => {
            const weight = (beta: number): typeof t => t.each((count) => 1 - beta ** count);
            return m.div(weight(beta1)).div(v.div(weight(beta2)).pow(0.5).add(epsilon));
          },
        ),
      ),
    ],
  ],
  otherWay: ({ m, v, t }) => {
    return m!.div(weightIn(t!, beta1)).div(v!.div(weightIn(t!, beta2)).pow(0.5).add(epsilon));
  },
  draw: { m: drawTiny, v: drawTinySquares, t: drawCount },
  example: {
    m: [
      [0.19, -0.38],
      [0.18, -0.01],
    ],
    v: [
      [0.001999, 0.007996],
      [0.003996, 0.001999],
    ],
    t: 2,
  },

  idea: "Averages that started at zero are still partly zero: dividing by the weight of what has gone in makes averages of them.",

  hints: {
    ask:
      "Both averages started at 0, and t numbers have gone in since. How much weight do these numbers have together, and " +
      "how much the zero that was there first?",
    rule:
      "After t steps the zero at the start has the weight beta ** t, and what has gone in has the rest. Divide each " +
      "average by its own rest. What is left are the mean of the gradient and the mean of its square; the first divided by " +
      "the root of the second is near 1 or -1 where the gradients agree.",
    worked: "direction[0, 0] = {m 0 0} / (1 - 0.9 ** 2) / (({v 0 0} / (1 - 0.999 ** 2)) ** 0.5 + 1e-8)",
    piece:
      "item() makes a number of t, and so both corrections are numbers: 1 - 0.9 ** t for m, 1 - 0.999 ** t for v. The root is taken of " +
      "the corrected v; 1e-8 is added to the root, not below it.",
  },

  mistakes: [
    {
      id: "not-corrected",
      idea: "the averages are used as they are",
      sentence: "neither average is corrected: the zeros that they started from still count",
      look: FIRST,
      answer: ({ m, v }) => m.div(v.sqrt().add(epsilon)),
    },
    {
      id: "only-m-corrected",
      idea: "the average of squares is not corrected",
      sentence: "m is corrected and v is not: both averages started at zero",
      look: FIRST,
      answer: ({ m, v, t }) => m.div(1 - beta1 ** t.item()).div(v.sqrt().add(epsilon)),
    },
    {
      id: "only-v-corrected",
      idea: "the average of gradients is not corrected",
      sentence: "v is corrected and m is not: both averages started at zero",
      look: FIRST,
      answer: ({ m, v, t }) =>
        m.div(
          v
            .div(1 - beta2 ** t.item())
            .sqrt()
            .add(epsilon),
        ),
    },
    {
      id: "one-step-less",
      idea: "the steps are counted from zero",
      sentence: "the corrections are those of the step before: t counts the numbers that have gone into the averages",
      look: FIRST,
      answer: ({ m, v, t }) => corrected(m, v, t.item() - 1, t.item() - 1),
    },
    {
      id: "one-step-more",
      idea: "the step is counted twice",
      sentence: "the corrections are those of the step after: t already counts this step",
      look: FIRST,
      answer: ({ m, v, t }) => corrected(m, v, t.item() + 1, t.item() + 1),
    },
    {
      id: "power-forgotten",
      idea: "the correction is that of the first step",
      sentence: "the averages are divided by 1 - beta whatever t is: the zero at the start loses weight with each step",
      look: "What weight has the zero after two steps: beta, or beta times beta?",
      answer: ({ m, v }) => corrected(m, v, 1, 1),
    },
    {
      id: "betas-swapped",
      idea: "each average is corrected with the other's beta",
      sentence: "the corrections are swapped: m averages with 0.9, and v with 0.999",
      look: FIRST,
      answer: ({ m, v, t }) =>
        m.div(1 - beta2 ** t.item()).div(
          v
            .div(1 - beta1 ** t.item())
            .sqrt()
            .add(epsilon),
        ),
    },
    {
      id: "multiplied",
      idea: "the averages are multiplied by the corrections",
      sentence: "the averages are multiplied by their corrections and become smaller still: they should be divided",
      look: FIRST,
      answer: ({ m, v, t }) =>
        m.mul(1 - beta1 ** t.item()).div(
          v
            .mul(1 - beta2 ** t.item())
            .sqrt()
            .add(epsilon),
        ),
    },
    {
      id: "root-forgotten",
      idea: "the average of squares divides as it is",
      sentence: "the mean of the squares divides as it is: take its root first",
      look: ROOT,
      answer: ({ m, v, t }) => m.div(1 - beta1 ** t.item()).div(v.div(1 - beta2 ** t.item()).add(epsilon)),
    },
    {
      id: "epsilon-inside",
      idea: "epsilon is added below the root",
      sentence: "1e-8 is added below the root, where it counts as 1e-4: it should be added to the root",
      look: ROOT,
      answer: ({ m, v, t }) =>
        m.div(1 - beta1 ** t.item()).div(
          v
            .div(1 - beta2 ** t.item())
            .add(epsilon)
            .sqrt(),
        ),
    },
    {
      id: "epsilon-forgotten",
      idea: "epsilon is left out",
      sentence:
        "1e-8 is not added: where gradients are tiny, the direction becomes large, and where they are zero, it is NaN",
      look: ROOT,
      answer: ({ m, v, t }) => m.div(1 - beta1 ** t.item()).div(v.div(1 - beta2 ** t.item()).sqrt()),
    },
    {
      id: "root-of-correction-forgotten",
      idea: "v is corrected after its root is taken",
      sentence: "the correction of v divides the root of v: it belongs below the root",
      look: "The root of a quotient is the quotient of two roots: which of them is missing?",
      answer: ({ m, v, t }) =>
        m.div(1 - beta1 ** t.item()).div(
          v
            .sqrt()
            .div(1 - beta2 ** t.item())
            .add(epsilon),
        ),
    },
  ],

  alsoRight: [
    {
      code: "const [a, b] = [1 - 0.9 ** t.item(), 1 - 0.999 ** t.item()];\nreturn m.div(v.sqrt().div(Math.sqrt(b)).add(1e-8)).div(a);",
      why: "PyTorch's order: the root of v is divided by the root of its correction.",
    },
  ],

  forms: [
    ({ m, v, t }) => corrected(m, v, t.item(), t.item()),
    ({ m, v, t }) => {
      const [a, b] = [1 - 0.9 ** t.item(), 1 - 0.999 ** t.item()];
      return m.div(v.sqrt().div(Math.sqrt(b)).add(1e-8)).div(a);
    },
    // in float32 throughout
    ({ m, v, t }) => {
      const rest = (beta: number): Tensor => tensor(1).sub(tensor(beta).pow(t.item()));
      return m.div(rest(0.9)).div(v.div(rest(0.999)).pow(0.5).add(1e-8));
    },
    ({ m, v, t }) => {
      const [a, b] = [1 - 0.9 ** t.item(), 1 - 0.999 ** t.item()];
      return build([...m.shape], (i, j) => m.get(i, j) / a / (Math.sqrt(v.get(i, j) / b) + 1e-8));
    },
    ({ m, v, t }) => {
      const [a, b] = [1 - Math.exp(t.item() * Math.log(0.9)), 1 - Math.exp(t.item() * Math.log(0.999))];
      return each(m.clone(), (i, j, out) => out.set(i, j, m.get(i, j) / (a * (Math.sqrt(v.get(i, j) / b) + 1e-8))));
    },
  ],
});

function corrected(m: Tensor, v: Tensor, countM: number, countV: number): Tensor {
  return m.div(1 - beta1 ** countM).div(
    v
      .div(1 - beta2 ** countV)
      .sqrt()
      .add(epsilon),
  );
}
