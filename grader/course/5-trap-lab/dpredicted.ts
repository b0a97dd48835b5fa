import { tensor, zerosLike, type Shape, type Tensor } from "#tensor";
import { line } from "../makemore/lines.ts";
import type { Generator } from "../../network/random.ts";
import { build, each } from "../elements.ts";
import { writtenRoom } from "../rooms.ts";
import type { Draw } from "../../kit/row.ts";
import { table } from "../tables.ts";
import { experiment } from "./dpredicted-experiment.ts";
import { inWords } from "../../network/line.ts";

/** An entry within the limits. */
const TRY_NEAR = "Take predicted 1 and target 0.5, an error of 0.5.";
/** An entry outside the limits. */
const TRY_OUTLIER = "Take predicted 3 and target 7, an outlier.";
const HALF_SQUARE = "Differentiate 0.5 * x ** 2 on paper: what happens to the half, and to the 2?";
/** The drawn errors stay this far from the limit at 1, so that rounding takes none to the other side. */
const FROM_EDGE = 0.02;

export const dpredicted = writtenRoom({
  id: "dpredicted",
  title: "clipping the loss instead of the gradient",
  tensor: "dpredicted",
  asks: "value",
  given: ["predicted", "target"],
  inputs: { predicted: table, target: table },
  before: [
    line("loss", ["predicted", "target"], "0.5 * ((predicted - target) ** 2).sum()", [], ({ predicted, target }) =>
      predicted.sub(target).pow(2).sum().mul(0.5),
    ),
  ],
  runs: [
    [
      inWords(
        line(
          "dpredicted",
          ["predicted", "target"],
          "the gradient of loss with respect to predicted, each entry clipped to [-1, 1]",
          table,
          ({ predicted, target }) => predicted.sub(target).each((error) => Math.min(Math.max(error, -1), 1)),
        ),
      ),
    ],
  ],
  draw: { target: drawTarget },
  example: {
    predicted: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    target: [
      [0.5, 2.25, 7],
      [4.75, -3, 5.125],
    ],
  },

  idea: "Clipping stops the gradient. Take the derivative first, then clip the gradient.",

  hints: {
    ask:
      "All shapes are the same, and each entry has its own error. Two operations follow, a derivative and a limit. " +
      "Which of them does the last forward line name first?",
    rule:
      "First comes the gradient of the loss, as if there were no limit; then each entry of it is clipped. You can " +
      "measure the slope at one entry: with a target of 0.5, let predicted go from 0.9 to 1.1, and divide the change " +
      "in the loss by 0.2. Compare the result with the error, 1 - 0.5. Then look at the entries below that are 1 or " +
      "-1: how large are their errors?",
    show: ["predicted", "target"],
    worked: "dpredicted[0, 0] = (0.5 * (1.1 - {target 0 0}) ** 2 - 0.5 * (0.9 - {target 0 0}) ** 2) / 0.2",
    piece:
      "Two elementwise operations. The first computes the gradient: the slope of half a square is its base, and the " +
      "base is the error. The second clips the result of the first; clamp does that, and takes the lowest value and " +
      "the highest. Nothing is clipped before the derivative is taken: npm run lab -- dpredicted shows why.",
  },

  mistakes: [
    {
      id: "silenced",
      idea: "the trap itself: the error is clipped before it is squared, and the result is differentiated",
      sentence:
        "the gradient is zero where the error is larger than 1: these entries are the outliers, and they no longer count; their clipped gradient would be 1 or -1",
      look:
        `${TRY_OUTLIER} Clipped, its error is -1, and it is still -1 when predicted moves to 3.1: the loss does not ` +
        "change, so the gradient is zero. Differentiate the loss as it is written in the comment, and clip the " +
        "result.",
      answer: ({ predicted, target }) => predicted.sub(target).each((error) => (Math.abs(error) > 1 ? 0 : error)),
    },
    {
      id: "not-limited",
      idea: "the clipping is left out",
      sentence: "this is the gradient without clipping: the further away an outlier is, the harder it pulls",
      look: `${TRY_OUTLIER} Is your gradient there within [-1, 1]?`,
      answer: ({ predicted, target }) => predicted.sub(target),
    },
    {
      id: "sign",
      idea: "the two terms of the difference are swapped",
      sentence: "the sign is flipped: if predicted is above its target, the loss rises with it",
      look: `${TRY_NEAR} If predicted grows by 0.1, does the loss rise or fall?`,
      answer: ({ predicted, target }) => target.sub(predicted).clamp(-1, 1),
    },
    {
      id: "direction-alone",
      idea: "every entry becomes 1 or -1",
      sentence: "every value is 1 or -1: a gradient that is already within the limits should stay as it is",
      look: `${TRY_NEAR} The gradient there is already within the limits: what should the answer be?`,
      answer: ({ predicted, target }) => predicted.sub(target).each(Math.sign),
    },
    {
      id: "factor-two",
      idea: "the half of the loss is overlooked",
      sentence: "the gradient of small errors is twice as large as it should be: the loss is half of the square",
      look: HALF_SQUARE,
      answer: ({ predicted, target }) => predicted.sub(target).mul(2).clamp(-1, 1),
    },
    {
      id: "half-limits",
      idea: "the half of the loss is applied to the limits",
      sentence:
        "the limits are -0.5 and 0.5: the gradient of half the square is the error itself, and it should be clipped to [-1, 1]",
      look: `${HALF_SQUARE} Then read the limits in the last forward line.`,
      answer: ({ predicted, target }) => predicted.sub(target).clamp(-0.5, 0.5),
    },
    {
      id: "half-error",
      idea: "the power rule's 2 is forgotten",
      sentence:
        "half of the error is clipped: the 2 of the square and the half of the loss cancel, so it should be the error itself",
      look: "Half of the square of 3 is 4.5, half of the square of 3.1 is 4.805. Is the slope there near 1.5, or near 3?",
      answer: ({ predicted, target }) => predicted.sub(target).mul(0.5).clamp(-1, 1),
    },
    {
      id: "each-limited",
      idea: "the values are clipped, not the gradient",
      sentence: "predicted and target are clipped separately and then subtracted: their difference should be clipped",
      look: "Take predicted 5 and target 4.5. What is the error, and what is left of it if both are clipped first?",
      answer: ({ predicted, target }) => predicted.clamp(-1, 1).sub(target.clamp(-1, 1)),
    },
    {
      id: "above-alone",
      idea: "only the upper limit is applied",
      sentence: "values are clipped at 1, but not at -1: there are outliers on both sides",
      look: `${TRY_OUTLIER} On which side of its target is it, and which limit is for that side?`,
      answer: ({ predicted, target }) => predicted.sub(target).clamp(-Infinity, 1),
    },
    {
      id: "negative-lost",
      idea: "the limits are assumed to be 0 and 1",
      sentence: "the gradient is zero where predicted is below its target: the limits are -1 and 1",
      look: "Take predicted 2 and target 2.25. The gradient there is negative, and within the limits.",
      answer: ({ predicted, target }) => predicted.sub(target).clamp(0, 1),
    },
    {
      id: "mean",
      idea: "the sum is treated as a mean",
      sentence:
        "the gradient is divided by the number of entries before it is clipped, as if the loss were a mean; it is a sum",
      look: "Read the line of loss: does it contain a division by the number of entries?",
      answer: ({ predicted, target }) => predicted.sub(target).div(predicted.numel()).clamp(-1, 1),
    },
    {
      id: "by-largest",
      idea: "the gradient is scaled down as a whole",
      sentence:
        "all values are divided by the largest, so that none exceeds 1: the outliers make the small ones smaller, and each entry should be clipped separately",
      look: `${TRY_NEAR} If another entry has an error of 100, should that change the gradient here?`,
      answer: ({ predicted, target }) => predicted.sub(target).div(largestOf(predicted.sub(target))),
    },
    {
      id: "by-norm",
      idea: "the gradient is scaled down by its norm",
      sentence:
        "all values are divided by the root of the sum of their squares: that limits the gradient as a whole, and each entry should be clipped separately",
      look: `${TRY_NEAR} If another entry has an error of 100, should that change the gradient here?`,
      answer: ({ predicted, target }) => {
        const error = predicted.sub(target);
        return error.div(error.pow(2).sum().sqrt());
      },
    },
    {
      id: "loss-itself",
      idea: "the loss of each entry is computed, not its gradient",
      sentence:
        "this is each entry's loss with its error clipped; the task asks for the gradient, and the gradient should be clipped",
      look:
        `${TRY_NEAR} The loss there is 0.125. If the error grows to 0.6, the loss is 0.18: is the slope near ` +
        "0.125, or near 0.5?",
      answer: ({ predicted, target }) => predicted.sub(target).clamp(-1, 1).pow(2).mul(0.5),
    },
  ],

  alsoRight: [
    {
      code: "return predicted.sub(target).each((d) => Math.max(-1, Math.min(1, d)));",
      why: "clamp written out, entry by entry: the smaller of the difference and 1, and no less than -1.",
    },
  ],

  forms: [
    ({ predicted, target }) => predicted.sub(target).clamp(-1, 1),
    ({ predicted, target }) => target.sub(predicted).clamp(-1, 1).neg(),
    ({ predicted, target }) => predicted.mul(2).sub(target.mul(2)).mul(0.5).clamp(-1, Infinity).clamp(-Infinity, 1),
    ({ predicted, target }) =>
      build([...target.shape], (i, j) => Math.max(-1, Math.min(1, predicted.get(i, j) - target.get(i, j)))),
    ({ predicted, target }) => {
      const values = predicted.sub(target).toArray();
      return tensor(
        values.map((error) => (Math.abs(error) > 1 ? Math.sign(error) : error)),
        predicted.shape,
      );
    },
    ({ predicted, target }) =>
      each(zerosLike(predicted), (i, j, d) => {
        const error = predicted.get(i, j) - target.get(i, j);
        d.set(i, j, error > 1 ? 1 : error < -1 ? -1 : error);
      }),
    ({ predicted, target }) => {
      const d = predicted.sub(target);
      return each(d, (i, j) => {
        if (d.get(i, j) > 1) d.set(i, j, 1);
        if (d.get(i, j) < -1) d.set(i, j, -1);
      });
    },
    ({ predicted, target }) => {
      const error = predicted.sub(target);
      const size = error.mul(error).sqrt();
      return error.div(size.clamp(1, Infinity));
    },
  ],

  experiment,
});

function largestOf(x: Tensor): number {
  return Math.max(...x.toArray().map(Math.abs));
}

/** Targets with errors below 1 and, equally often, above 1 (outliers). Half of the errors of each kind are negative. */
function drawTarget(generator: Generator, shape: Shape, { predicted }: Parameters<Draw>[2]): Tensor {
  const near = generator.rand(...shape).mul(1 - 2 * FROM_EDGE);
  const far = generator
    .randn(...shape)
    .pow(2)
    .mul(2)
    .toArray();
  const kinds = generator.randperm(near.numel());
  const errors = near.toArray().map((size, i) => {
    const kind = kinds[i]! % 4;
    const error = kind < 2 ? FROM_EDGE + size : 1 + FROM_EDGE + far[i]!;
    return kind % 2 === 0 ? error : -error;
  });
  return predicted!.sub(tensor(errors, shape));
}
