import type { Tensor } from "#tensor";
import { inScratch } from "../autograd/float64-memory.ts";
import { inDeviations, Spread } from "../autograd/spread.ts";
import type { TrainStep } from "../kit/step.ts";
import type { TrainingAnswer, TrainingQuestion } from "../kit/training.ts";
import { differentiateLoss, forward } from "../network/backward.ts";
import type { Named } from "../network/named.ts";
import { gradedTensorsOf, parameterNamesOf, type Network } from "../network/network.ts";
import type { Sizes } from "../network/shape.ts";
import { describe, sameShape } from "../tensor/shape.ts";
import { elementsOf } from "../tensor/tensor.ts";
import { difference, lectureLine, EPSILON, TOLERANCE } from "./compare.ts";
import { describeDifference, header, type Failure } from "./judge.ts";
import { significant } from "../kit/number.ts";
import type { Position, StepResult, TensorLine, Verdict } from "./result.ts";

/** Where training departs from the reference. */
export interface Parting {
  verdict: Verdict;
  message: string;
  at: Position | null;
  /** An id for what is wrong: see StepResult. */
  about: string;
  /** What the numbers that are wrong belong to: a parameter's gradient, or the parameter after its update. */
  item?: { kind: "gradient" | "update"; name: string };
}

/** The parameters in the order in which the backward pass reaches them: the first wrong one is the cause. */
export function backwardOrder(network: Network): string[] {
  return gradedTensorsOf(network).filter((name) => name in network.parameters);
}

/**
 * Judges one training step: the gradients, then the updated parameters, then the loss, each within the tolerance of
 * the float64 reference at exactly the parameters that the step received, so that errors do not accumulate.
 *
 * A tolerance is 16 standard deviations of the rounding error, carried through the whole step, forward and backward (see
 * Spread): for a neuron that barely varies, much of its input is lost to rounding, and its gradients may differ by as
 * much. In this measure, the correct forms of the course's training step stay below 2.6 of the 16 over 84,000 steps from
 * 1,000 starts, and below 3.1 if a few examples are learned by heart. A line that is 1.0001 times what it should be is at
 * 150 or more; of the known mistakes that do not throw, the nearest is at 27,000.
 *
 * A gradient that is zero except for rounding is right if it is as small; zeros pass as well.
 *
 * @returns undefined if everything is right
 */
export function judgeTrainingStep(
  network: Network,
  { parameters, batch, learningRate }: TrainingQuestion,
  { loss, gradients, updated }: TrainingAnswer,
): Parting | undefined {
  const wrongShape =
    problemOfShape(network, parameters, gradients, "the gradient of", gradientId) ??
    problemOfShape(network, parameters, updated, "the updated", () => "updated-shape");
  if (wrongShape) return wrongShape;
  return inScratch(() => judgeNumbers(network, { parameters, batch, learningRate }, { loss, gradients, updated }));
}

function judgeNumbers(
  network: Network,
  { parameters, batch, learningRate }: TrainingQuestion,
  { loss, gradients, updated }: TrainingAnswer,
): Parting | undefined {
  const given: Named<Spread> = {};
  for (const name of parameterNamesOf(network)) given[name] = Spread.from(parameters[name]!);
  const reference = differentiateLoss(network, given, batch);

  const order = backwardOrder(network);
  for (const [i, name] of order.entries()) {
    const truth = reference.gradients[name]!;
    if (hasNotFinite(gradients[name]!)) return notFinite(name);
    const found = difference(gradients[name]!, inDeviations(truth));
    if (found) {
      const where = `the gradient of ${name}${between(order.slice(0, i))}`;
      return { ...wrong(`${where}: ${describeDifference(found)}`, gradientId(name)), item: { kind: "gradient", name } };
    }
    const moved = given[name]!.sub(truth.mul(learningRate));
    const wrongUpdate = difference(updated[name]!, inDeviations(moved));
    if (wrongUpdate) {
      const how = howMoved(updated[name]!, given[name]!, moved);
      const what = `${name} after the update (its gradient is right)${how.words}`;
      return { ...wrong(`${what}: ${describeDifference(wrongUpdate)}`, how.about), item: { kind: "update", name } };
    }
  }
  const expected = inDeviations(reference.values[network.loss]!);
  if (!(Math.abs(loss - expected.value[0]!) <= TOLERANCE * EPSILON * expected.magnitude[0]!)) {
    return wrong(`the loss: yours ${significant(loss)}, reference ${significant(expected.value[0]!)}`, "loss");
  }
  return undefined;
}

/**
 * Where a training step stopped being finite: the first such tensor in the order of computation, and what that usually
 * means.
 */
export function explainNotFinite(
  network: Network,
  { parameters, batch }: TrainingQuestion,
  { gradients, updated }: TrainingAnswer,
): string {
  const parameterNames = parameterNamesOf(network);
  const order = backwardOrder(network);
  const before = parameterNames.find((name) => hasNotFinite(parameters[name]!));
  if (before) return `${before} is not finite before the step`;
  const values = forward<Tensor>(network.lines, parameters, batch);
  const size = parameterNames.reduce((most, name) => Math.max(most, largestOf(parameters[name]!)), 0);
  const grown =
    size > GROWN ? `; the parameters have grown to ${significant(size)}: do they move against their gradients?` : "";
  const value = Object.keys(values).find((name) => hasNotFinite(values[name]!));
  if (value) return `the first tensor that is not finite is ${value}, in the forward pass${grown}`;
  const gradient = order.find((name) => hasNotFinite(gradients[name]!));
  if (gradient)
    return `the first tensor that is not finite is the gradient of ${gradient}: all forward values are${grown}`;
  const parameter = order.find((name) => hasNotFinite(updated[name]!));
  if (parameter) return `the first tensor that is not finite is ${parameter} after its update: its gradient is${grown}`;
  return `all tensors are finite, but the returned loss is not${grown}`;
}

/** Parameters start below 5 and stay there; above this they diverge. */
const GROWN = 100;

function largestOf(x: Tensor): number {
  return [...x.toArray()].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** What an update did instead of a step against the gradient. */
function howMoved(updated: Tensor, before: Spread, moved: Spread): { about: string; words: string } {
  const is = (expected: Spread): boolean => difference(updated, inDeviations(expected)) === undefined;
  if (is(before)) return { about: "not-moved", words: " has not moved; is the update in place, as with sub_?" };
  const along = before.add(before.sub(moved));
  if (is(along))
    return {
      about: "moved-along",
      words: " has moved along its gradient, which increases the loss, instead of against it",
    };
  if (is(before.sub(moved)))
    return { about: "step-alone", words: " holds only the step, instead of its old value minus the step" };
  return { about: "update", words: "" };
}

/** Helps to locate the error: the gradients nearer to the loss were right. */
function between(earlier: readonly string[]): string {
  if (earlier.length === 0) return "";
  return ` (before it, ${earlier.join(", ")} ${earlier.length === 1 ? "is" : "are"} right)`;
}

/** The lecture's lines for one training step, against the float32 reference. */
export function trainingLines(
  network: Network,
  { parameters, batch }: TrainingQuestion,
  { gradients }: TrainingAnswer,
): TensorLine[] {
  const reference = differentiateLoss<Tensor>(network, parameters, batch);
  return parameterNamesOf(network).map((name) => lectureLine(name, gradients[name]!, reference.gradients[name]!));
}

/** The step that was wrong, or that ended the run. */
export type FailedStep = {
  /** Counted from 0. */
  step: number;
  /** The sizes, if it does not continue from the lecture's start. */
  elsewhere: Sizes | undefined;
} & ({ parting: Parting } | { failure: Failure });

/** The training loop's result; a Failure alone is one before the first step. */
export function trainingResult(
  step: TrainStep,
  tensors: TensorLine[],
  failed: FailedStep | Failure | undefined,
  run: { printed: string; milliseconds: number },
): StepResult {
  const common = { ...header(step), tensors, why: null, ...run };
  if (failed === undefined) {
    const verdict = tensors.every((line) => line.exact) ? "exact" : "rounding";
    return { ...common, verdict, passed: true, message: null, at: null };
  }
  if ("kind" in failed) {
    return { ...common, passed: false, ...failureIn(failed) };
  }
  if ("failure" in failed) {
    const where = failed.elsewhere
      ? ` (at step ${failed.step}, starting from other parameters: ${named(failed.elsewhere)})`
      : "";
    return { ...common, passed: false, ...failureIn(failed.failure, where) };
  }
  const { verdict, message, at, about } = failed.parting;
  const right = failed.step === 1 ? "at step 0" : `up to step ${failed.step - 1}`;
  const place = failed.step === 0 ? "at the first step (step 0)" : `right ${right}, then at step ${failed.step}`;
  const where = failed.elsewhere ? `${place}, starting from other parameters (${named(failed.elsewhere)})` : place;
  return { ...common, verdict, passed: false, message: `${where}, ${message}`, at, about };
}

/** A result's fields that come from a failure, and where it happened. */
function failureIn(
  { kind, message, at, cause }: Failure,
  where = "",
): Pick<StepResult, "verdict" | "message" | "at" | "cause"> {
  return { verdict: kind, message: message + where, at, ...(cause && { cause }) };
}

/** Sizes by their names. */
function named(sizes: Sizes): string {
  return Object.entries(sizes)
    .map(([name, size]) => `${name} ${size}`)
    .join(", ");
}

function problemOfShape(
  network: Network,
  parameters: Readonly<Named<Tensor>>,
  others: Readonly<Named<Tensor>>,
  what: string,
  about: (name: string) => string,
): Parting | undefined {
  for (const name of backwardOrder(network)) {
    const expected = parameters[name]!.shape;
    const { shape } = others[name]!;
    if (sameShape(shape, expected)) continue;
    const message = `${what} ${name} has shape ${describe(shape)}, expected ${describe(expected)}`;
    return { verdict: "shape", message, at: null, about: about(name) };
  }
  return undefined;
}

/** The id of a wrong gradient. */
function gradientId(name: string): string {
  return `gradient-${name}`;
}

function hasNotFinite(tensor: Tensor): boolean {
  const elements = elementsOf(tensor);
  // the difference of a finite number and itself is 0
  for (let i = 0; i < elements.length; i++) if (elements[i]! - elements[i]! !== 0) return true;
  return false;
}

function notFinite(name: string): Parting {
  const message = `the gradient of ${name} contains NaN or an infinite value`;
  return { verdict: "not-finite", message, at: null, about: gradientId(name) };
}

function wrong(message: string, about: string): Parting {
  return { verdict: "wrong", message, at: null, about };
}
