import type { FunctionStep } from "../kit/step.ts";
import { significant } from "../kit/number.ts";
import { sameShape } from "../tensor/shape.ts";
import { position } from "../verdict/compare.ts";
import { SMALL } from "../verdict/judge.ts";
import { edgeOf, floatsAt, placesOf, valueAt, type Place } from "./places.ts";
import { listed } from "../kit/listed.ts";
import {
  allFinite,
  givenFloats,
  isRight,
  seenOnly,
  stepOf,
  type Diagnosis,
  type Seen,
  type Symptom,
} from "./symptom.ts";

/** Fewer numbers than this that are not finite allow no conclusion about where they occur. */
const ENOUGH = 10;

/** An answer with numbers that are not finite, and their positions. */
interface Marked extends Seen {
  not: number[][];
}

/**
 * Which numbers that are not finite the answers contain, and where, as far as the given tensors show it: "the answer is
 * NaN where probs is 0". Nothing is said of a cause.
 */
export function whereNotFinite(seen: readonly Seen[]): string {
  const step = stepOf(seen);
  const marked = seen.map((one): Marked => ({ ...one, not: notFiniteAt(one) }));
  const bad = marked.filter(({ not }) => not.length > 0);
  const kinds = kindsIn(bad);
  const what = nameOf(kinds);
  const whole = bad.every(({ answer, not }) => not.length === answer.numel());
  if (whole && bad.length === seen.length)
    return `every number is ${what}${meaningOf(kinds)}${isNaNAlone(kinds) ? signsOf(bad) : ""}`;
  const places = [...zerosOf(step), ...placesOf(step)];
  const there = places.find((place) => isThere(place, marked));
  if (there) {
    // tensors of one sign, such as tanh's input and output, are named together
    const alike = there.sign ? places.filter((place) => place.sign === there.sign && isThere(place, marked)) : [];
    return `the answer is ${what} ${alike.length > 1 ? bySign(alike) : there.words}`;
  }
  const edge = edgeOf(
    seen,
    marked.map(({ not }) => not),
  );
  if (edge) return `the answer is ${what} ${edge.words}`;
  if (whole) return `${bad.length === 1 ? "in one batch" : `in ${bad.length} batches`} every number is ${what}`;
  const count = bad.reduce((sum, { not }) => sum + not.length, 0);
  const within = count < ENOUGH ? undefined : places.find((place) => isWithin(place, marked));
  if (within) return `the answer is ${what} only ${within.words}, but not everywhere there`;
  const range = count < ENOUGH ? undefined : rangeOf(marked);
  if (range !== undefined) return `the answer is ${what} only ${range}`;
  const total = bad.reduce((sum, { answer }) => sum + answer.numel(), 0);
  return `${count} of ${total} values ${count === 1 ? "is" : "are"} ${what}`;
}

/** exp is Infinity in float32 from here on. */
const OVERFLOWS = 88.73;
/** And 0 from here down. */
const VANISHES = -103.98;

/**
 * Recognizes exp overflowing or vanishing in float32: a softmax, or the logarithm of its sum, that is right only for
 * small inputs because each row's maximum was not subtracted. Null for everything else.
 */
export function byOverflow(symptoms: readonly Symptom[]): Diagnosis | null {
  const { softmaxOf } = stepOf(symptoms);
  if (!softmaxOf) return null;
  const { given, one } = softmaxOf;
  const wrong = symptoms.filter((symptom) => !isRight(symptom));
  if (wrong.length === symptoms.length) return null;
  const largestOf = ({ case: asked }: Symptom): number => Math.max(...asked.given[given]!.toArray());
  const isLarge = (symptom: Symptom): boolean => largestOf(symptom) > OVERFLOWS;
  const isLow = (symptom: Symptom): boolean => largestOf(symptom) < VANISHES;
  if (!wrong.every((symptom) => isLarge(symptom) || isLow(symptom))) return null;
  const where = wrong.some(isLarge)
    ? `exp overflows to Infinity if a ${one} is above 88.7`
    : `every exp is 0 if all ${one}s of a row are below -104`;
  return seenOnly(
    "overflow",
    `right only for small ${one}s: in float32, ${where}; ` +
      "subtract each row's maximum before exp: the probabilities stay the same",
  );
}

/** Recognizes a softmax of which one number is subtracted from all rows: it is not finite in the rows far below that. */
function bySharedMaximum(seen: Seen): Diagnosis | null {
  const { softmaxOf } = stepOf([seen]);
  if (!softmaxOf) return null;
  const { given, one } = softmaxOf;
  const largest = seen.case.given[given]!.max(1).values.toArray();
  const isFar = Array.from(largest, (x) => x - Math.max(...largest) < VANISHES);
  const not = new Set(notFiniteAt(seen).map(([row]) => row!));
  if (isFar.some((far, row) => far !== not.has(row))) return null;
  return seenOnly(
    "overflow",
    `not finite in rows that are far below the largest ${one} of all: there every exp is 0 in float32; subtract each row's own maximum before exp`,
  );
}

/** What is said of a single answer if all others are right; null if it is no tensor, or finite. */
export function whereFirstNotFinite({ case: asked, answer }: Symptom): Diagnosis | null {
  if (!("shape" in answer) || allFinite(answer) || !sameShape(answer.shape, asked.truth.shape)) return null;
  const shared = bySharedMaximum({ case: asked, answer });
  if (shared) return shared;
  const where = whereNotFinite([{ case: asked, answer }]);
  return seenOnly("not-finite", asked.small ? `with ${SMALL[asked.small]}, ${where}` : where);
}

function notFiniteAt({ answer }: Seen): number[][] {
  return [...answer.toArray()].flatMap((value, i) => (Number.isFinite(value) ? [] : [position(i, answer.shape)]));
}

/** "where hpreact and h are negative" */
function bySign(places: readonly Place[]): string {
  return `where ${listed(places.map(({ name = "" }) => name))} are ${places[0]!.sign}`;
}

/** The range of a given tensor's values, low or high, at which the answer is not finite. */
function rangeOf(marked: readonly Marked[]): string | undefined {
  for (const name of floatsAt(stepOf(marked))) {
    const numbers = { bad: [] as number[], good: [] as number[] };
    for (const { case: asked, answer, not } of marked) {
      const there = new Set(not.map(String));
      for (let i = 0; i < answer.numel(); i++) {
        const at = position(i, answer.shape);
        numbers[there.has(String(at)) ? "bad" : "good"].push(valueAt(asked.given[name]!, at));
      }
    }
    const { bad, good } = numbers;
    const low = bad.reduce((a, b) => Math.min(a, b));
    const high = bad.reduce((a, b) => Math.max(a, b));
    const few = Math.min(bad.length, good.length / 4);
    if (good.filter((x) => x <= high).length < few) return `where ${name} is below about ${significant(high, 2)}`;
    if (good.filter((x) => x >= low).length < few) return `where ${name} is above about ${significant(low, 2)}`;
  }
  return undefined;
}

/** Which numbers that are not finite the answers contain: NaN, Infinity, -Infinity. */
function kindsIn(bad: readonly Marked[]): ReadonlySet<number> {
  return new Set(bad.flatMap(({ answer, not }) => not.map((at) => answer.get(...at))));
}

function isNaNAlone(kinds: ReadonlySet<number>): boolean {
  return kinds.has(NaN) && kinds.size === 1;
}

/** "NaN", "Infinity", or several of them. */
function nameOf(kinds: ReadonlySet<number>): string {
  const [isPositive, isNegative] = [kinds.has(Infinity), kinds.has(-Infinity)];
  const infinite = isPositive && isNegative ? "Infinity of either sign" : isPositive ? "Infinity" : "-Infinity";
  return [...(kinds.has(NaN) ? ["NaN"] : []), ...(isPositive || isNegative ? [infinite] : [])].join(" or ");
}

/** What usually causes such numbers. */
function meaningOf(kinds: ReadonlySet<number>): string {
  if (isNaNAlone(kinds)) {
    return ": zero divided by zero is NaN, and so are the logarithm or the root of a negative number, and a sum with undefined";
  }
  return kinds.has(NaN) ? "" : ": a number divided by zero is infinite, and so is the logarithm of zero";
}

/** Which of the given tensors are negative or zero throughout. */
function signsOf(bad: readonly Marked[]): string {
  const kinds: [word: string, holds: (value: number) => boolean][] = [
    ["negative", (value) => value < 0],
    ["zero", (value) => value === 0],
  ];
  const said = kinds.flatMap(([word, holds]) => {
    const names = givenFloats(stepOf(bad)).filter((name) =>
      bad.every(({ case: { given } }) => given[name]!.toArray().every(holds)),
    );
    return names.length === 0 ? [] : [`${listed(names)} ${names.length === 1 ? "is" : "are"} ${word} everywhere`];
  });
  return said.map((text) => `; ${text}`).join("");
}

/** The positions at which a given tensor is zero. */
function zerosOf(step: FunctionStep): Place[] {
  return floatsAt(step).map((name) => ({
    id: `zero-${name}`,
    words: `where ${name} is 0`,
    name,
    sign: "0",
    holds: ({ given }, at) => valueAt(given[name]!, at) === 0,
  }));
}

/** Whether the answers are not finite at all of a place's positions, and nowhere else. */
function isThere({ holds }: Place, marked: readonly Marked[]): boolean {
  return marked.every(({ case: asked, answer, not }) => {
    const there = new Set(not.map(String));
    return Array.from({ length: answer.numel() }, (_, i) => position(i, answer.shape)).every(
      (at) => holds(asked, at) === there.has(String(at)),
    );
  });
}

/** Whether the answers are not finite only within a place, and the place leaves enough positions outside. */
function isWithin({ holds }: Place, marked: readonly Marked[]): boolean {
  let [inside, all] = [0, 0];
  for (const { case: asked, answer, not } of marked) {
    if (!not.every((at) => holds(asked, at))) return false;
    all += answer.numel();
    for (let i = 0; i < answer.numel(); i++) if (holds(asked, position(i, answer.shape))) inside += 1;
  }
  return inside < 0.75 * all;
}
