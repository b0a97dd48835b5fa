import type { Case } from "../course/cases.ts";
import type { FunctionStep } from "../course/steps.ts";
import { sameShape } from "../tensor/shape.ts";
import { isSame } from "../verdict/compare.ts";
import { describeSizes } from "../verdict/judge.ts";
import { constantOf, factorOf, ratioOf, writtenNumber, type Factor } from "./factors.ts";
import { changedFormulas, knownMistakes, type Formula } from "./formulas.ts";
import { allSeen, hasRightShape, isRight, rightAnswer, type Diagnosis, type Seen, type Symptom } from "./symptom.ts";
import { confinedTo } from "./places.ts";
import { somethingAdded, weightedBranches } from "./terms.ts";

const right: Formula = { id: "right", sentence: "", answer: rightAnswer };

const NEARLY_RIGHT: Diagnosis = {
  id: "nearly-right",
  sentence:
    "every value is nearly right, within one part in 10,000 of the largest: is something rounded or cut off, or a " +
    "small constant another one?",
};

/** Whether answers are the right ones, but for rounding. */
export function areRight(symptoms: readonly Symptom[]): boolean {
  return match(right, symptoms) === "one";
}

/**
 * The formula that gives these very answers: a known mistake, a factor, a sum of branches, or one thing changed.
 *
 * @param untouched cases that the mistake is to answer right: it is sought in one branch, and these are of the others
 */
export function byFormula(
  step: FunctionStep,
  symptoms: readonly Symptom[],
  untouched: readonly Case[] = [],
): Diagnosis | null {
  const factor = match(right, symptoms);
  if (factor === "one") return NEARLY_RIGHT;
  const isExact = (formula: Formula): boolean => match(formula, symptoms) === "one";
  const known = knownMistakes(step).find(
    (formula) =>
      isExact(formula) && untouched.every((asked) => isRight({ case: asked, answer: formula.answer(asked) })),
  );
  if (known) return { id: known.id, sentence: known.sentence };
  if (factor) return { id: factor.id, sentence: factor.sentence };
  const seen = allSeen(symptoms);
  if (!seen) return null;
  if (seen.every(({ answer }) => answer.toArray().every((value) => value === 0))) {
    return { id: "zero", sentence: "every value is zero" };
  }
  const sum = weightedBranches(seen) ?? somethingAdded(step, seen);
  const place = sum ?? (seen.every(hasRightShape) ? confinedTo(step, seen) : null);
  if (place) return place;
  for (const formula of changedFormulas(step, seen[0]!.case)) {
    if (isExact(formula)) return { id: formula.id, sentence: formula.sentence };
  }
  return null;
}

/** A known mistake and a factor beside it. */
export function byScaledMistake(step: FunctionStep, symptoms: readonly Symptom[]): Diagnosis | null {
  return byScaled(knownMistakes(step), symptoms);
}

/** A formula with one thing changed and a factor beside it. */
export function byScaledChange(step: FunctionStep, symptoms: readonly Symptom[]): Diagnosis | null {
  return byScaled(changedFormulas(step, symptoms[0]!.case), symptoms);
}

function byScaled(formulas: Iterable<Formula>, symptoms: readonly Symptom[]): Diagnosis | null {
  for (const formula of formulas) {
    const factor = match(formula, symptoms);
    if (!factor || factor === "one" || !factor.second) continue;
    // a mistake that turns the sign itself, turned back: to say that its sign is flipped would mislead
    const isTurnedBack = factor.of(symptoms[0]!.case.sizes) < 0 && turnsSign(formula, symptoms);
    if (!isTurnedBack) return both(formula, factor);
  }
  return null;
}

/** Whether what a formula gives points the other way than the right answers, on the whole. */
function turnsSign({ answer: of }: Formula, symptoms: readonly Symptom[]): boolean {
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
  return { id: `${first.id}+${second.id}`, sentence: `${first.sentence}; and besides, ${second.sentence}` };
}

/** A factor that is no size: a number of its own, or one written where a size is to be. */
export function byNumber(seen: readonly Seen[]): Diagnosis | null {
  const ratios = ratiosOf(seen);
  if (!ratios) return null;
  const constant = constantOf(ratios);
  if (constant !== undefined) {
    return { id: "constant", sentence: constantText(constant, hasBatch(seen) ? "batch size" : "size") };
  }
  const written = writtenNumber(ratios, seen.map(sizesOf));
  if (!written) return null;
  const sentence = `every value is ${written} times what it is to be: is a number written where a size is to be taken from a tensor?`;
  return { id: "written-number", sentence };
}

/** 0.434 as it is; 0.03125 as 1/32, which may have been written as a number. */
function constantText(constant: number, size: string): string {
  const whole = Math.round(1 / constant);
  const isFraction = Math.abs(whole) > 2 && Math.abs(1 / constant / whole - 1) < 1e-4;
  if (!isFraction) return `every value is ${Number(constant.toPrecision(3))} times what it is to be`;
  const hint = whole > 4 ? `, for every ${size}: is ${whole} written as a number?` : "";
  return `every value is ${whole < 0 ? "-" : ""}1/${Math.abs(whole)} of what it is to be${hint}`;
}

/** One factor for all values of a batch, and no meaning for it. */
export function byUnknownFactor(step: FunctionStep, seen: readonly Seen[]): Diagnosis | null {
  const ratios = ratiosOf(seen);
  if (!ratios) return null;
  // the largest case: where n is 2, n - 1 is not to be told from 1
  const sizes = describeSizes(step, seen.at(-1)!.case.sizes);
  const factor = Number(ratios.at(-1)!.toPrecision(4));
  const batch = hasBatch(seen) ? "batch" : "table";
  return {
    id: "one-factor",
    sentence:
      `within one ${batch} every value is off by the same factor, such as ${factor} in one of ${sizes}; in another ` +
      `${batch} by another`,
  };
}

/** Whether there are examples in a batch; a step with lines of its own has tables alone. */
function hasBatch([first]: readonly Seen[]): boolean {
  return !Number.isNaN(first!.case.sizes.n);
}

function ratiosOf(seen: readonly Seen[]): number[] | undefined {
  const ratios = seen.map(({ case: asked, answer }) => {
    const right = rightAnswer(asked);
    return sameShape(answer.shape, right.shape) ? ratioOf(answer, right) : undefined;
  });
  const known = ratios.filter((ratio) => ratio !== undefined);
  return known.length === ratios.length ? known : undefined;
}

const sizesOf = ({ case: { sizes } }: Symptom): Symptom["case"]["sizes"] => sizes;

/** Whether a formula gives these answers, up to one factor that the sizes explain. */
function match(formula: Formula, symptoms: readonly Symptom[]): Factor | "one" | undefined {
  const ratios: number[] = [];
  for (const symptom of symptoms) {
    const ratio = ratioTo(formula, symptom);
    if (ratio === undefined) return undefined;
    ratios.push(ratio);
  }
  return factorOf(ratios, symptoms.map(sizesOf));
}

/** The ratio of an answer to a formula's; 1 where both throw the same. */
function ratioTo({ answer: of }: Formula, { case: asked, answer }: Symptom): number | undefined {
  const other = of(asked);
  if (!("shape" in other)) return !("shape" in answer) && answer.thrown.endsWith(other.thrown) ? 1 : undefined;
  if (!("shape" in answer) || !sameShape(other.shape, answer.shape)) return undefined;
  return isSame(answer, other) ? 1 : ratioOf(answer, other);
}
