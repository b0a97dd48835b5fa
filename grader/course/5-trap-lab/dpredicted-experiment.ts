import { tensor, type Tensor } from "#tensor";
import type { Curve, Experiment } from "../../kit/experiment.ts";
import { significant } from "../../kit/number.ts";
import type { Dataset } from "../makemore/dataset.ts";
import { Generator } from "../../network/random.ts";
import { mean } from "../../report/statistics.ts";

const STEPS = 400;
const LEARNING_RATE = 0.02;
/** The table of pairs is predicted by the product of two narrow tables, this wide. */
const RANK = 8;
const SEED = 2;

/** A gradient with respect to `predicted`. */
type Gradient = (predicted: Tensor, target: Tensor) => Tensor | Promise<Tensor>;

/** Clipping the loss instead of the gradient, on the counts of letter pairs. */
export const experiment: Experiment<Dataset> = {
  trap: "clipping the loss instead of the gradient silences the outliers",
  setting:
    "The product of two narrow tables is trained to predict how often each pair of letters occurs in the names, " +
    "divided by the mean. Most pairs are rare; the frequent ones are the outliers.",
  async run({ dataset, yours, progress }) {
    const target = pairsOf(dataset);
    const ways: [name: string, gradient: Gradient][] = [
      ["gradient clipped", (predicted, target) => predicted.sub(target).clamp(-1, 1)],
      ["loss clipped", (predicted, target) => predicted.sub(target).each((e) => (Math.abs(e) > 1 ? 0 : e))],
    ];
    if (yours) ways.push(["yours", (predicted, target) => yours({ predicted, target })]);
    const curves: Curve[] = [];
    const fits: Tensor[] = [];
    for (const [i, [name, gradient]] of ways.entries()) {
      const { losses, predicted } = await fit(target, gradient, (done) => progress((i + done) / ways.length));
      curves.push({ name, values: losses });
      fits.push(predicted);
    }
    const outliers = largestOf(target);
    const error = (fit: Tensor, at: readonly number[]): string =>
      significant(mean(at.map((i) => Math.abs(fit.toArray()[i]! - target.toArray()[i]!))));
    const [first] = outliers;
    const pair =
      dataset.characters[Math.floor(first! / target.size(1))]! + dataset.characters[first! % target.size(1)]!;
    const others = Array.from(target.toArray(), (_, i) => i).filter((i) => !outliers.includes(i));
    return {
      plotted: "mean error over all pairs, by step",
      curves,
      tables: [
        {
          title: `after ${STEPS} steps`,
          columns: ["", ...ways.map(([name]) => name)],
          rows: [
            [`mean error of the ${outliers.length} most frequent pairs`, ...fits.map((fit) => error(fit, outliers))],
            [`mean error of the other ${others.length}`, ...fits.map((fit) => error(fit, others))],
            [
              `prediction for "${pair}", whose target is ${significant(target.toArray()[first!]!)}`,
              ...fits.map((fit) => significant(fit.toArray()[first!]!)),
            ],
          ],
        },
      ],
      remarks: [
        "With the loss clipped, a pair that is far off has a constant loss, whose derivative is zero: it no longer " +
          "affects the training. With the gradient clipped, it pulls with a force of at most 1, and is learned.",
      ],
    };
  },
};

/** How often each pair of neighbors occurs in the names, '.' at both ends; [vocab, vocab], scaled to a mean of 1. */
function pairsOf({ names, characters }: Dataset): Tensor {
  const counts = new Float32Array(characters.length ** 2);
  for (const name of names) {
    const places = [0, ...Array.from(name, (character) => characters.indexOf(character)), 0];
    for (const [i, place] of places.slice(1).entries()) {
      const at = places[i]! * characters.length + place;
      counts[at] = counts[at]! + 1;
    }
  }
  return tensor(counts, [characters.length, characters.length]).div(mean(counts));
}

async function fit(
  target: Tensor,
  gradient: Gradient,
  progress: (done: number) => Promise<void>,
): Promise<{ losses: number[]; predicted: Tensor }> {
  const generator = new Generator(SEED);
  let left = generator.randn(target.size(0), RANK).mul(0.3);
  let right = generator.randn(RANK, target.size(1)).mul(0.3);
  const losses: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const predicted = left.matmul(right);
    losses.push(mean(predicted.sub(target).toArray().map(Math.abs)));
    const d = await gradient(predicted, target);
    const [dleft, dright] = [d.matmul(right.T), left.T.matmul(d)];
    left = left.sub(dleft.mul(LEARNING_RATE));
    right = right.sub(dright.mul(LEARNING_RATE));
    if (step % 10 === 9) await progress((step + 1) / STEPS);
  }
  return { losses, predicted: left.matmul(right) };
}

/** The positions of the most frequent tenth of the pairs, the most frequent first. */
function largestOf(target: Tensor): number[] {
  const values = target.toArray();
  const places = Array.from(values, (_, i) => i).sort((a, b) => values[b]! - values[a]!);
  return places.slice(0, Math.round(places.length / 10));
}
