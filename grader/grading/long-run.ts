import type { Tensor } from "#tensor";
import type { TrainStep } from "../kit/step.ts";
import type { Indices, Named } from "../network/named.ts";
import type { Failure } from "../verdict/judge.ts";
import { explainNotFinite } from "../verdict/training.ts";
import type { OpenStep } from "./open.ts";
import { askTraining, trainInSlices, type AskedSlice, type BatchQuestion, type DoneSlice } from "./training-answers.ts";

/** Training for thousands of steps with the learner's training step, in any host. */

/** How long the steps that are asked for at once should take, in milliseconds, and how many they are at most. */
const SLICE_MS = 30;
const LARGEST_SLICE = 60;

/** A run in memory, as far as it has come. */
export interface LongRun {
  readonly batches: { readonly nextBatch: () => Indices };
  /** What the optimizer keeps is among them. */
  parameters: Readonly<Named<Tensor>>;
  readonly losses: number[];
  /** How many steps the run has in all. */
  readonly steps: number;
}

/**
 * Trains to the last step, or until it is stopped or fails; what has been done is in the run.
 *
 * @param advanced is told after some steps, and what they have printed
 */
export async function trainOn(
  open: OpenStep<TrainStep>,
  run: LongRun,
  stop: AbortSignal,
  advanced: (printed: string) => void,
): Promise<"done" | "stopped" | Failure> {
  const slices = slicesOf(run, open.step);
  for await (const done of trainInSlices(open, run.parameters, slices.next, "last")) {
    const { slice } = done;
    slices.took(done);
    if (!slice.losses.every(Number.isFinite)) {
      advanced(slice.printed);
      return notFinite(open, done, run.losses.length);
    }
    if (!slice.failure) {
      run.losses.push(...slice.losses);
      run.parameters = slice.parameters;
    }
    advanced(slice.printed);
    if (slice.failure) return slice.failure;
    if (stop.aborted) break;
  }
  return run.losses.length < run.steps ? "stopped" : "done";
}

/** The slices of a run, from where it is: a few steps, then as many as take SLICE_MS. */
function slicesOf(
  { batches, losses, steps }: LongRun,
  { training: { long } }: TrainStep,
): {
  next: () => AskedSlice | undefined;
  took: (done: DoneSlice) => void;
} {
  let size = 5;
  let drawn = losses.length;
  const question = (): BatchQuestion => ({ batch: batches.nextBatch(), learningRate: long.rateAt(drawn++) });
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
