import type { Tensor } from "#tensor";
import { allocate, inScratch } from "../autograd/float64-memory.ts";
import { Measured } from "../autograd/measured.ts";
import { Spread } from "../autograd/spread.ts";
import type { TrainStep } from "../course/steps.ts";
import { differentiateLoss, forward, type Batch, type Named } from "../model/backward.ts";
import { gradedTensors, parameterShapes, type ParameterName, type Sizes } from "../model/lines.ts";
import { parameterNames, type Parameters } from "../model/parameters.ts";
import { describe, sameShape } from "../tensor/shape.ts";
import { elementsOf } from "../tensor/tensor.ts";
import { difference, lectureLine, EPSILON, TOLERANCE } from "./compare.ts";
import { describeDifference, header, number, type Failure } from "./judge.ts";
import type { Position, StepResult, TensorLine, Verdict } from "./result.ts";

/** What one training step began with. */
export interface TrainingQuestion {
  parameters: Parameters;
  batch: Batch;
  learningRate: number;
}

/** What trainStep made of it. */
export interface TrainingAnswer {
  loss: number;
  gradients: Parameters;
  updated: Parameters;
}

/** Where training parts from the reference. */
export interface Parting {
  verdict: Verdict;
  message: string;
  at: Position | null;
}

/** The parameters in the order in which the backward pass reaches them: the first wrong one is the cause. */
export const backwardOrder = gradedTensors().filter((name): name is ParameterName => name in parameterShapes);

/**
 * Forward values count as given, so that the magnitudes are those of the backward pass. From the logits to counts they
 * keep their own: what is rounded away from the logits comes back as a relative error of counts, a large one where the
 * logits are large (a few names learned by heart). So measured, eight right forms stay below 1 over 200 steps.
 */
export function settle(value: Measured, output: string): Measured {
  return TO_COUNTS.has(output) ? value : value.given();
}

const TO_COUNTS = new Set(["logits", "logit_maxes", "norm_logits", "counts"]);

/**
 * Judges one training step: the gradients, then the updated parameters, then the loss, each within the tolerance of
 * the float64 reference at the very parameters that the step received, so that errors do not pile up.
 *
 * A tolerance is 16 standard deviations of what rounding leaves, carried through the whole step, forward and back (see
 * Spread): of a neuron that hardly varies, much of hprebn is rounded away, and what comes of it may differ by as much.
 * So measured, the 28 right forms of course/4-training-loop/forms.ts stay below 2.6 of the 16 over 84,000 steps from 1,000
 * starts (C 2.6, W1 2.3, W2 2.2, the others and the loss below 2), and below 3.1 where a few names are learned by heart.
 * A line that is 1.0001 times what it should be is at 150 or more; of the known mistakes that do not throw, the nearest
 * is at 27,000 (a W2 that moved first).
 *
 * The gradient of b1 is zero but for rounding: whatever is as small passes, zeros too.
 *
 * @returns undefined where all is right
 */
export function judgeTrainingStep(
  { parameters, batch, learningRate }: TrainingQuestion,
  { loss, gradients, updated }: TrainingAnswer,
): Parting | undefined {
  const wrongShape =
    problemOfShape(parameters, gradients, "the gradient of") ?? problemOfShape(parameters, updated, "the updated");
  if (wrongShape !== undefined) return { verdict: "shape", message: wrongShape, at: null };
  return inScratch(() => judgeNumbers({ parameters, batch, learningRate }, { loss, gradients, updated }));
}

function judgeNumbers(
  { parameters, batch, learningRate }: TrainingQuestion,
  { loss, gradients, updated }: TrainingAnswer,
): Parting | undefined {
  const given: Named<Spread> = {};
  for (const name of parameterNames) given[name] = Spread.from(parameters[name]);
  const reference = differentiateLoss(given, batch);

  for (const name of backwardOrder) {
    const truth = reference.gradients[name]!;
    if (hasNotFinite(gradients[name])) return notFinite(`the gradient of ${name}`);
    const found = difference(gradients[name], inDeviations(truth));
    if (found) return wrong(`the gradient of ${name}${between(name)}: ${describeDifference(found)}`);
    const moved = given[name]!.sub(truth.mul(learningRate));
    const wrongUpdate = difference(updated[name], inDeviations(moved));
    if (wrongUpdate) {
      const how = howMoved(updated[name], given[name]!, moved);
      return wrong(`${name} after the update (its gradient is right)${how}: ${describeDifference(wrongUpdate)}`);
    }
  }
  const expected = inDeviations(reference.values["loss"]!);
  if (!(Math.abs(loss - expected.value[0]!) <= TOLERANCE * EPSILON * expected.magnitude[0]!)) {
    return wrong(`the loss: yours ${number(loss)}, reference ${number(expected.value[0]!)}`);
  }
  return undefined;
}

/** The truth, with the standard deviation of a float32 answer as what tolerances are multiples of. */
export function inDeviations({ shape, value, variance }: Spread): Measured {
  return new Measured(shape, value, () => {
    const deviation = allocate(value.length).fill(0);
    if (variance) for (let i = 0; i < deviation.length; i++) deviation[i] = Math.sqrt(variance[i]!);
    return deviation;
  });
}

/**
 * Where a training step stopped being finite: the first tensor, in the order in which they are computed, and what that
 * usually means.
 */
export function explainNotFinite(
  { parameters, batch }: TrainingQuestion,
  { gradients, updated }: TrainingAnswer,
): string {
  const before = parameterNames.find((name) => hasNotFinite(parameters[name]));
  if (before) return `${before} is not finite before the step`;
  const values = forward<Tensor>(parameters, batch);
  const size = parameterNames.reduce((most, name) => Math.max(most, largestOf(parameters[name])), 0);
  const grown =
    size > GROWN ? `; the parameters have grown to ${number(size)}: do they move against their gradients?` : "";
  const value = Object.keys(values).find((name) => hasNotFinite(values[name]!));
  if (value) return `the first tensor that is not finite is ${value}, in the forward pass${grown}`;
  const gradient = backwardOrder.find((name) => hasNotFinite(gradients[name]));
  if (gradient)
    return `the first tensor that is not finite is the gradient of ${gradient}: all forward values are${grown}`;
  const parameter = backwardOrder.find((name) => hasNotFinite(updated[name]));
  if (parameter) return `the first tensor that is not finite is ${parameter} after its update: its gradient is${grown}`;
  return `all tensors are finite, and the loss that was returned is not${grown}`;
}

/** Parameters begin below 5 and stay there; above this they run away. */
const GROWN = 100;

function largestOf(x: Tensor): number {
  return [...x.toArray()].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** What an update did in place of its step against the gradient. */
function howMoved(updated: Tensor, before: Spread, moved: Spread): string {
  const is = (expected: Spread): boolean => difference(updated, inDeviations(expected)) === undefined;
  if (is(before)) return " has not moved; is the update in place, as with sub_?";
  const along = before.add(before.sub(moved));
  if (is(along)) return " has moved along its gradient, which makes the loss larger, in place of against it";
  if (is(before.sub(moved))) return " holds the step alone, in place of what it was less the step";
  return "";
}

/** Where to look for what is wrong: the gradients nearer to the loss were right. */
function between(name: ParameterName): string {
  const earlier = backwardOrder.slice(0, backwardOrder.indexOf(name));
  if (earlier.length === 0) return "";
  return ` (before it, ${earlier.join(", ")} ${earlier.length === 1 ? "is" : "are"} right)`;
}

/** The lecture's lines for one training step, against the float32 reference. */
export function trainingLines({ parameters, batch }: TrainingQuestion, { gradients }: TrainingAnswer): TensorLine[] {
  const reference = differentiateLoss<Tensor>(parameters, batch);
  return parameterNames.map((name) => lectureLine(name, gradients[name], reference.gradients[name]!));
}

/** The step that was wrong, or that ended the run. */
export type FailedStep = {
  /** Counted from 0. */
  step: number;
  /** The sizes, where it does not go on from the lecture's start. */
  elsewhere: Omit<Sizes, "n"> | undefined;
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
    return { ...common, verdict: failed.kind, passed: false, message: failed.message, at: failed.at };
  }
  if ("failure" in failed) {
    const { kind, message, at } = failed.failure;
    const where = failed.elsewhere
      ? ` (at step ${failed.step}, which starts elsewhere: ${named(failed.elsewhere)})`
      : "";
    return { ...common, verdict: kind, passed: false, message: message + where, at };
  }
  const { verdict, message, at } = failed.parting;
  const place =
    failed.step === 0
      ? "at the first step (step 0)"
      : `right up to step ${failed.step - 1}, then at step ${failed.step}`;
  const where = failed.elsewhere ? `${place}, which starts elsewhere (${named(failed.elsewhere)})` : place;
  return { ...common, verdict, passed: false, message: `${where}, ${message}`, at };
}

/** Sizes by their names. */
function named(sizes: Omit<Sizes, "n">): string {
  return Object.entries(sizes)
    .map(([name, size]) => `${name} ${size}`)
    .join(", ");
}

function problemOfShape(parameters: Parameters, others: Parameters, what: string): string | undefined {
  for (const name of backwardOrder) {
    const expected = parameters[name].shape;
    const { shape } = others[name];
    if (!sameShape(shape, expected)) return `${what} ${name} is ${describe(shape)}, expected ${describe(expected)}`;
  }
  return undefined;
}

function hasNotFinite(tensor: Tensor): boolean {
  const elements = elementsOf(tensor);
  // the difference of a finite number and itself is 0
  for (let i = 0; i < elements.length; i++) if (elements[i]! - elements[i]! !== 0) return true;
  return false;
}

function notFinite(what: string): Parting {
  return { verdict: "not-finite", message: `${what} holds NaN or an infinite value`, at: null };
}

function wrong(message: string): Parting {
  return { verdict: "wrong", message, at: null };
}
