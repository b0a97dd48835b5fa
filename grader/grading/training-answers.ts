import { listed } from "../kit/listed.ts";
import type { Tensor } from "#tensor";
import type { Named } from "../network/named.ts";
import { parameterNamesOf, type Network } from "../network/network.ts";
import { describe, sameShape } from "../tensor/shape.ts";
import type { Failure } from "../verdict/judge.ts";
import { limited } from "../verdict/result.ts";
import type { TrainingAnswer, TrainingQuestion } from "../kit/training.ts";
import type { TrainStep } from "../kit/step.ts";
import { failureOf, readAnswer } from "./failures.ts";
import type { Run } from "./host.ts";
import { limits } from "./limits.ts";
import type { Message, TrainRequest, TrainResponse } from "./messages.ts";
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
}

/** Runs some training steps from given parameters, all of them in one request. */
export async function askTraining(
  open: OpenStep<TrainStep>,
  parameters: Parameters,
  questions: readonly BatchQuestion[],
  keep: Keep,
): Promise<TrainingSlice & Run> {
  const { step, bundle, learner } = open;
  const { network } = step;
  const names = parameterNamesOf(network);
  const batchNames = Object.keys(network.indices);
  const header: TrainRequest = {
    kind: "train",
    names,
    batch: batchNames,
    learningRates: questions.map(({ learningRate }) => learningRate),
    keep,
  };
  const tensors = [
    ...names.map((name) => parameters[name]!),
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
  const sets = setsOf(code.step.network, tensors);
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

/** Groups of tensors, each in the parameters' order, by the parameters' names. */
function setsOf(network: Network, tensors: readonly Tensor[]): Parameters[] {
  const names = parameterNamesOf(network);
  const count = names.length;
  return Array.from({ length: tensors.length / count }, (_, i) => {
    const set = tensors.slice(i * count, (i + 1) * count);
    return Object.fromEntries(names.map((name, j) => [name, set[j]!]));
  });
}

function failureOfTraining(failure: NonNullable<TrainResponse["failure"]>, code: OpenStep<TrainStep>): Failure {
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
 * none follows a slice that failed.
 *
 * @param start the parameters that the first slice starts from
 * @param next the next slice; undefined after the last
 */
export async function* trainInSlices<S extends AskedSlice>(
  open: OpenStep<TrainStep>,
  start: Parameters,
  next: () => S | undefined,
  keep: Keep,
): AsyncGenerator<DoneSlice<S>, void, void> {
  let ended = start;
  const ask = (asked: S | undefined): Promise<DoneSlice<S>> | undefined => {
    if (!asked) return undefined;
    const from = asked.apart ?? ended;
    const asking = askTraining(open, from, asked.questions, keep).then((slice) => ({ asked, from, slice }));
    // in case nobody goes on to read it
    asking.catch(() => {});
    return asking;
  };
  let running = ask(next());
  while (running) {
    const done: DoneSlice<S> = await running;
    if (!done.asked.apart) ended = done.slice.parameters;
    running = done.slice.failure ? undefined : ask(next());
    yield done;
  }
}
