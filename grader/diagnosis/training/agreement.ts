import { TensorError, type Tensor } from "#tensor";
import { lineValue, type LoopChanges, type LoopState, type Training, type TrainingAnswer } from "../../kit/training.ts";
import { sameFault, type TensorFault } from "../../tensor/error.ts";
import { sameShape } from "../../tensor/shape.ts";
import { EPSILON } from "../../verdict/compare.ts";
import type { Candidate, Item, Prediction, Scene, Told } from "./scene.ts";

/**
 * The first item, over all steps, in which the answers differ from what some lines give.
 *
 * @returns its index among the items; undefined if all agree
 */
export function firstWrong(scene: Scene, at: Candidate["at"], enough = -1): number | undefined {
  let first: number | undefined;
  for (const { told, prediction } of predictions(scene, at)) {
    const wrong = firstOfStep(scene, told, prediction);
    if (wrong !== undefined) first = Math.min(first ?? wrong, wrong);
    if (first !== undefined && first <= enough) return first;
  }
  return first;
}

/** What some lines give at every step of every run, in order; each step knows those before it in its run. */
export function* predictions(
  scene: Scene,
  at: Candidate["at"],
): Generator<{ told: Told; prediction: Prediction }, void, void> {
  for (const [r, run] of scene.runs.entries()) {
    const before: LoopState[] = [];
    for (const [s, told] of run.entries()) {
      const prediction = predict(scene, told, at(r, s), before);
      if (prediction.values) before.unshift(prediction.values);
      yield { told, prediction };
    }
  }
}

function predict(
  { training }: Scene,
  { question, right }: Told,
  changes: LoopChanges,
  before: readonly LoopState[],
): Prediction {
  try {
    return { values: training.run(question, changes, [...before], right), thrown: undefined };
  } catch (error) {
    return { values: undefined, thrown: TensorError.faultOf(error) };
  }
}

export function firstOfStep(scene: Scene, { answer }: Told, { values, thrown }: Prediction): number | undefined {
  if ("thrown" in answer) return answer.thrown && thrown && isSameError(answer.thrown, thrown) ? undefined : 0;
  if (!values) return 0;
  const wrong = scene.items.findIndex((item) => !agrees(scene, item, answer, values));
  return wrong < 0 ? undefined : wrong;
}

/** An update can be written with add and with sub. */
const asAdded: Readonly<Record<string, string>> = { sub: "add", sub_: "add_" };

/** Whether two errors are the same, whichever of the two operations an update is written with. */
function isSameError(a: TensorFault, b: TensorFault): boolean {
  const plain = (fault: TensorFault): TensorFault => {
    return { ...fault, operation: asAdded[fault.operation] ?? fault.operation };
  };
  return sameFault(plain(a), plain(b));
}

/** Numbers are the same if they differ by less than this part of the largest value next to them. */
export const SAME = 1e-4;

export function agrees({ training }: Scene, { kind, name }: Item, answer: TrainingAnswer, values: LoopState): boolean {
  if (kind === "loss") {
    const expected = values.returnedLoss.item();
    return isNear(answer.loss, expected, SAME * Math.max(1e-3, Math.abs(expected)));
  }
  if (kind === "gradient") {
    const given = answer.gradients[name]!;
    const predicted = values.returned[name]!;
    // a gradient that is zero except for rounding is compared relative to its magnitude
    const noise = noiseOf(training, name, values);
    return isSameTensor(given, predicted, (i, sizes) => SAME * Math.max(sizes[i]!, noise?.[i] ?? 0));
  }
  const [given, predicted, before] = [answer.updated[name]!, values.moved[name]!, values.parameters[name]!];
  if (!sameShape(given.shape, predicted.shape) || !sameShape(predicted.shape, before.shape)) {
    return sameShape(given.shape, predicted.shape);
  }
  const start = before.toArray();
  const end = predicted.toArray();
  const steps = largestBeside(predicted.sub(before));
  const noise = noiseOf(training, name, values)?.map((size) => size * values.learningRate);
  return isSameTensor(given, predicted, (i) => {
    const rounding = 4 * EPSILON * (Math.abs(start[i]!) + Math.abs(end[i]!));
    return rounding + SAME * Math.max(steps[i]!, noise?.[i] ?? 0);
  });
}

/**
 * The magnitudes of a gradient that is zero except for rounding, in this step or in an earlier one whose gradient may have
 * been kept; undefined for any other gradient.
 */
function noiseOf({ vanishing }: Training, name: string, values: LoopState): number[] | undefined {
  const line = vanishing[name];
  if (line === undefined) return undefined;
  const all = [values, ...values.before].map((step) => columnSizes(lineValue(step, line)));
  return all[0]!.map((_, i) => Math.max(...all.map((sizes) => sizes[i]!)));
}

function isSameTensor(a: Tensor, b: Tensor, tolerance: (i: number, sizes: readonly number[]) => number): boolean {
  if (!sameShape(a.shape, b.shape)) return false;
  const [x, y] = [a.toArray(), b.toArray()];
  const sizes = largestBeside(b);
  for (let i = 0; i < x.length; i++) if (!isNear(x[i]!, y[i]!, tolerance(i, sizes))) return false;
  return true;
}

export function isNear(a: number, b: number, tolerance: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) <= tolerance;
}

/** For each element the largest magnitude in its column, since neurons differ widely; in a vector, that of all. */
export function largestBeside(x: Tensor): number[] {
  const values = x.toArray();
  const columns = x.shape.length === 2 && x.shape[0]! > 1 ? x.shape[1]! : 1;
  const largest = Array.from({ length: columns }, () => 0);
  for (const [i, value] of values.entries()) {
    const size = Math.abs(value);
    if (Number.isFinite(size)) largest[i % columns] = Math.max(largest[i % columns]!, size);
  }
  return Array.from(values, (_, i) => largest[i % columns]!);
}

/** The sum of absolute values down each column. */
function columnSizes(x: Tensor): number[] {
  const columns = x.shape[1]!;
  const sums = Array.from({ length: columns }, () => 0);
  for (const [i, value] of x.toArray().entries()) sums[i % columns]! += Math.abs(value);
  return sums;
}

/** The ratio of gradients or updates at each step; undefined if there is none at one of them. */
export function ratiosOf({ runs }: Scene, ratio: (told: Told) => number | undefined): number[][] | undefined {
  const all: number[][] = [];
  for (const run of runs) {
    const found: number[] = [];
    for (const told of run) {
      const r = "thrown" in told.answer ? undefined : ratio(told);
      if (r === undefined) return undefined;
      found.push(r);
    }
    all.push(found);
  }
  return all;
}

/** The number by which one tensor is a multiple of another; undefined if there is none. */
export function ratioOf(a: Tensor, b: Tensor, rounding: (i: number) => number = () => 0): number | undefined {
  if (!sameShape(a.shape, b.shape)) return undefined;
  const [x, y] = [a.toArray(), b.toArray()];
  let largest = 0;
  for (const [i, value] of y.entries()) if (Math.abs(value) > Math.abs(y[largest]!)) largest = i;
  const ratio = x[largest]! / y[largest]!;
  if (!Number.isFinite(ratio) || ratio === 0) return undefined;
  const sizes = largestBeside(b);
  const isOne = x.every((value, i) => isNear(value, ratio * y[i]!, SAME * Math.abs(ratio) * sizes[i]! + rounding(i)));
  return isOne ? ratio : undefined;
}
