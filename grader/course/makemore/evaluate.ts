import { crossEntropy, tensor, type Tensor } from "#tensor";
import { forward } from "../../network/backward.ts";
import type { Line } from "../../network/line.ts";
import { Generator } from "../../network/random.ts";
import type { Dataset, Examples } from "./dataset.ts";
import type { Batch } from "./lines.ts";
import { lines, type Output } from "./lines.ts";
import { LECTURE_SEED, lectureSizes, type Parameters } from "./parameters.ts";

/** How many examples are computed at a time; 1,000 x 200 activations are 0.8 MB. */
const CHUNK = 1000;
/** A sampled name that does not end is cut off here. */
const LONGEST_NAME = 50;

/** Batchnorm's statistics over a whole data set, used instead of a batch's own: each [1, hidden]. */
export interface Calibration {
  bnmean: Tensor;
  /** With Bessel's correction. */
  bnvar: Tensor;
}

/** The mean and variance of hprebn over all examples, from sums in float64. */
export async function calibrate(parameters: Parameters, examples: Examples): Promise<Calibration> {
  const hidden = parameters.b1.size(0);
  const count = examples.Yb.size(0);
  const sums = new Float64Array(hidden);
  const squares = new Float64Array(hidden);
  for await (const { Xb } of chunks(examples)) {
    const hprebn = preactivations(parameters, Xb).toArray();
    for (let i = 0; i < hprebn.length; i++) {
      const x = hprebn[i]!;
      const j = i % hidden;
      sums[j] = sums[j]! + x;
      squares[j] = squares[j]! + x * x;
    }
  }
  const bnmean = sums.map((sum) => sum / count);
  const bnvar = squares.map((square, j) => (square - sums[j]! * bnmean[j]!) / (count - 1));
  return { bnmean: tensor(bnmean, [1, hidden]), bnvar: tensor(bnvar, [1, hidden]) };
}

/** The mean loss over all examples, with calibrated batchnorm. */
export async function meanLoss(parameters: Parameters, calibration: Calibration, examples: Examples): Promise<number> {
  let sum = 0;
  for await (const { Xb, Yb } of chunks(examples)) {
    sum += crossEntropy(predict(parameters, calibration, Xb), Yb).item() * Yb.size(0);
  }
  return sum / examples.Yb.size(0);
}

/** Names drawn from the model, as the lecture draws them (seed 2147483647 + 10). */
export function sampleNames(
  parameters: Parameters,
  calibration: Calibration,
  characters: Dataset["characters"],
  count: number,
): string[] {
  const generator = new Generator(LECTURE_SEED + 10);
  return Array.from({ length: count }, () => {
    const context = Array.from({ length: lectureSizes.block }, () => 0);
    let name = "";
    while (name.length < LONGEST_NAME) {
      const logits = predict(parameters, calibration, tensor([context], [1, context.length], "int32"));
      const next = generator.multinomial(logits.softmax(1));
      if (next === 0) break;
      name += characters[next]!;
      context.push(next);
      context.shift();
    }
    return name;
  });
}

/** The lines up to the logits, with given statistics for batchnorm instead of the batch's own. */
const calibrated = upTo("logits").filter(({ output }) => !["bnmeani", "bndiff2", "bnvar"].includes(output));
const toHprebn = upTo("hprebn");

/** The forward pass with fixed statistics for contexts Xb [n, block]: bnraw, the logits and everything in between. */
export function forwardCalibrated(
  parameters: Parameters,
  { bnmean, bnvar }: Calibration,
  Xb: Tensor,
): Record<"bnraw" | "logits", Tensor> {
  const { bnraw, logits } = forward<Tensor>(calibrated, { ...parameters, bnmeani: bnmean, bnvar }, { Xb });
  return { bnraw: bnraw!, logits: logits! };
}

/** logits [n, vocab] for contexts Xb [n, block], with calibrated batchnorm. */
function predict(parameters: Parameters, calibration: Calibration, Xb: Tensor): Tensor {
  return forwardCalibrated(parameters, calibration, Xb).logits;
}

/** hprebn [n, hidden] for contexts Xb [n, block]. */
function preactivations(parameters: Parameters, Xb: Tensor): Tensor {
  return forward<Tensor>(toHprebn, parameters, { Xb })["hprebn"]!;
}

/** The lines up to and including the one that computes a tensor. */
function upTo(output: Output): Line[] {
  const all: readonly Line[] = lines;
  return all.slice(0, all.findIndex((line) => line.output === output) + 1);
}

/** The examples, some at a time; the event loop turns in between, so that the tensors' memory is freed. */
async function* chunks({ Xb, Yb }: Batch): AsyncIterable<Batch> {
  const [contexts, labels] = [Xb.toArray(), Yb.toArray()];
  const block = Xb.size(1);
  for (let from = 0; from < labels.length; from += CHUNK) {
    const to = Math.min(from + CHUNK, labels.length);
    await new Promise((resolve) => setTimeout(resolve));
    yield {
      Xb: tensor(contexts.subarray(from * block, to * block), [to - from, block], "int32"),
      Yb: tensor(labels.subarray(from, to), [to - from], "int32"),
    };
  }
}
