import { tensor, type Tensor } from "#tensor";
import type { Case } from "../kit/case.ts";
import { sameShape } from "../tensor/shape.ts";
import { describeSizes } from "../verdict/judge.ts";
import { isTimesRight } from "./formulas/alike.ts";
import { constantOf, constantText, MEASURED, round } from "./factors/constants.ts";
import { ratioOf, writtenNumber, type Factor } from "./factors/factors.ts";
import { knownMistakes, saidOf, type Formula } from "./formulas/formula.ts";
import { anotherTensor, changedFormulas, limited } from "./formulas/changed.ts";
import { isNearly, isRightAt, match, right, sizesOf } from "./formulas/match.ts";
import { threshold } from "./places.ts";
import { plainFormulas } from "./formulas/plain.ts";
import { otherTransposes } from "./formulas/transposes.ts";
import {
  allSeen,
  hasBatch,
  hasRightShape,
  isRight,
  rightAnswer,
  mistakesOf,
  several,
  stepOf,
  type About,
  type Diagnosis,
  type Seen,
  type Symptom,
} from "./symptom.ts";

/** Numbers that people clamp at: zero and powers of ten, of both signs. */
const LIMITS = [0, ...Array.from({ length: 19 }, (_, i) => Number(`1e${i - 15}`))].flatMap((limit) => [limit, -limit]);

/** The known mistake that gives exactly these answers, NaN, infinite numbers and errors included. */
export function byKnownMistake(symptoms: readonly Symptom[], untouched: readonly Case[] = []): Diagnosis | null {
  const known = knownMistakes(stepOf(symptoms));
  const explains = (formula: Formula): boolean =>
    match(formula, symptoms) === "one" &&
    untouched.every((asked) => isRight({ case: asked, answer: formula.answer(asked) }));
  const matching = known.filter(explains);
  // of two that differ little, such as epsilon missing or in another place: the one that fits without the larger allowance
  const closer = matching.length > 1 ? matching.find((formula) => explains({ ...formula, isKnown: false })) : undefined;
  const found = closer ?? matching[0];
  return found ? saidOf(found) : null;
}

/** A factor that sizes explain, the same for every value. */
export function byFactor(symptoms: readonly Symptom[]): Diagnosis | null {
  const factor = match(right, symptoms);
  return factor && factor !== "one" ? { id: factor.id, sentence: factor.sentence } : null;
}

/** The correct formula with another tensor, or ones, instead of a given one. */
export function byAnotherTensor(about: About, symptoms: readonly Symptom[]): Diagnosis | null {
  return first(anotherTensor(about), (formula) => match(formula, symptoms) === "one");
}

/** The correct matrix product, but for a transpose. */
export function byTranspose(about: About, symptoms: readonly Symptom[]): Diagnosis | null {
  return first(otherTransposes(about, symptoms[0]!.case), (formula) => match(formula, symptoms) === "one");
}

/** The correct formula with one thing changed. */
export function byChange(about: About, symptoms: readonly Symptom[]): Diagnosis | null {
  return foundChanges(about, symptoms).exact;
}

function first(formulas: Iterable<Formula>, holds: (formula: Formula) => boolean): Diagnosis | null {
  for (const formula of formulas) if (holds(formula)) return saidOf(formula);
  return null;
}

/** The changed formula that gives the answers, and the first one that gives them up to a common factor. */
interface Found {
  exact: Diagnosis | null;
  scaled: Diagnosis | null;
}

/** What was found for answers: a diagnosis asks about the same ones more than once. */
const changesFound = new WeakMap<About, Map<Symptom, Found>>();

function foundChanges(about: About, symptoms: readonly Symptom[]): Found {
  const known = changesFound.get(about) ?? new Map<Symptom, Found>();
  changesFound.set(about, known);
  const found = known.get(symptoms[0]!) ?? findChanges(about, symptoms);
  known.set(symptoms[0]!, found);
  return found;
}

function findChanges(about: About, symptoms: readonly Symptom[]): Found {
  let scaled: Diagnosis | null = null;
  const isPaired = !isNearly(right, symptoms);
  let left = WORK;
  const each = workOf(symptoms[0]!.case);
  for (const formula of changedFormulas(about, symptoms[0]!.case)) {
    left -= each;
    if (left < 0) break;
    const factor = match(formula, symptoms);
    if (factor === "one") return { exact: withTwins(formula, symptoms), scaled };
    if (factor && isPaired) scaled ??= beside(formula, factor, symptoms);
  }
  return { exact: null, scaled };
}

/**
 * How many numbers may be read for the changed formulas of one step, which takes about a second: the course's largest step
 * has 4,600 of them and stays just below. A clock would make what is said depend on how busy the machine is.
 */
export const WORK = 1.2e8;

/** How many numbers are read for one formula: those that are given, by each line. */
export function workOf({ step, given }: Case): number {
  const numbers = Object.values(given).reduce((sum, x) => sum + x.numel(), 0);
  return numbers * step.runs.flat().length;
}

/** If the same change to other tensors gives the same numbers, all of them are named. */
function withTwins(formula: Formula, symptoms: readonly Symptom[]): Diagnosis {
  const { twins } = formula;
  const alike = (twins?.all() ?? []).filter(({ formula }) => match(formula, symptoms) === "one");
  const said = saidOf(formula);
  return alike.length > 0 ? { ...said, sentence: twins!.together(alike.map(({ name }) => name)) } : said;
}

/** This many finite numbers, and this part of all, are enough to recognize a formula. */
const ENOUGH = 4;
const ENOUGH_PART = 0.25;

/**
 * The formula that gives these answers wherever they are finite: a known mistake, a factor, one thing changed, or one
 * of these together with a factor.
 */
export function byFiniteNumbers(about: About, symptoms: readonly Seen[]): Diagnosis | null {
  const told = symptoms.flatMap(({ case: asked, answer }) => {
    const values = answer.toArray();
    const places = [...values.keys()].filter((i) => Number.isFinite(values[i]!));
    const isEnough = places.length >= Math.max(ENOUGH, ENOUGH_PART * values.length);
    return isEnough ? [{ case: asked, answer: at(places, answer), places }] : [];
  });
  if (told.length < 2) return null;
  const cut = (formula: Formula): Formula => ({
    ...formula,
    answer: (asked) => {
      const answer = formula.answer(asked);
      if (!("shape" in answer) || !sameShape(answer.shape, asked.truth.shape)) return answer;
      // a case with nudged numbers is none of those that were asked, but has the sizes of one
      const places = told.find((one) => one.case === asked || one.case.sizes === asked.sizes)!.places;
      return at(places, answer);
    },
  });
  const isExact = (formula: Formula): boolean => match(cut(formula), told) === "one";
  const mistakes = knownMistakes(about.step);
  const known = first(mistakes, isExact);
  const factor = match(cut(right), told);
  if (known || factor === "one") return known;
  if (factor) return { id: factor.id, sentence: factor.sentence };
  const changed = [...changedFormulas(about, told[0]!.case)];
  const exact = first(changed, isExact);
  if (exact || isNearly(cut(right), told)) return exact;
  return byScaled(mistakes.map(cut), told) ?? byScaled(changed.map(cut), told);
}

/** The numbers of a tensor at some indices of its storage. */
function at(places: readonly number[], x: Tensor): Tensor {
  const values = x.toArray();
  return tensor(
    places.map((i) => values[i]!),
    [places.length],
  );
}

/** A known mistake together with a factor. Answers that are almost right have no such pair: the two would cancel. */
export function byScaledMistake(symptoms: readonly Symptom[], untouched: readonly Case[] = []): Diagnosis | null {
  if (isNearly(right, symptoms)) return null;
  const isUntouched = (formula: Formula): boolean => untouched.every((asked) => isRightAt(formula, asked));
  return byScaled(knownMistakes(stepOf(symptoms)), symptoms, isUntouched);
}

/** A formula with one thing changed together with a factor. */
export function byScaledChange(about: About, symptoms: readonly Symptom[]): Diagnosis | null {
  return foundChanges(about, symptoms).scaled;
}

/** What the answer is in terms of the given tensors, if it is no changed correct formula; a size may multiply it. */
export function byPlainFormula(about: About, symptoms: readonly Symptom[]): Diagnosis | null {
  let multiplied: Diagnosis | null = null;
  for (const formula of plainFormulas(about, symptoms[0]!.case)) {
    const factor = match(formula, symptoms);
    if (factor === "one") return { id: formula.id, sentence: formula.sentence };
    if (multiplied || factor?.times === undefined || factor.of(symptoms[0]!.case.sizes) < 0) continue;
    const sentence = `${formula.sentence}, multiplied by ${factor.times}`;
    multiplied = { id: `${formula.id}+${factor.id}`, sentence };
  }
  return multiplied;
}

function byScaled(
  formulas: Iterable<Formula>,
  symptoms: readonly Symptom[],
  holds: (formula: Formula) => boolean = () => true,
): Diagnosis | null {
  for (const formula of formulas) {
    const factor = match(formula, symptoms);
    if (!factor || factor === "one" || !holds(formula)) continue;
    const found = beside(formula, factor, symptoms);
    if (found) return found;
  }
  return null;
}

/** A formula and a factor as two mistakes, if both are likely. */
function beside(formula: Formula, factor: Factor, symptoms: readonly Symptom[]): Diagnosis | null {
  // a known mistake can come with any size; a formula with one thing changed and any size would claim too much
  const isAny = formula.isKnown && factor.times !== undefined && allSeen(symptoms)?.every(hasRightShape);
  if (!factor.second && !isAny) return null;
  // a mistake that flips the sign itself, flipped back: to say that its sign is flipped would mislead
  const isFlippedBack = factor.of(symptoms[0]!.case.sizes) < 0 && flipsSign(formula, symptoms);
  return isFlippedBack ? null : both(formula, factor);
}

/** Whether most of what a formula gives has the opposite sign of the correct answers. */
function flipsSign({ answer: of }: Formula, symptoms: readonly Symptom[]): boolean {
  return symptoms.every(({ case: asked }) => {
    const answer = of(asked);
    if (!("shape" in answer) || !sameShape(answer.shape, asked.truth.shape)) return false;
    const values = [...answer.toArray()];
    const against = values.filter((value, i) => value * asked.truth.value[i]! < 0);
    return against.length > 0.9 * values.filter((value) => value !== 0).length;
  });
}

/** Two mistakes, each in a sentence. */
export function both(first: Diagnosis, second: Diagnosis): Diagnosis {
  const all = [...mistakesOf(first), ...mistakesOf(second)];
  return {
    id: `${first.id}+${second.id}`,
    sentence: several(all),
    several: all,
    ...((first.namesBranch || second.namesBranch) && { namesBranch: true }),
  };
}

/** A factor that is no size: a number with a meaning, or one written instead of a size. */
export function byNumber(seen: readonly Seen[]): Diagnosis | null {
  const ratios = factorsOff(seen);
  if (!ratios) return null;
  const constant = constantOf(ratios);
  if (constant !== undefined) {
    return { id: "constant", sentence: constantText(constant, hasBatch(seen[0]!.case) ? "batch size" : "size") };
  }
  const written = writtenNumber(stepOf(seen).network.words, ratios, seen.map(sizesOf));
  if (!written) return null;
  const sentence =
    `every value is ${written} times what it should be: is a number written where a size should be taken ` +
    "from a tensor?";
  return { id: "written-number", sentence };
}

/** A given tensor that is clamped at a round number before it is used. */
export function byLimit(seen: readonly Seen[]): Diagnosis | null {
  const edge = threshold(seen);
  if (!edge || edge.ofSize) return null;
  const { name, side, from, to } = edge;
  const round = LIMITS.filter((limit) => (limit - from) * (limit - to) <= 0);
  return first(
    round.map((limit) => limited(stepOf(seen), name, side, limit)),
    (formula) => match(formula, seen) === "one",
  );
}

/** One factor for all values of a batch, without a known meaning. */
export function byUnknownFactor(seen: readonly Seen[]): Diagnosis | null {
  const ratios = factorsOff(seen);
  if (!ratios) return null;
  // the largest case that shows it: with n = 2, n - 1 cannot be told from 1
  const shown = ratios.findLastIndex((ratio) => Math.abs(ratio - 1) >= MEASURED);
  const sizes = describeSizes(seen[shown]!.case);
  const factor = round(ratios[shown]!, 4);
  const [one, other] = hasBatch(seen[0]!.case) ? ["one batch", "batch"] : ["one set of inputs", "set"];
  return {
    id: "one-factor",
    sentence:
      `within ${one} every value is off by the same factor, for example ${factor} in one with ${sizes}; it differs ` +
      `from ${other} to ${other}`,
  };
}

/** What is said of every value should hold for this part of them at least. */
const MOST = 0.8;

/** The factor by which each answer is off, if it is the same for all its values; undefined if it is not. */
function factorsOff(seen: readonly Seen[]): number[] | undefined {
  const ratios = ratiosOf(seen);
  // a factor of 1 explains nothing
  if (ratios?.every((ratio) => Math.abs(ratio - 1) < MEASURED)) return undefined;
  // nor does one so close to 1 that it lies within what rounding allows, if most values are right without it
  if (!ratios?.every((ratio, i) => ratio === 1 || isNearerTo(ratio, seen[i]!))) return undefined;
  return seen.every((one, i) => isTimesRight(one.answer, one.case, ratios[i]!, 2)) ? ratios : undefined;
}

/** Whether most values of an answer are nearer to a multiple of the correct ones than to these themselves. */
function isNearerTo(factor: number, { answer, case: { truth } }: Seen): boolean {
  const told = [...answer.toArray()].flatMap((x, i) => {
    const right = truth.value[i]!;
    return right === 0 ? [] : [Math.abs(x - factor * right) < Math.abs(x - right)];
  });
  return told.filter((isNearer) => isNearer).length >= MOST * told.length;
}

function ratiosOf(seen: readonly Seen[]): number[] | undefined {
  const ratios = seen.map(({ case: asked, answer }) => {
    const right = rightAnswer(asked);
    return sameShape(answer.shape, right.shape) ? ratioOf(answer, right) : undefined;
  });
  const known = ratios.filter((ratio) => ratio !== undefined);
  return known.length === ratios.length ? known : undefined;
}
