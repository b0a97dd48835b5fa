import { tensor, type Tensor } from "#tensor";
import { inWords, lineWriter } from "../../network/line.ts";
import { build } from "../elements.ts";
import { writtenRoom } from "../rooms.ts";
import { table } from "../tables.ts";
import { settings } from "../transformer/adamw.ts";
import { drawCount, drawTiny, drawTinySquares, weightIn } from "./pieces.ts";

const line = lineWriter();
const { beta1, beta2, epsilon, decay } = settings;

const APART =
  "Two things change the parameter: it shrinks by 0.01 times the learning rate of itself, and it moves against the " +
  "direction. Does the decay go through the averages in your formula?";
const RATE = "The learning rate multiplies both changes, the decay and the step.";

/** A parameter with its gradient, AdamW's averages before the step, and the step's number. */
type Given = Readonly<Record<"p" | "G" | "m" | "v" | "t" | "learningRate", Tensor>>;

export const updated = writtenRoom({
  id: "updated",
  title: "decay that the averages do not see",
  tensor: "updated",
  asks: "value",
  given: ["p", "G", "m", "v", "t", "learningRate"],
  inputs: { p: table, G: table, m: table, v: table, t: [], learningRate: [] },
  runs: [
    [
      inWords(
        line(
          "updated",
          ["p", "G", "m", "v", "t", "learningRate"],
          "p after a step of AdamW: m and v are moved on by G first, t counts this step, and the decay is 0.01",
          table,
          ({ p, G, m, v, t, learningRate }) => {
            const weight = (beta: number): typeof t => t.each((count) => 1 - beta ** count);
            const mean = m
              .mul(beta1)
              .add(G.mul(1 - beta1))
              .div(weight(beta1));
            const square = v
              .mul(beta2)
              .add(G.pow(2).mul(1 - beta2))
              .div(weight(beta2));
            const kept = learningRate.mul(-decay).add(1);
            return p.mul(kept).sub(mean.div(square.pow(0.5).add(epsilon)).mul(learningRate));
          },
        ),
      ),
    ],
  ],
  otherWay: ({ p, G, m, v, t, learningRate }) => {
    const mean = m!
      .mul(beta1)
      .add(G!.mul(1 - beta1))
      .div(weightIn(t!, beta1));
    const square = v!
      .mul(beta2)
      .add(G!.pow(2).mul(1 - beta2))
      .div(weightIn(t!, beta2));
    return p!.sub(mean.div(square.pow(0.5).add(epsilon)).mul(learningRate!));
  },
  draw: {
    p: (generator, shape) => generator.randn(...shape).mul(4),
    G: drawTiny,
    m: drawTiny,
    v: drawTinySquares,
    t: (generator) => drawCount(generator).add(20),
    learningRate: (generator) => tensor(0.1 + 0.4 * generator.rand(1).item()),
  },
  example: {
    p: [
      [1, -2],
      [0.5, 4],
    ],
    G: [
      [1, -2],
      [0, 4],
    ],
    m: [
      [1, 0],
      [0.1, -2],
    ],
    v: [
      [1, 0.004],
      [0.01, 4],
    ],
    t: 2,
    learningRate: 0.5,
  },

  idea: "Weight decay is a step of its own: added to the gradient instead, it would be divided by the root of the averaged squares, like everything else there.",

  hints: {
    ask: "Which of the numbers that change p depends on the gradients, and which one on p alone?",
    rule:
      "First the averages take in G, then they are corrected for t steps, then m is divided by the root of v. p shrinks by " +
      "the learning rate times 0.01 of itself, and moves by the learning rate against that quotient. Below, the averages " +
      "after the step are 1 and 1 at [0, 0].",
    worked:
      "updated[0, 0] = {p 0 0} * (1 - {learningRate} * 0.01) - {learningRate} * (1 / (1 - 0.9 ** 2)) / ((1 / (1 - 0.999 ** 2)) ** 0.5 + 1e-8)",
    piece:
      "Four lines: m with 0.9 and 0.1, v as in `squares`, the quotient as in `direction`, and p times 1 minus the " +
      "learning rate times 0.01, minus the learning rate times the quotient. The answer is a new tensor; in the training " +
      "step p, m and v are changed in place.",
  },

  mistakes: [
    {
      id: "decay-in-gradient",
      idea: "the decay is added to the gradient",
      sentence:
        "the decay is added to the gradient and goes through the averages: this is Adam with an L2 penalty; in AdamW the decay acts on the parameter alone",
      look: APART,
      answer: (given) => step({ ...given, G: given.G.add(given.p.mul(decay)) }, { kept: 1 }),
    },
    {
      id: "decay-in-quotient",
      idea: "the decay is added to the averaged gradient",
      sentence:
        "the decay is divided by the root of v, like the averaged gradient: in AdamW the decay acts on the parameter alone",
      look: APART,
      answer: (given) => {
        const gone = given.p.mul(decay).mul(1 - beta1 ** given.t.item());
        return step(given, { kept: 1, mean: moved(given).add(gone) });
      },
    },
    {
      id: "decay-forgotten",
      idea: "there is no decay",
      sentence: "the decay is missing: the parameter should also shrink by a small part of itself",
      look: APART,
      answer: (given) => step(given, { kept: 1 }),
    },
    {
      id: "decay-without-rate",
      idea: "the decay is not multiplied by the learning rate",
      sentence: "the parameter shrinks by 0.01 of itself: the decay is multiplied by the learning rate as well",
      look: RATE,
      answer: (given) => step(given, { kept: 1 - decay }),
    },
    {
      id: "decay-grows",
      idea: "the decay has the wrong sign",
      sentence: "the parameter grows by the decay: it should shrink",
      look: "With a gradient of zero, should the parameter come nearer to zero, or go away from it?",
      answer: (given) => step(given, { kept: 1 + decay * given.learningRate.item() }),
    },
    {
      id: "moved-along",
      idea: "the step is added",
      sentence: "the parameter moves along the gradient, which increases the loss: it should move against it",
      look: "Check the sign of the step: the loss goes down against the gradient.",
      answer: (given) => step(given, { rate: -given.learningRate.item() }),
    },
    {
      id: "rate-forgotten",
      idea: "the step is not multiplied by the learning rate",
      sentence: "the step is the whole direction: the learning rate is missing",
      look: RATE,
      answer: (given) => step(given, { rate: 1 }),
    },
    {
      id: "old-averages",
      idea: "the averages are used as they were",
      sentence: "the averages are those from before the step: they take in this step's gradient first",
      look: "Which of the given tensors does your answer not depend on?",
      answer: (given) => step(given, { mean: given.m, square: given.v }),
    },
    {
      id: "old-mean",
      idea: "the average of the gradients is used as it was",
      sentence: "m is from before the step, and v is moved on: both averages take in this step's gradient first",
      look: "Print m before and after the line that moves it. Which of the two goes into the step?",
      answer: (given) => step(given, { mean: given.m }),
    },
    {
      id: "old-squares",
      idea: "the average of the squares is used as it was",
      sentence: "v is from before the step, and m is moved on: both averages take in this step's gradient first",
      look: "Print v before and after the line that moves it. Which of the two goes into the step?",
      answer: (given) => step(given, { square: given.v }),
    },
    {
      id: "epsilon-inside",
      idea: "1e-8 is added below the root",
      sentence: "1e-8 is added below the root, where it counts as 1e-4: it should be added to the root",
      look: "What is the root of 1e-8?",
      answer: (given) => step(given, { epsilonBelow: true }),
    },
    {
      id: "not-corrected",
      idea: "the averages are not corrected",
      sentence: "the averages are not corrected for the zeros that they started from",
      look: "The step `direction` divides each average by 1 - beta ** t before anything else.",
      answer: (given) => step(given, { count: Infinity }),
    },
    {
      id: "gradient-for-mean",
      idea: "the gradient itself is divided by the root",
      sentence: "the step is the gradient of this step over the root: AdamW moves by the average of the gradients",
      look: "Which of the two averages does your step not use?",
      answer: (given) => step(given, { mean: given.G.mul(1 - beta1 ** given.t.item()) }),
    },
    {
      id: "step-alone",
      idea: "the parameter is set to the step",
      sentence: "the answer is the step alone: the parameter keeps its value, and the step is subtracted from it",
      look: "A parameter keeps its value, and the step is subtracted from it.",
      answer: (given) => step(given, { kept: 0 }),
    },
    {
      id: "one-step-more",
      idea: "the step is counted twice",
      sentence: "the corrections are those of the step after: t already counts this step",
      look: "Is 1 added to t? It counts this step when it is given.",
      answer: (given) => step(given, { count: given.t.item() + 1 }),
    },
  ],

  alsoRight: [
    {
      code: `const [a, b, rate] = [1 - 0.9 ** t.item(), 1 - 0.999 ** t.item(), learningRate.item()];
const mean = m.add(G.sub(m).mul(0.1));
const square = v.add(G.pow(2).sub(v).mul(0.001));
return p.mul(1 - rate * 0.01).sub(mean.mul(rate / a).div(square.sqrt().div(Math.sqrt(b)).add(1e-8)));`,
      why: "Averages that move a part of the way to the new number, and the learning rate divided by m's correction, as in PyTorch.",
    },
  ],

  forms: [
    (given) => step(given, {}),
    ({ p, G, m, v, t, learningRate }) => {
      const [a, b, rate] = [1 - 0.9 ** t.item(), 1 - 0.999 ** t.item(), learningRate.item()];
      const mean = m.add(G.sub(m).mul(0.1));
      const square = v.add(G.pow(2).sub(v).mul(0.001));
      return p.mul(1 - rate * 0.01).sub(mean.mul(rate / a).div(square.sqrt().div(Math.sqrt(b)).add(1e-8)));
    },
    // the decay last, of the parameter as it was
    (given) => step(given, { kept: 1 }).sub(given.p.mul(given.learningRate).mul(0.01)),
    ({ p, G, m, v, t, learningRate }) => {
      const [a, b, rate] = [1 - 0.9 ** t.item(), 1 - 0.999 ** t.item(), learningRate.item()];
      return build([...p.shape], (i, j) => {
        const mean = (0.9 * m.get(i, j) + 0.1 * G.get(i, j)) / a;
        const square = (0.999 * v.get(i, j) + 0.001 * G.get(i, j) ** 2) / b;
        return p.get(i, j) - rate * (0.01 * p.get(i, j) + mean / (Math.sqrt(square) + 1e-8));
      });
    },
    // in float32 throughout
    ({ p, G, m, v, t, learningRate }) => {
      const rest = (beta: number): Tensor => tensor(1).sub(tensor(beta).pow(t.item()));
      const mean = m.mul(0.9).add(G.mul(0.1)).div(rest(0.9));
      const square = v.mul(0.999).add(G.pow(2).mul(0.001)).div(rest(0.999));
      return p.sub(p.mul(learningRate).mul(0.01)).sub(mean.div(square.sqrt().add(1e-8)).mul(learningRate));
    },
    (given) => step(given, { kept: 1 }).add(given.p.mul(-0.01 * given.learningRate.item())),
  ],
});

/** The average of the gradients, moved on by this one. */
function moved({ m, G }: Pick<Given, "m" | "G">): Tensor {
  return m.mul(beta1).add(G.mul(1 - beta1));
}

/** A step of AdamW for one parameter, with some of its parts replaced. */
function step(
  { p, G, m, v, t, learningRate }: Given,
  {
    mean = moved({ m, G }),
    square = v.mul(beta2).add(G.pow(2).mul(1 - beta2)),
    count = t.item(),
    rate = learningRate.item(),
    kept = 1 - learningRate.item() * decay,
    epsilonBelow = false,
  }: { mean?: Tensor; square?: Tensor; count?: number; rate?: number; kept?: number; epsilonBelow?: boolean },
): Tensor {
  const squares = square.div(1 - beta2 ** count);
  const root = epsilonBelow ? squares.add(epsilon).sqrt() : squares.sqrt().add(epsilon);
  const quotient = mean.div(1 - beta1 ** count).div(root);
  return p.mul(kept).sub(quotient.mul(rate));
}
