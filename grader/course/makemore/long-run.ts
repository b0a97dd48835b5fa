import { distance } from "fastest-levenshtein";
import type { OpenStep } from "../../grading/open.ts";
import {
  askTraining,
  trainInSlices,
  type AskedSlice,
  type BatchQuestion,
  type DoneSlice,
} from "../../grading/training-answers.ts";
import type { TrainStep } from "../../kit/step.ts";
import type { Tensor } from "#tensor";
import type { Indices, Named } from "../../network/named.ts";
import type { Failure } from "../../verdict/judge.ts";
import { explainNotFinite } from "../../verdict/training.ts";
import type { Dataset, Split } from "./dataset.ts";
import { calibrate, meanLoss, sampleNames } from "./evaluate.ts";
import type { Parameters } from "./parameters.ts";

/** Training for thousands of steps with the learner's training step, in any host. */

/** The lecture's learning rates: 0.1, and 0.01 from this step on. */
const SLOWER_FROM = 100_000;
/** How long the steps that are asked for at once should take, in milliseconds, and how many they are at most. */
const SLICE_MS = 30;
const LARGEST_SLICE = 60;
const SAMPLES = 20;

/** The lecture's learning rate at a step. */
export function learningRateAt(step: number): number {
  return step < SLOWER_FROM ? 0.1 : 0.01;
}

/** A run in memory, as far as it has come. */
export interface LongRun<Kept extends Readonly<Named<Tensor>> = Parameters> {
  batches: { readonly nextBatch: () => Indices };
  /** What the optimizer keeps is among them. */
  parameters: Kept;
  losses: number[];
  /** How many steps the run has in all. */
  steps: number;
  /** The learning rate at a step; by default the lecture's. */
  readonly rateAt?: (step: number) => number;
}

/**
 * Trains to the last step, or until it is stopped or fails; what has been done is in the run.
 *
 * @param advanced is told after some steps, and what they have printed
 */
export async function trainOn<Kept extends Readonly<Named<Tensor>>>(
  open: OpenStep<TrainStep>,
  run: LongRun<Kept>,
  stop: AbortSignal,
  advanced: (printed: string) => void,
): Promise<"done" | "stopped" | Failure> {
  const slices = slicesOf(run);
  for await (const done of trainInSlices(open, run.parameters, slices.next, "last")) {
    const { slice } = done;
    slices.took(done);
    if (!slice.losses.every(Number.isFinite)) {
      advanced(slice.printed);
      return notFinite(open, done, run.losses.length);
    }
    if (!slice.failure) {
      run.losses.push(...slice.losses);
      run.parameters = slice.parameters as Kept;
    }
    advanced(slice.printed);
    if (slice.failure) return slice.failure;
    if (stop.aborted) break;
  }
  return run.losses.length < run.steps ? "stopped" : "done";
}

/** The slices of a run, from where it is: a few steps, then as many as take SLICE_MS. */
function slicesOf({ batches, losses, steps, rateAt = learningRateAt }: LongRun<Readonly<Named<Tensor>>>): {
  next: () => AskedSlice | undefined;
  took: (done: DoneSlice) => void;
} {
  let size = 5;
  let drawn = losses.length;
  const question = (): BatchQuestion => ({ batch: batches.nextBatch(), learningRate: rateAt(drawn++) });
  return {
    next() {
      const count = Math.min(size, steps - drawn);
      return count > 0 ? { questions: Array.from({ length: count }, question) } : undefined;
    },
    took({ asked, slice }) {
      size = Math.min(LARGEST_SLICE, Math.ceil((asked.questions.length * SLICE_MS) / slice.milliseconds));
    },
  };
}

/**
 * Says where a slice's loss is not finite. Runs the steps up to that one again, and that one with all its answers.
 *
 * @param before how many steps were done before the slice
 */
async function notFinite(
  open: OpenStep<TrainStep>,
  { asked, from, slice }: DoneSlice,
  before: number,
): Promise<Failure> {
  const at = slice.losses.findIndex((loss) => !Number.isFinite(loss));
  const failure = (where: string): Failure => {
    return { kind: "threw", message: `the loss at step ${before + at} is not finite: ${where}`, at: null };
  };
  const { parameters } = await askTraining(open, from, asked.questions.slice(0, at), "last");
  const question = asked.questions[at]!;
  const [answer] = (await askTraining(open, parameters, [question], "all")).answers;
  if (!answer) return failure("but it was when run again; does anything depend on chance?");
  return failure(explainNotFinite(open.step.network, { ...question, parameters }, answer));
}

/** What a run has learned. */
export interface Outcome {
  /** The mean losses with batchnorm calibrated on all training examples. */
  readonly splits: readonly { readonly split: Split; readonly loss: number }[];
  /** Names that it makes up, each with the nearest name in the data. */
  readonly samples: readonly { readonly name: string; readonly nearest: string }[];
}

export async function outcomeOf(parameters: Parameters, dataset: Dataset): Promise<Outcome> {
  const calibration = await calibrate(parameters, dataset.split("train"));
  const splits: { split: Split; loss: number }[] = [];
  for (const split of ["train", "dev", "test"] as const) {
    splits.push({ split, loss: await meanLoss(parameters, calibration, dataset.split(split)) });
  }
  const sampled = sampleNames(parameters, calibration, dataset.characters, SAMPLES);
  return { splits, samples: sampled.map((name) => ({ name, nearest: nearest(name, dataset.names) })) };
}

/** The real name with the smallest edit distance. */
export function nearest(sample: string, names: readonly string[]): string {
  let best = "";
  let least = Infinity;
  for (const name of names) {
    const away = distance(sample, name);
    if (away < least) [best, least] = [name, away];
    if (away === 0) return `${name} itself`;
  }
  return best;
}
