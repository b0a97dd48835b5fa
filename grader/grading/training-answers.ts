import { listed } from "../kit/listed.ts";
import type { Tensor } from "#tensor";
import type { Named } from "../network/named.ts";
import { parameterNamesOf } from "../network/network.ts";
import { describe, sameShape } from "../tensor/shape.ts";
import type { Failure } from "../verdict/judge.ts";
import { limited } from "../verdict/result.ts";
import type { TrainingAnswer, TrainingQuestion } from "../kit/training.ts";
import type { TrainStep } from "../kit/step.ts";
import { failureOf, readAnswer } from "./failures.ts";
import type { Run } from "./host.ts";
import { limits } from "./limits.ts";
import type { GuestLost, Message, TrainRequest, TrainResponse } from "./messages.ts";
import type { OpenStep } from "./open.ts";

type Parameters = Readonly<Named<Tensor>>;

/** The question to one training step without the parameters, which are those that the step before left. */
export type BatchQuestion = Omit<TrainingQuestion, "parameters">;

/** "all" for each step's answer; "last" for the losses and the parameters after the last step. */
export type Keep = TrainRequest["keep"];

/** The results of some training steps. */
export interface TrainingSlice {
  losses: number[];
  /** Each step's answer, if they were asked for. */
  answers: TrainingAnswer[];
  /** The parameters after the last step. */
  parameters: Parameters;
  /** What ended the slice before its last step. */
  failure: Failure | undefined;
  /** Whether a step read a tensor of an earlier one whose memory had been used again: nothing in this slice counts. */
  hasLostTensors?: boolean;
}

/**
 * Runs some training steps from given parameters, all of them in one request.
 *
 * @param reusesMemory whether steps use the memory of earlier ones again, see inStep: only for "last"
 */
export async function askTraining(
  open: OpenStep<TrainStep>,
  parameters: Parameters,
  questions: readonly BatchQuestion[],
  keep: Keep,
  reusesMemory = false,
): Promise<TrainingSlice & Run> {
  const { step, bundle, learner } = open;
  const { network } = step;
  const names = parameterNamesOf(network);
  const kept = step.training.optimizer?.keeps ?? [];
  const batchNames = Object.keys(network.indices);
  const header: TrainRequest = {
    kind: "train",
    names,
    kept: [...kept],
    batch: batchNames,
    learningRates: questions.map(({ learningRate }) => learningRate),
    keep,
    reusesMemory,
  };
  const tensors = [
    ...[...names, ...kept].map((name) => parameters[name]!),
    ...questions.flatMap(({ batch }) => batchNames.map((name) => batch[name]!)),
  ];
  const answer = await learner.ask(step.id, bundle, { header, tensors }, limits.trainSliceMs);
  const { printed, milliseconds } = answer;
  const slice = readAnswer<TrainResponse, TrainingSlice | Failure>(answer, open, (response) =>
    readTraining(open, parameters, questions.length, keep, response),
  );
  const none = { losses: [], answers: [], parameters };
  return { ...("kind" in slice ? { ...none, failure: slice } : slice), printed, milliseconds };
}

function readTraining(
  code: OpenStep<TrainStep>,
  parameters: Parameters,
  asked: number,
  keep: Keep,
  { header, tensors }: Message<TrainResponse>,
): TrainingSlice {
  // JSON has no NaN
  const losses = header.losses.map((loss) => (typeof loss === "number" ? loss : NaN));
  if (tensors.some(({ dtype }) => dtype !== "float32")) throw new Error("a parameter or gradient is not float32");
  if (header.failure?.kind === "lost-tensors") {
    return { losses: [], answers: [], parameters, failure: undefined, hasLostTensors: true };
  }
  const sets = setsOf(code.step, keep, tensors);
  const failure = header.failure ? failureOfTraining(header.failure, code) : undefined;
  const isSound =
    (failure ? losses.length <= asked : losses.length === asked) &&
    (keep === "last" || sets.length === 2 * losses.length);
  if (!isSound) throw new Error("the number of steps is not the number asked for");
  const last = sets.at(-1) ?? parameters;
  if (keep === "all") {
    const answers = losses.map((loss, i) => ({ loss, gradients: sets[2 * i]!, updated: sets[2 * i + 1]! }));
    return { losses, answers, parameters: last, failure };
  }
  const reshaped = failureOfShape(parameters, last);
  return { losses, answers: [], parameters: reshaped ? parameters : last, failure: reshaped ?? failure };
}

/** Groups of tensors by their names: the parameters' gradients and what follows a step in turn, or the latter alone. */
function setsOf({ network, training }: TrainStep, keep: Keep, tensors: readonly Tensor[]): Parameters[] {
  const names = parameterNamesOf(network);
  const after = [...names, ...(training.optimizer?.keeps ?? [])];
  const sets: Parameters[] = [];
  for (let first = 0; first < tensors.length;) {
    const own = keep === "all" && sets.length % 2 === 0 ? names : after;
    if (first + own.length > tensors.length) throw new Error("the number of tensors is not the number asked for");
    sets.push(Object.fromEntries(own.map((name, i) => [name, tensors[first + i]!])));
    first += own.length;
  }
  return sets;
}

function failureOfTraining(
  failure: Exclude<TrainResponse["failure"], GuestLost | null>,
  code: OpenStep<TrainStep>,
): Failure {
  if (failure.kind === "changed-inputs") {
    const names = Object.keys(code.step.network.indices).filter((name) => failure.changed.includes(name));
    const message = `trainStep changed ${listed(names)}: only the parameters are updated; clone() returns a copy`;
    return { kind: "changed-inputs", message, at: null };
  }
  if (failure.kind !== "other") return failureOf(failure, code);
  const message = `trainStep returned ${limited(String(failure.what))}`;
  return {
    kind: "shape",
    message,
    at: null,
    ...(failure.isNothing === true && { cause: { kind: "nothing-returned" } }),
  };
}

/** A parameter whose shape has changed in training. */
function failureOfShape(before: Parameters, after: Parameters): Failure | undefined {
  const name = Object.keys(before).find((name) => !sameShape(after[name]!.shape, before[name]!.shape));
  if (!name) return undefined;
  const [is, was] = [after[name]!.shape, before[name]!.shape].map(describe);
  return { kind: "shape", message: `${name} changed its shape from ${was} to ${is}`, at: null };
}

/** Some training steps that are run in one request. */
export interface AskedSlice {
  questions: readonly BatchQuestion[];
  /** Parameters to start from other than those at which earlier slices ended; the next slice continues from the latter. */
  apart?: Parameters | undefined;
}

/** A slice that was run, the parameters it started from, and its results. */
export interface DoneSlice<S extends AskedSlice = AskedSlice> {
  asked: S;
  from: Parameters;
  slice: TrainingSlice & Run;
}

/**
 * Trains slice by slice. Each is drawn once the one before it has been answered, and runs while that one is examined;
 * none follows a slice that failed, or that has lost tensors.
 *
 * @param start the parameters that the first slice starts from
 * @param next the next slice; undefined after the last
 */
export async function* trainInSlices<S extends AskedSlice>(
  open: OpenStep<TrainStep>,
  start: Parameters,
  next: () => S | undefined,
  keep: Keep,
  reusesMemory = false,
): AsyncGenerator<DoneSlice<S>, void, void> {
  let ended = start;
  const ask = (asked: S | undefined): Promise<DoneSlice<S>> | undefined => {
    if (!asked) return undefined;
    const from = asked.apart ?? ended;
    const asking = askTraining(open, from, asked.questions, keep, reusesMemory).then((slice) => ({
      asked,
      from,
      slice,
    }));
    // in case nobody goes on to read it
    asking.catch(() => {});
    return asking;
  };
  let running = ask(next());
  while (running) {
    const done: DoneSlice<S> = await running;
    if (!done.asked.apart) ended = done.slice.parameters;
    running = done.slice.failure || done.slice.hasLostTensors ? undefined : ask(next());
    yield done;
  }
}
