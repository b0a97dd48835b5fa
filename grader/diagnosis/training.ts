import type { Tensor } from "#tensor";
import { rightLoop, runLoop, type Loop, type LoopValues } from "../course/loop.ts";
import { trainingMistakes } from "../course/mistakes/training.ts";
import type { ParameterName, Sizes } from "../model/lines.ts";
import { parameterNames } from "../model/parameters.ts";
import { sameShape } from "../tensor/shape.ts";
import { EPSILON } from "../verdict/compare.ts";
import { backwardOrder, type TrainingAnswer, type TrainingQuestion } from "../verdict/training.ts";
import { constantOf, factorOf, writtenNumber } from "./factors.ts";
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
export function diagnoseTraining(symptoms: readonly TrainingSymptoms[]): Diagnosis | null {
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
  const candidates = [...known(), ...factorCandidates(runs, first), ...addedCandidates(runs, first)];
  const whole = candidates.find(({ at }) => firstWrong(runs, at, items.length) === undefined);
  if (whole) return { id: whole.id, sentence: whole.sentence };
  const inPart = bySubset(runs);
  if (inPart) return inPart;
  return byTwo(runs, first, candidates) ?? whatIsSeen(runs, first);
}

function isFinitely({ parameters }: TrainingQuestion): boolean {
  return parameterNames.every((name) => parameters[name].toArray().every((value) => Number.isFinite(value)));
}

function known(): Candidate[] {
  return trainingMistakes.map(({ id, sentence, changes }) => ({ id, sentence, at: () => changes }));
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
    const noise = name === "b1" && values.returned.b1 === values.db1 ? columnSizes(values.dhprebn) : undefined;
    return isSameTensor(given, predicted, (i, sizes) => SAME * Math.max(sizes[i]!, noise?.[i] ?? 0));
  }
  const [given, predicted, before] = [answer.updated[name], values.moved[name], values.parameters[name]];
  if (!sameShape(given.shape, predicted.shape) || !sameShape(predicted.shape, before.shape)) {
    return sameShape(given.shape, predicted.shape);
  }
  const start = before.toArray();
  const end = predicted.toArray();
  const steps = largestBeside(predicted.sub(before));
  const noise = name === "b1" ? columnSizes(values.dhprebn).map((size) => size * values.learningRate) : undefined;
  return isSameTensor(given, predicted, (i) => {
    const rounding = 4 * EPSILON * (Math.abs(start[i]!) + Math.abs(end[i]!));
    return rounding + SAME * Math.max(steps[i]!, noise?.[i] ?? 0);
  });
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
  const told = wordsFor(ratios, runs);
  if (kind === "update") {
    const at: Candidate["at"] = (run, step) => ({
      moved: (values) => movedTimes(values, ratios[run]![step]!),
    });
    const sentence = `the gradients are right, and the parameters move by another step: ${told.sentence.replace("every value", "the step")}`;
    return [{ id: `update-${told.id}`, sentence, at }];
  }
  return linesBehind[name].map((line): Candidate => {
    const at: Candidate["at"] = (run, step) => scaled(line, ratios[run]![step]!);
    const isOwn = line === ownLine[name];
    const where = isOwn
      ? `the gradient of ${name} alone is not right`
      : `${line} is not right, and what follows from it`;
    return { id: `${line}-${told.id}`, sentence: `${where}: ${told.sentence}`, at };
  });
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
  const factor = factorOf(flat, sizes);
  if (factor && factor !== "one") return { id: factor.id, sentence: factor.sentence };
  if (constantOf(flat.map((ratio, i) => ratio / rates[i]!)) !== undefined) {
    return { id: "times-rate", sentence: "every value is multiplied by the learning rate, or by a part of it" };
  }
  if (constantOf(flat.map((ratio, i) => ratio * rates[i]!)) !== undefined) {
    return { id: "over-rate", sentence: "every value is divided by the learning rate, whatever that is" };
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

const short = (x: number): string => String(Number(x.toPrecision(3)));

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

/** The mistakes of the update that some parameters show and the others do not. */
function bySubset(runs: readonly Told[][]): Diagnosis | null {
  const isRight = (item: Item, told: Told): boolean =>
    !("thrown" in told.answer) && agrees(item, told.answer, told.right);
  const all = runs.flat();
  const wrong = items.filter((item) => !all.every((told) => isRight(item, told)));
  if (wrong.length === 0 || wrong.some(({ kind }) => kind !== "update")) return null;
  const names = wrong.map(({ name }) => name);
  const moved = trainingMistakes.filter(({ changes }) => Object.keys(changes).every((line) => line === "moved"));
  for (const { id, changes, sentence } of moved) {
    const fits = runs.every((run) => {
      const before: LoopValues[] = [];
      return run.every((told) => {
        const { values } = predict(told, changes, before);
        if (values) before.unshift(values);
        return values && wrong.every((item) => agrees(item, told.answer as TrainingAnswer, values));
      });
    });
    if (!fits) continue;
    if (id === "not-moved") {
      const which = `${list(names)} ${names.length === 1 ? "has" : "have"} not moved`;
      return { id: "forgotten", sentence: `${which}, and the others have: all seven parameters take a step` };
    }
    return { id: `${id}-in-part`, sentence: `for ${list(names)} alone: ${sentence}` };
  }
  return null;
}

/** Two mistakes at once: one that explains the first item, and another that explains the rest. */
function byTwo(runs: readonly Told[][], first: number, candidates: readonly Candidate[]): Diagnosis | null {
  const firsts = candidates
    .map((candidate) => ({ candidate, reach: firstWrong(runs, candidate.at, first) ?? items.length }))
    .filter(({ candidate, reach }) => reach > first && isConsistent(runs, candidate, reach))
    .sort((a, b) => b.reach - a.reach);
  for (const { candidate, reach } of firsts.slice(0, MOST_FIRSTS)) {
    for (const second of [...candidates, ...scaledAfter(runs, candidate, reach)]) {
      const both: Candidate["at"] = (run, step) => ({ ...second.at(run, step), ...candidate.at(run, step) });
      if (second === candidate || shareALine(candidate, second)) continue;
      if (firstWrong(runs, both, reach) !== undefined) continue;
      return {
        id: `${candidate.id}+${second.id}`,
        sentence: several([candidate.sentence, second.sentence]),
      };
    }
  }
  const [best] = firsts;
  if (!best) return null;
  const { name, kind } = items[best.reach]!;
  const what = kind === "loss" ? "the loss" : kind === "update" ? `the update of ${name}` : `the gradient of ${name}`;
  return {
    id: best.candidate.id,
    sentence: `${best.candidate.sentence}; besides, ${what} is wrong in another way`,
  };
}

/** How many candidates for the first of two mistakes are tried. */
const MOST_FIRSTS = 4;

function shareALine(a: Candidate, b: Candidate): boolean {
  const lines = Object.keys(b.at(0, 0));
  return Object.keys(a.at(0, 0)).some((line) => lines.includes(line));
}

/** A line that is off by a factor besides another mistake. */
function scaledAfter(runs: readonly Told[][], { at }: Candidate, reach: number): Candidate[] {
  const { kind, name } = items[reach] ?? { kind: "loss", name: "b1" };
  if (kind !== "gradient") return [];
  const predicted = predictions(runs, at);
  const ratios = ratiosOf(runs, (told) => {
    const values = predicted.get(told);
    return values && ratioOf((told.answer as TrainingAnswer).gradients[name], values.returned[name]);
  });
  if (!ratios) return [];
  const told = wordsFor(ratios, runs);
  return linesBehind[name].map((line) => ({
    id: `${line}-${told.id}`,
    sentence: `in ${line}, ${told.sentence}`,
    at: (run, step) => scaled(line, ratios[run]![step]!),
  }));
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

/** Whether a candidate is wrong nowhere that the answers are right: it would contradict them. */
function isConsistent(runs: readonly Told[][], { at }: Candidate, reach: number): boolean {
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
  const seen = runs.flat().filter((told) => !("thrown" in told.answer));
  if (seen.length < runs.flat().length || kind === "loss") return null;
  if (kind === "update") return null;
  const answers = seen.map(({ answer }) => (answer as TrainingAnswer).gradients[name]);
  if (answers.some((answer, i) => !sameShape(answer.shape, seen[i]!.right.returned[name].shape))) return null;
  const place = whereFrom(seen, name);
  if (answers.every((answer) => answer.toArray().every((value) => value === 0))) {
    return { id: "seen-zero", sentence: `the gradient of ${name} is zero everywhere${place}` };
  }
  const rows = partOf(answers, seen, name);
  return place === "" && rows === ""
    ? null
    : { id: "seen-place", sentence: `of the gradient of ${name}, ${rows || "the numbers are wrong"}${place}` };
}

/** Which lines are left, by the gradients that are right. */
function whereFrom(seen: readonly Told[], name: ParameterName): string {
  const isRight = (other: ParameterName): boolean =>
    seen.every((told) => agrees({ kind: "gradient", name: other }, told.answer as TrainingAnswer, told.right));
  const own = ownLine[name];
  if (name === "W2")
    return isRight("b2") ? "; the gradient of b2 is right, so dlogits may well be: look at the line of W2" : "";
  if (name === "b2" || name === "bnbias" || name === "b1" || name === "C") return "";
  if (name === "bngain" && isRight("bnbias"))
    return `; the gradient of bnbias is right, so dhpreact may well be: look at ${own}`;
  if (name === "bngain") return "; W2 and b2 are right, so look behind dlogits: at dh, the slope of tanh, and the sums";
  if (name === "W1" && isRight("C")) return `; the gradient of C is right, so dhprebn may well be: look at ${own}`;
  return "; bngain and bnbias are right, so look behind dhpreact: at dhprebn";
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
