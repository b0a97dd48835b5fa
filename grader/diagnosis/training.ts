import type { Tensor } from "#tensor";
import { rightLoop, runLoop, type Loop, type LoopValues } from "../course/loop.ts";
import type { TrainStep } from "../course/steps.ts";
import type { ParameterName, Sizes } from "../model/lines.ts";
import { parameterNames } from "../model/parameters.ts";
import { sameShape } from "../tensor/shape.ts";
import { EPSILON } from "../verdict/compare.ts";
import { backwardOrder, type TrainingAnswer, type TrainingQuestion } from "../verdict/training.ts";
import { constantOf, factorsLike, writtenNumber } from "./factors.ts";
import { list, several, type Diagnosis, type Thrown } from "./symptom.ts";

/** What one step was asked, and what it answered. */
export interface TrainingSymptom {
  question: TrainingQuestion;
  answer: TrainingAnswer | Thrown;
}

/** Steps in a row from one start, by code that has run no other step before. */
export type TrainingSymptoms = readonly TrainingSymptom[];

/** One thing that an answer is compared in. */
interface Item {
  kind: "gradient" | "update" | "loss";
  name: ParameterName;
}

/** In the order of the judge, and of the backward pass: the first that is wrong is the cause. */
const items: readonly Item[] = [
  ...backwardOrder.flatMap((name): Item[] => [
    { kind: "gradient", name },
    { kind: "update", name },
  ]),
  { kind: "loss", name: "b1" },
];

/** Lines other than the right ones, which may be others at each step. */
interface Candidate extends Diagnosis {
  at: (run: number, step: number) => Partial<Loop>;
  /** What is sure where the candidate explains a part of the answers alone; the sentence itself where none stands here. */
  inPart?: string;
}

/** What the step at a question gives, and what it is compared by. */
interface Prediction {
  values: LoopValues | undefined;
  thrown: string | undefined;
}

/** A symptom, with the right step's values. */
interface Told extends TrainingSymptom {
  right: LoopValues;
}

/**
 * Names the mistake that a training loop's answers show: a known one, two known ones at once, a line that is off by a
 * factor, or what the numbers have in common. Where nothing is sure, it says what is seen and claims nothing.
 */
export function diagnoseTraining({ mistakes }: TrainStep, symptoms: readonly TrainingSymptoms[]): Diagnosis | null {
  const runs = symptoms.map((run) =>
    run
      .filter(({ question }) => isFinitely(question))
      .map((symptom): Told => ({
        ...symptom,
        right: runLoop(symptom.question),
      })),
  );
  const first = firstWrong(runs, () => ({}));
  if (first === undefined) return null;
  const candidates = [
    ...known(mistakes),
    ...factorCandidates(runs, first),
    ...addedCandidates(runs, first),
    ...strayFactors,
  ];
  const whole = candidates.find(({ at }) => firstWrong(runs, at, items.length) === undefined);
  if (whole) return { id: whole.id, sentence: whole.sentence + whatFollows(whole, runs) };
  return byUpdate(mistakes, runs) ?? bySeveral(runs, first, candidates) ?? whatIsSeen(runs, first);
}

/** Lines that more than one gradient is made from. */
const SHARED = new Set(["bnmean", "bnvar", "bnvar_inv", "dlogits", "dh", "dhpreact", "dhprebn"]);

/** Where one line explains several gradients, that there is nothing else to look for. */
function whatFollows({ at, sentence }: Candidate, runs: readonly Told[][]): string {
  const [line, ...others] = Object.keys(at(0, 0));
  if (line === undefined || others.length > 0 || !SHARED.has(line)) return "";
  const wrong = wrongItems(runs).filter(({ kind, name }) => kind === "gradient" && name !== "b1");
  const isSaid = sentence.endsWith("?") || sentence.includes("follows from it");
  return wrong.length < 2 || isSaid ? "" : "; what else is wrong follows from it";
}

function isFinitely({ parameters }: TrainingQuestion): boolean {
  return parameterNames.every((name) => parameters[name].toArray().every((value) => Number.isFinite(value)));
}

function known(mistakes: TrainStep["mistakes"]): Candidate[] {
  return mistakes.map(({ id, sentence, changes }) => ({ id, sentence, at: () => changes }));
}

/**
 * The first item, over all steps, in which answers are other than some lines give.
 *
 * @returns its place among the items; undefined where all agree
 */
function firstWrong(runs: readonly Told[][], at: Candidate["at"], enough = -1): number | undefined {
  let first: number | undefined;
  for (const [r, run] of runs.entries()) {
    const before: LoopValues[] = [];
    for (const [s, told] of run.entries()) {
      const prediction = predict(told, at(r, s), before);
      if (prediction.values) before.unshift(prediction.values);
      const wrong = firstOfStep(told, prediction);
      if (wrong !== undefined) first = Math.min(first ?? wrong, wrong);
      if (first !== undefined && first <= enough) return first;
    }
  }
  return first;
}

function predict({ question, right }: Told, changes: Partial<Loop>, before: readonly LoopValues[]): Prediction {
  try {
    return { values: runLoop(question, changes, [...before], right), thrown: undefined };
  } catch (error) {
    return { values: undefined, thrown: String(error) };
  }
}

function firstOfStep({ answer }: Told, { values, thrown }: Prediction): number | undefined {
  if ("thrown" in answer) return thrown !== undefined && isSameError(answer.thrown, thrown) ? undefined : 0;
  if (!values) return 0;
  const wrong = items.findIndex((item) => !agrees(item, answer, values));
  return wrong < 0 ? undefined : wrong;
}

/** Whether two errors say the same; an update can be written with add_ and with sub_. */
function isSameError(a: string, b: string): boolean {
  const plain = (text: string): string => text.replaceAll(/\bsub(_?)\b/g, "add$1");
  return plain(a).startsWith(plain(b));
}

/** Answers are the same where they differ by less than this part of the largest value that they stand beside. */
const SAME = 1e-4;

function agrees({ kind, name }: Item, answer: TrainingAnswer, values: LoopValues): boolean {
  if (kind === "loss") {
    const expected = values.returnedLoss.item();
    return isNear(answer.loss, expected, SAME * Math.max(1e-3, Math.abs(expected)));
  }
  if (kind === "gradient") {
    const given = answer.gradients[name];
    const predicted = values.returned[name];
    // what batchnorm leaves of b1's gradient is rounding: it is compared by what was added up
    const noise = name === "b1" ? noiseOf(values) : undefined;
    return isSameTensor(given, predicted, (i, sizes) => SAME * Math.max(sizes[i]!, noise?.[i] ?? 0));
  }
  const [given, predicted, before] = [answer.updated[name], values.moved[name], values.parameters[name]];
  if (!sameShape(given.shape, predicted.shape) || !sameShape(predicted.shape, before.shape)) {
    return sameShape(given.shape, predicted.shape);
  }
  const start = before.toArray();
  const end = predicted.toArray();
  const steps = largestBeside(predicted.sub(before));
  const noise = name === "b1" ? noiseOf(values).map((size) => size * values.learningRate) : undefined;
  return isSameTensor(given, predicted, (i) => {
    const rounding = 4 * EPSILON * (Math.abs(start[i]!) + Math.abs(end[i]!));
    return rounding + SAME * Math.max(steps[i]!, noise?.[i] ?? 0);
  });
}

/** What each number of b1's gradient was added up from, in this step, or in an earlier one that may have been kept. */
function noiseOf({ dhprebn, before }: LoopValues): number[] {
  const all = [dhprebn, ...before.map((step) => step.dhprebn)].map(columnSizes);
  return all[0]!.map((_, i) => Math.max(...all.map((sizes) => sizes[i]!)));
}

function isSameTensor(a: Tensor, b: Tensor, tolerance: (i: number, sizes: readonly number[]) => number): boolean {
  if (!sameShape(a.shape, b.shape)) return false;
  const [x, y] = [a.toArray(), b.toArray()];
  const sizes = largestBeside(b);
  for (let i = 0; i < x.length; i++) if (!isNear(x[i]!, y[i]!, tolerance(i, sizes))) return false;
  return true;
}

function isNear(a: number, b: number, tolerance: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) <= tolerance;
}

/** For each element the largest size in its column: neurons are of very different sizes. In a vector, of all. */
function largestBeside(x: Tensor): number[] {
  const values = x.toArray();
  const columns = x.shape.length === 2 && x.shape[0]! > 1 ? x.shape[1]! : 1;
  const largest = Array.from({ length: columns }, () => 0);
  for (const [i, value] of values.entries()) {
    const size = Math.abs(value);
    if (Number.isFinite(size)) largest[i % columns] = Math.max(largest[i % columns]!, size);
  }
  return Array.from(values, (_, i) => largest[i % columns]!);
}

/** What a sum down each column adds up, without signs. */
function columnSizes(x: Tensor): number[] {
  const columns = x.shape[1]!;
  const sums = Array.from({ length: columns }, () => 0);
  for (const [i, value] of x.toArray().entries()) sums[i % columns]! += Math.abs(value);
  return sums;
}

/** The gradients' own lines, and the lines on the way back that each first shows up behind. */
const ownLine = { C: "dC", W1: "dW1", b1: "db1", W2: "dW2", b2: "db2", bngain: "dbngain", bnbias: "dbnbias" } as const;
type BackwardLine = (typeof ownLine)[ParameterName] | "dlogits" | "dhpreact" | "dhprebn";
const linesBehind: Readonly<Record<ParameterName, readonly BackwardLine[]>> = {
  W2: ["dlogits", "dW2"],
  b2: ["db2"],
  bngain: ["dhpreact", "dbngain"],
  bnbias: ["dbnbias"],
  W1: ["dhprebn", "dW1"],
  b1: ["db1"],
  C: ["dC"],
};

/** How the two gradients or updates differ by one number, at each step; undefined where one of them does not. */
function ratiosOf(runs: readonly Told[][], ratio: (told: Told) => number | undefined): number[][] | undefined {
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

/** The one number that a tensor is another one times; undefined where there is none. */
function ratioOf(a: Tensor, b: Tensor, rounding: (i: number) => number = () => 0): number | undefined {
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

/** A line of the way back that is off by a factor, or an update that is. */
function factorCandidates(runs: readonly Told[][], first: number): Candidate[] {
  const { kind, name } = items[first]!;
  if (kind === "loss") return [];
  const ratios = ratiosOf(runs, (told) => {
    const answer = told.answer as TrainingAnswer;
    if (kind === "gradient") return ratioOf(answer.gradients[name], told.right.returned[name]);
    const { parameters, learningRate } = told.question;
    if (!sameShape(answer.updated[name].shape, parameters[name].shape)) return undefined;
    const before = parameters[name].toArray();
    return ratioOf(
      parameters[name].sub(answer.updated[name]),
      told.right.returned[name].mul(learningRate),
      (i) => 4 * EPSILON * Math.abs(before[i]!),
    );
  });
  if (!ratios) return [];
  if (kind === "update") {
    const { id, sentence } = wordsForStep(ratios, runs);
    const at: Candidate["at"] = (run, step) => ({ moved: (values) => movedTimes(values, ratios[run]![step]!) });
    return [{ id, sentence: `the gradients are right; ${sentence}`, at }];
  }
  return scaledLines(name, ratios, runs);
}

/** The lines that a gradient comes from, each off by these factors. */
function scaledLines(name: ParameterName, ratios: number[][], runs: readonly Told[][]): Candidate[] {
  const told = wordsFor(ratios, runs);
  return linesBehind[name].map((line): Candidate => {
    const isOwn = line === ownLine[name];
    const where = isOwn
      ? `the gradient of ${name} alone is not right`
      : `${line} is not right, and what follows from it`;
    return {
      id: `${line}+off-by-${told.id}`,
      sentence: `${where}: ${told.sentence}`,
      inPart: `in the gradient of ${name}, ${told.sentence}`,
      at: (run, step) => scaled(line, ratios[run]![step]!),
    };
  });
}

/** Values that a line can be multiplied by once too often, or divided by. */
const factorsOf: Readonly<Record<string, (values: LoopValues) => Tensor>> = {
  bngain: ({ bngain }) => bngain,
  bnbias: ({ bnbias }) => bnbias,
  bnvar_inv: ({ bnvar_inv }) => bnvar_inv,
  bnraw: ({ bnraw }) => bnraw,
  h: ({ h }) => h,
  "the slope of tanh": ({ h }) => h.pow(2).neg().add(1),
};
const strayAt: Partial<Record<BackwardLine, readonly string[]>> = {
  dhpreact: ["bngain", "bnvar_inv", "bnraw", "h", "the slope of tanh"],
  dbngain: ["bngain", "bnbias", "bnvar_inv"],
  dbnbias: ["bngain", "bnbias", "bnvar_inv"],
  dhprebn: ["bngain", "bnvar_inv", "bnraw", "the slope of tanh"],
  dW1: ["bngain", "bnvar_inv"],
};

const strayFactors: readonly Candidate[] = Object.entries(strayAt).flatMap(([name, factors]) => {
  const line = name as BackwardLine;
  return factors.flatMap((factor): Candidate[] => {
    const of = factorsOf[factor]!;
    const times = { [line]: (values: LoopValues) => rightLoop[line](values).mul(of(values)) };
    const over = { [line]: (values: LoopValues) => rightLoop[line](values).div(of(values)) };
    return [
      { id: `${line}+times`, sentence: `${line} is multiplied by ${factor} once too often`, at: () => times },
      {
        id: `${line}+over`,
        sentence: `${line} is divided by ${factor}, or a factor ${factor} is missing`,
        at: () => over,
      },
    ];
  });
});

/** What a step is that is the right one times a factor. */
function wordsForStep(ratios: readonly number[][], runs: readonly Told[][]): Diagnosis {
  const flat = ratios.flat();
  const rates = runs.flat().map(({ question }) => question.learningRate);
  const rate = constantOf(flat.map((ratio, i) => ratio * rates[i]!));
  if (rate !== undefined) {
    const sentence = `the parameters move by ${short(rate)} times the gradient, whatever the learning rate: it comes in as an argument`;
    return { id: "rate-of-its-own", sentence };
  }
  const { id, sentence } = wordsFor(ratios, runs);
  return { id: `step+off-by-${id}`, sentence: `in the step that the parameters move by, ${sentence}` };
}

function scaled(line: BackwardLine, factor: number): Partial<Loop> {
  return { [line]: (values: LoopValues) => rightLoop[line](values).mul(factor) };
}

function movedTimes({ parameters, moving, learningRate }: LoopValues, factor: number): LoopValues["moved"] {
  return Object.fromEntries(
    parameterNames.map((name) => [name, parameters[name].sub(moving[name].mul(learningRate * factor))]),
  ) as unknown as LoopValues["moved"];
}

/** What a factor is, in words; by its own numbers where it has no meaning. */
function wordsFor(ratios: readonly number[][], runs: readonly Told[][]): Diagnosis {
  const flat = ratios.flat();
  const sizes = runs.flat().map(({ question }) => sizesOf(question));
  const rates = runs.flat().map(({ question }) => question.learningRate);
  const [factor] = factorsLike(flat, sizes);
  if (factor && factor !== "one") return { id: factor.id, sentence: factor.sentence };
  const perRate = constantOf(flat.map((ratio, i) => ratio / rates[i]!));
  if (perRate !== undefined) {
    const part = Math.abs(perRate - 1) < 1e-3 ? "" : `${short(perRate)} times `;
    return { id: "times-rate", sentence: `every value is multiplied by ${part}the learning rate` };
  }
  const overRate = constantOf(flat.map((ratio, i) => ratio * rates[i]!));
  if (overRate !== undefined) {
    const part = Math.abs(overRate - 1) < 1e-3 ? "" : `${short(1 / overRate)} times `;
    return { id: "over-rate", sentence: `every value is divided by ${part}the learning rate` };
  }
  const constant = constantOf(flat);
  if (constant !== undefined) {
    return { id: "factor", sentence: `every value is ${short(constant)} times what it should be` };
  }
  const written = writtenNumber(flat, sizes);
  if (written !== undefined) {
    return {
      id: "written",
      sentence: `every value is ${written} times what it should be: is a size written as a number?`,
    };
  }
  const [low, high] = [Math.min(...flat), Math.max(...flat)];
  return {
    id: "factors",
    sentence: `every value is off by one factor, another one at each step (from ${short(low)} to ${short(high)})`,
  };
}

/** Three digits; as many as tell it from 1. */
const short = (x: number): string => String(Number(x.toPrecision(Math.abs(x - 1) < 0.01 ? 5 : 3)));

function sizesOf({ parameters: { C, W1 }, batch: { Xb } }: TrainingQuestion): Sizes {
  const [n, block] = Xb.shape as [number, number];
  return { n, block, embd: C.size(1), hidden: W1.size(1), vocab: C.size(0) };
}

/** What is added to the gradients or to the step, of the parameters themselves: weight decay. */
function addedCandidates(runs: readonly Told[][], first: number): Candidate[] {
  const { kind, name } = items[first]!;
  if (kind === "loss") return [];
  const parts = ratiosOf(runs, ({ question: { parameters, learningRate }, right, answer }) => {
    const { gradients, updated } = answer as TrainingAnswer;
    const [p, g] = [parameters[name], right.returned[name]];
    if (!sameShape(gradients[name].shape, p.shape) || !sameShape(updated[name].shape, p.shape)) return undefined;
    const rounding = p.toArray().map((x) => 4 * EPSILON * Math.abs(x));
    if (kind === "gradient") return ratioOf(gradients[name].sub(g), p, (i) => SAME * Math.abs(g.toArray()[i]!));
    const step = p.sub(updated[name]).sub(g.mul(learningRate));
    return ratioOf(step, p, (i) => rounding[i]!);
  });
  if (!parts) return [];
  const decayed = (values: LoopValues, part: number): LoopValues["moving"] => {
    const own = rightLoop.moving(values);
    return Object.fromEntries(
      parameterNames.map((each) => [each, own[each].add(values.parameters[each].mul(part))]),
    ) as unknown as LoopValues["moving"];
  };
  const sentence =
    "a part of each parameter itself is added to its gradient, as weight decay does: it is not asked for";
  const at: Candidate["at"] = (run, step) => {
    const part = parts[run]![step]!;
    const rate = runs[run]![step]!.question.learningRate;
    if (kind === "gradient") return { moving: (values) => decayed(values, part), returned: ({ moving }) => moving };
    return { moving: (values) => decayed(values, part / rate) };
  };
  return [{ id: "weight-decay", sentence, at }];
}

/** The items that are wrong at some step. */
function wrongItems(runs: readonly Told[][]): Item[] {
  return items.filter((item) =>
    runs.flat().some((told) => "thrown" in told.answer || !agrees(item, told.answer, told.right)),
  );
}

/** What the update shows where every gradient is right, for some parameters or for all. */
function byUpdate(mistakes: TrainStep["mistakes"], runs: readonly Told[][]): Diagnosis | null {
  const wrong = wrongItems(runs);
  if (wrong.length === 0 || wrong.some(({ kind }) => kind !== "update")) return null;
  const all = wrong.map(({ name }) => name);
  // b1 moves by rounding alone: it says nothing beside others
  const names = all.length > 1 ? all.filter((name) => name !== "b1") : all;
  const isAll = names.length >= parameterNames.length - 1;
  const alone = isAll ? "the gradients are right; " : `for ${list(names)} alone: `;
  const moved = mistakes.filter(({ changes }) => Object.keys(changes).every((line) => line === "moved"));
  for (const { id, changes, sentence } of moved) {
    const fits = runs.every((run) => {
      const before: LoopValues[] = [];
      return run.every((told) => {
        const { values } = predict(told, changes, before);
        if (values) before.unshift(values);
        return values && names.every((name) => agrees({ kind: "update", name }, told.answer as TrainingAnswer, values));
      });
    });
    if (!fits) continue;
    if (id === "not-moved") {
      const which = `${list(names)} ${names.length === 1 ? "has" : "have"} not moved`;
      return { id: "forgotten", sentence: `${which}, and the others have: all seven parameters take a step` };
    }
    return { id: `${id}-in-part`, sentence: alone + sentence };
  }
  return byStep(runs, names, alone) ?? byLimit(runs, names, alone) ?? overSteps(runs, names);
}

/** What each parameter moved by. */
function stepOf({ question: { parameters }, answer }: Told, name: ParameterName): Tensor {
  return parameters[name].sub((answer as TrainingAnswer).updated[name]);
}

/** A step that is the right one times a factor, or with a part of the parameter itself. */
function byStep(runs: readonly Told[][], names: readonly ParameterName[], alone: string): Diagnosis | null {
  const rounding = ({ question: { parameters } }: Told, name: ParameterName): ((i: number) => number) => {
    const values = parameters[name].toArray();
    return (i) => 4 * EPSILON * Math.abs(values[i]!);
  };
  const perName = (ratio: (told: Told, name: ParameterName) => number | undefined): number[][] | undefined => {
    const all = names.map((name) => ratiosOf(runs, (told) => ratio(told, name)));
    const [first] = all;
    const isSame = all.every((ratios) =>
      ratios?.every((run, r) => run.every((x, s) => Math.abs(x / first![r]![s]! - 1) < 1e-2)),
    );
    return isSame ? first : undefined;
  };
  const times = perName((told, name) =>
    ratioOf(stepOf(told, name), told.right.returned[name].mul(told.question.learningRate), rounding(told, name)),
  );
  if (times) {
    const { id, sentence } = wordsForStep(times, runs);
    return { id: `${id}-in-part`, sentence: alone + sentence };
  }
  const isDecay = perName((told, name) => {
    const { parameters, learningRate } = told.question;
    const step = told.right.returned[name].mul(learningRate);
    const sizes = step.toArray();
    const besides = stepOf(told, name).sub(step);
    const ofParameter = rounding(told, name);
    return ratioOf(besides, parameters[name], (i) => ofParameter(i) + SAME * Math.abs(sizes[i]!));
  });
  const isShrunk = perName((told, name) =>
    ratioOf((told.answer as TrainingAnswer).updated[name], told.right.moved[name], rounding(told, name)),
  );
  if (!isDecay && !isShrunk) return null;
  const sentence = "besides the step, a part of the parameter itself is taken from it: weight decay is not asked for";
  return { id: "weight-decay-in-part", sentence: alone + sentence };
}

/** A step whose numbers are all limited to one size, the learning rate apart. */
function byLimit(runs: readonly Told[][], names: readonly ParameterName[], alone: string): Diagnosis | null {
  const limits = runs.flat().map((told) => {
    const largest = names.map((name) => Math.max(...stepOf(told, name).toArray().map(Math.abs)));
    return Math.max(...largest) / told.question.learningRate;
  });
  const limit = constantOf(limits);
  if (limit === undefined) return null;
  const fits = runs.flat().every((told) =>
    names.every((name) => {
      const { parameters, learningRate } = told.question;
      const moved = parameters[name].sub(told.right.returned[name].clamp(-limit, limit).mul(learningRate));
      const values = { ...told.right, moved: { ...told.right.moved, [name]: moved } };
      return agrees({ kind: "update", name }, told.answer as TrainingAnswer, values);
    }),
  );
  if (!fits) return null;
  return {
    id: "limited",
    sentence: `${alone}gradients beyond ${short(limit)} are limited to it before the update: no limit is asked for`,
  };
}

/** What is right at a first step and wrong later hangs on the steps before. */
function overSteps(runs: readonly Told[][], names: readonly ParameterName[]): Diagnosis {
  const isRight = (told: Told | undefined): boolean =>
    told !== undefined && firstOfStep(told, { values: told.right, thrown: undefined }) === undefined;
  const what = `the update of ${list(names)}`;
  if (runs.every(([told]) => isRight(told))) {
    return {
      id: "seen-later",
      sentence: `${what} is right at the first step and wrong from then on: is something kept from one step to the next?`,
    };
  }
  return {
    id: "seen-update",
    sentence: `every gradient is right; ${what} is something else than a step against the gradient, of the learning rate's length`,
  };
}

/** Several mistakes at once: one that explains what is wrong first, another that explains what is wrong then, and so on. */
function bySeveral(runs: readonly Told[][], first: number, candidates: readonly Candidate[]): Diagnosis | null {
  let best: { members: Candidate[]; reach: number } | undefined;
  for (const start of explaining(runs, [], first, candidates).slice(0, MOST_FIRSTS)) {
    let members = [start.candidate];
    let { reach } = start;
    while (reach < items.length && members.length < MOST_AT_ONCE) {
      const more = [...candidates, ...scaledAfter(runs, members, reach)];
      const [next] = explaining(runs, members, reach, more);
      if (!next) break;
      members = [...members, next.candidate];
      reach = next.reach;
    }
    if (!best || reach > best.reach) best = { members, reach };
    if (best.reach === items.length) break;
  }
  if (!best) return null;
  const id = best.members.map((member) => member.id).join("+");
  if (best.reach === items.length) {
    return { id, sentence: several(best.members.map(({ sentence }) => besideOthers(sentence))) };
  }
  const { name, kind } = items[best.reach]!;
  const what = kind === "loss" ? "the loss" : kind === "update" ? `the update of ${name}` : `the gradient of ${name}`;
  const sentences = best.members.map(({ sentence, inPart }) => inPart ?? besideOthers(sentence));
  return { id, sentence: `${several(sentences)}; besides, ${what} is wrong in a way that this does not explain` };
}

/** A sentence without what is only so where nothing else is wrong: that all else is right. */
function besideOthers(sentence: string): string {
  return sentence
    .replace(/^(all|the) gradients are right; /, "")
    .replaceAll(/[;,] (and )?((all|the) gradients are right|the update is right|is right for bngain and bnbias)/g, "")
    .replace(" alone is not right", " is not right");
}

/** How many candidates for the first of several mistakes are tried, and how many mistakes are named at once. */
const MOST_FIRSTS = 4;
const MOST_AT_ONCE = 4;

/** The candidates that, beside others, explain what is wrong at this item; those that explain most come first. */
function explaining(
  runs: readonly Told[][],
  members: readonly Candidate[],
  first: number,
  candidates: readonly Candidate[],
): { candidate: Candidate; reach: number }[] {
  return candidates
    .filter((candidate) => members.every((member) => !shareALine(member, candidate)))
    .map((candidate) => {
      const at = together([...members, candidate]);
      const reach = firstWrong(runs, at, first) ?? items.length;
      return { candidate, reach, isFit: reach > first && isConsistent(runs, at, reach) };
    })
    .filter(({ isFit }) => isFit)
    .sort((a, b) => b.reach - a.reach);
}

function together(members: readonly Candidate[]): Candidate["at"] {
  return (run, step) => Object.assign({}, ...members.map(({ at }) => at(run, step))) as Partial<Loop>;
}

function shareALine(a: Candidate, b: Candidate): boolean {
  const lines = Object.keys(b.at(0, 0));
  return Object.keys(a.at(0, 0)).some((line) => lines.includes(line));
}

/** A line that is off by a factor besides other mistakes. */
function scaledAfter(runs: readonly Told[][], members: readonly Candidate[], reach: number): Candidate[] {
  const { kind, name } = items[reach]!;
  if (kind !== "gradient") return [];
  const predicted = predictions(runs, together(members));
  const ratios = ratiosOf(runs, (told) => {
    const values = predicted.get(told);
    return values && ratioOf((told.answer as TrainingAnswer).gradients[name], values.returned[name]);
  });
  return ratios ? scaledLines(name, ratios, runs) : [];
}

function predictions(runs: readonly Told[][], at: Candidate["at"]): Map<Told, LoopValues> {
  const found = new Map<Told, LoopValues>();
  for (const [r, run] of runs.entries()) {
    const before: LoopValues[] = [];
    for (const [s, told] of run.entries()) {
      const { values } = predict(told, at(r, s), before);
      if (!values) continue;
      before.unshift(values);
      found.set(told, values);
    }
  }
  return found;
}

/** Whether some lines are wrong nowhere that the answers are right: they would contradict them. */
function isConsistent(runs: readonly Told[][], at: Candidate["at"], reach: number): boolean {
  const predicted = predictions(runs, at);
  return items.slice(reach).every((item) =>
    runs.flat().every((told) => {
      if ("thrown" in told.answer || !agrees(item, told.answer, told.right)) return true;
      const values = predicted.get(told);
      return values !== undefined && agrees(item, told.answer, values);
    }),
  );
}

/** What the first wrong item shows, without a cause. */
function whatIsSeen(runs: readonly Told[][], first: number): Diagnosis | null {
  const { kind, name } = items[first]!;
  const seen = runs.flat();
  if (seen.some(({ answer }) => "thrown" in answer)) return null;
  if (kind === "loss") return lossSeen(seen);
  if (kind === "update") return overSteps(runs, [name]);
  const answers = seen.map(({ answer }) => (answer as TrainingAnswer).gradients[name]);
  if (answers.some((answer, i) => !sameShape(answer.shape, seen[i]!.right.returned[name].shape))) return null;
  const place = whereFrom(seen, name);
  const what = `the gradient of ${name}`;
  if (answers.every((answer) => answer.toArray().every((value) => value === 0))) {
    return { id: "seen-zero", sentence: `${what} is zero everywhere${place}` };
  }
  if (answers.some((answer) => !answer.toArray().every((value) => Number.isFinite(value)))) {
    return { id: "seen-not-finite", sentence: `in ${what}, some numbers are not finite${place}` };
  }
  const part = partOf(answers, seen, name) || "the numbers are wrong";
  return { id: "seen-place", sentence: `of ${what}, ${part}${place}` };
}

/** A loss that is wrong where all else is right. */
function lossSeen(seen: readonly Told[]): Diagnosis {
  const ratios = seen.map(({ answer, right }) => (answer as TrainingAnswer).loss / right.loss.item());
  const factor = constantOf(ratios);
  const which = "gradients and updates are right; the loss that is returned";
  if (factor !== undefined)
    return { id: "loss-factor", sentence: `${which} is ${short(factor)} times what it should be` };
  return { id: "seen-loss", sentence: `${which} is not the one that the forward pass gave before the update` };
}

/** Which lines are left, by the gradients that are right. */
function whereFrom(seen: readonly Told[], name: ParameterName): string {
  const isRight = (other: ParameterName): boolean =>
    seen.every((told) => agrees({ kind: "gradient", name: other }, told.answer as TrainingAnswer, told.right));
  const own = ownLine[name];
  const isLossRight = seen.every((told) => agrees({ kind: "loss", name }, told.answer as TrainingAnswer, told.right));
  if (name === "W2" && !isLossRight) return "; the loss is not right either: is the forward pass as it was given?";
  if (name === "W2" && isRight("b2")) return `; the gradient of b2 is right, so dlogits may well be: look at ${own}`;
  if (name === "W2") return "; the gradient of b2 is wrong as well, and what both are made from is dlogits: look there";
  if (name === "bngain" && isRight("bnbias")) {
    return `; the gradient of bnbias is right, so dhpreact may well be: look at ${own}`;
  }
  if (name === "bngain")
    return "; those of W2 and b2 are right, so look behind dlogits: at dh and at the slope of tanh";
  if (name === "W1" && isRight("C")) return `; the gradient of C is right, so dhprebn may well be: look at ${own}`;
  if (name === "W1") return "; those of bngain and bnbias are right, so look behind dhpreact: at dhprebn";
  return `; look at ${own}`;
}

/** Which rows or columns are right, where some are. */
function partOf(answers: readonly Tensor[], seen: readonly Told[], name: ParameterName): string {
  const counts = { rows: 0, columns: 0, entries: 0 };
  for (const [i, answer] of answers.entries()) {
    const right = seen[i]!.right.returned[name];
    const columns = right.shape.length === 2 ? right.shape[1]! : 1;
    const [x, y] = [answer.toArray(), right.toArray()];
    const sizes = largestBeside(right);
    const wrong = [...x.keys()].filter((k) => !isNear(x[k]!, y[k]!, SAME * sizes[k]!));
    if (wrong.length === 0) continue;
    const wrongRows = new Set(wrong.map((k) => Math.floor(k / columns))).size;
    const wrongColumns = new Set(wrong.map((k) => k % columns)).size;
    if (wrongRows < x.length / columns) counts.rows += 1;
    if (wrongColumns < columns) counts.columns += 1;
    counts.entries += 1;
  }
  if (counts.entries === 0) return "";
  const whole = name.startsWith("b") ? "numbers" : "rows";
  if (counts.rows === counts.entries) return `some ${whole} are right and others are not`;
  if (counts.columns === counts.entries) return "some columns are right and others are not";
  return "";
}
