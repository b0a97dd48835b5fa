import type { Tensor } from "#tensor";
import type { TrainStep } from "../kit/step.ts";
import type { TrainingRun } from "../kit/training.ts";
import type { Named } from "../network/named.ts";
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
  /** The run's batches from its beginning, as often as they are needed. */
  readonly begin: () => Pick<TrainingRun, "nextBatch" | "skip">;
  /** What the optimizer keeps is among them. */
  parameters: Readonly<Named<Tensor>>;
  readonly losses: number[];
  /** How many steps the run has in all. */
  readonly steps: number;
}

/**
 * Trains to the last step, or until it is stopped or fails; what has been done is in the run.
 *
 * Steps use the memory of earlier ones again. Where that loses a tensor that is still needed, because the code keeps it
 * for longer than a step, all steps are done again from where this began, each in memory of its own.
 *
 * @param advanced is told after some steps, and what they have printed
 */
export async function trainOn(
  open: OpenStep<TrainStep>,
  run: LongRun,
  stop: AbortSignal,
  advanced: (printed: string) => void,
): Promise<"done" | "stopped" | Failure> {
  const start = { parameters: run.parameters, step: run.losses.length };
  const end = await trainFrom(start, open, run, stop, advanced, true);
  if (end !== "lost tensors") return end;
  // another id means another context, without anything left from earlier steps
  const fresh = { ...open, step: { ...open.step, id: `${open.step.id}-again` } };
  return trainFrom(start, fresh, run, stop, advanced, false) as Promise<Exclude<typeof end, "lost tensors">>;
}

/** Where a run starts, or starts again: steps that it has done already are not counted twice. */
interface Start {
  readonly parameters: LongRun["parameters"];
  readonly step: number;
}

async function trainFrom(
  start: Start,
  open: OpenStep<TrainStep>,
  run: LongRun,
  stop: AbortSignal,
  advanced: (printed: string) => void,
  reusesMemory: boolean,
): Promise<"done" | "stopped" | "lost tensors" | Failure> {
  const slices = slicesOf(run, start.step, open.step);
  let step = start.step;
  for await (const done of trainInSlices(open, start.parameters, slices.next, "last", reusesMemory)) {
    const { losses, parameters, printed, failure, hasLostTensors } = done.slice;
    if (hasLostTensors) return "lost tensors";
    slices.took(done);
    const isNew = step >= run.losses.length;
    const isFinite = losses.every(Number.isFinite);
    if (isNew && isFinite && !failure) {
      run.losses.push(...losses);
      run.parameters = parameters;
    }
    advanced(isNew ? printed : "");
    if (!isFinite) return notFinite(open, done, step);
    if (failure) return failure;
    if (stop.aborted) break;
    step += losses.length;
  }
  return run.losses.length < run.steps ? "stopped" : "done";
}

/** The slices of a run from a step on: a few steps, then as many as take SLICE_MS. */
function slicesOf(
  { begin, losses, steps }: LongRun,
  from: number,
  { training: { long } }: TrainStep,
): {
  next: () => AskedSlice | undefined;
  took: (done: DoneSlice) => void;
} {
  let size = 5;
  let drawn = from;
  const batches = begin();
  batches.skip(from);
  const question = (): BatchQuestion => ({ batch: batches.nextBatch(), learningRate: long.rateAt(drawn++) });
  return {
    next() {
      // what is done again ends where the run is
      const end = drawn < losses.length ? losses.length : steps;
      const count = Math.min(size, end - drawn);
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
