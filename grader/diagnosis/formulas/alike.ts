import { tensor, type Tensor } from "#tensor";
import { caseWith, type Case } from "../../kit/case.ts";
import { Generator } from "../../network/random.ts";
import { sameShape } from "../../tensor/shape.ts";
import { EPSILON, TOLERANCE } from "../../verdict/compare.ts";
import type { Thrown } from "../symptom.ts";

/** By how much each given number is nudged, relative to its magnitude, to see how far a formula's values move. */
const NUDGE = 8 * EPSILON;
/** How many times. */
const NUDGES = 3;
/** How many roundings may lie between an answer and a formula. A correct answer has TOLERANCE, relative to its magnitude. */
const ROUNDINGS = 4 * TOLERANCE;

/** Below this, float32 numbers lose digits or become zero. */
const TINY = 1e-36;
/** The most last digits that are granted to a value whose rounding error is larger than itself would suggest. */
const MOST = 100;

/**
 * Whether an answer is a multiple of a formula's values at every position, within what rounding explains: how much that
 * is if large terms cancel is measured by nudging the given numbers by a few roundings.
 *
 * @param values what the formula gives for the case
 * @param isKnown whether it is a known mistake, which can be written in other ways: a value may lose what is small compared with its row
 */
export function isMultipleOf(
  asked: Case,
  answer: Tensor,
  values: Tensor,
  factor: number,
  formula: (asked: Case) => Tensor | Thrown,
  isKnown = false,
): boolean {
  const [yours, own] = [answer.toArray(), values.toArray()];
  const roundings = ROUNDINGS * EPSILON;
  const plain = Float64Array.from(own, (value) => Math.max(roundings * Math.abs(value), TINY));
  if (isWithin(yours, own, factor, plain)) return true;
  // a value that depends on canceling terms is as exact as the correct one
  if (sameShape(values.shape, asked.truth.shape)) {
    const { value, magnitude } = asked.truth;
    for (const [i, allowed] of plain.entries()) {
      const digits = Math.min(magnitude[i]! / Math.abs(value[i]!), MOST);
      if (digits > 1) plain[i] = allowed * digits;
    }
    if (isWithin(yours, own, factor, plain)) return true;
  }
  if (isKnown) {
    addRowRounding(plain, own, values.shape.at(-1) ?? 1);
    const least = sameShape(values.shape, asked.truth.shape) && allowedInDeep(asked);
    if (least) for (const [i, allowed] of plain.entries()) plain[i] = Math.max(allowed, least[i]!);
  }
  const spread = new Float64Array(own.length);
  for (const nudged of nudgedCases(asked)) {
    const moved = formula(nudged);
    if (!("shape" in moved) || !sameShape(moved.shape, values.shape)) continue;
    for (const [i, value] of moved.toArray().entries()) spread[i] = Math.max(spread[i]!, Math.abs(value - own[i]!));
  }
  return isWithin(
    yours,
    own,
    factor,
    plain.map((allowed, i) => allowed + (roundings / NUDGE) * spread[i]!),
  );
}

/**
 * How far an answer may be from a known mistake in a deep step, by element: what a chain of many lines may lose in any
 * order of operations. A verdict is stricter, and goes by how errors spread; but a row of probabilities near 0 and 1 has
 * gradients that are all small beside what cancels in them. undefined in other steps.
 */
export function allowedInDeep({ step, bounded }: Case): Float64Array | undefined {
  return step.isDeep && Float64Array.from(bounded.magnitude, (magnitude) => ROUNDINGS * EPSILON * magnitude);
}

/** Grants a few roundings of the largest value of each row. */
function addRowRounding(allowance: Float64Array, values: ArrayLike<number>, columns: number): void {
  for (let start = 0; start < allowance.length; start += columns) {
    let largest = 0;
    for (let i = start; i < start + columns; i++) {
      if (Number.isFinite(values[i]!)) largest = Math.max(largest, Math.abs(values[i]!));
    }
    for (let i = start; i < start + columns; i++) allowance[i]! += TOLERANCE * EPSILON * largest;
  }
}

function isWithin(
  answer: ArrayLike<number>,
  values: ArrayLike<number>,
  factor: number,
  allowance: ArrayLike<number>,
): boolean {
  for (let i = 0; i < answer.length; i++) {
    const expected = factor * values[i]!;
    if (Object.is(answer[i], expected)) continue;
    if (!Number.isFinite(expected)) {
      if (!Object.is(answer[i], Math.fround(expected))) return false;
      continue;
    }
    // at an edge of the formula's domain, nothing is known about its neighborhood
    const allowed = Number.isFinite(allowance[i]!) ? allowance[i]! : Infinity;
    if (Math.abs(answer[i]! - expected) > Math.abs(factor) * allowed) return false;
  }
  return true;
}

/**
 * The same for the correct answer, whose magnitudes are known.
 *
 * @param exactness 2 if the factor itself was measured
 */
export function isTimesRight(answer: Tensor, { truth }: Case, factor: number, exactness = 1): boolean {
  const { value, magnitude } = truth;
  return answer
    .toArray()
    .every(
      (x, i) => Math.abs(x - factor * value[i]!) <= exactness * TOLERANCE * EPSILON * Math.abs(factor) * magnitude[i]!,
    );
}

/** Copies of a case with its numbers nudged by a few roundings, some up and some down, the same each time. */
function nudgedCases(asked: Case): Case[] {
  return Array.from({ length: NUDGES }, (_, i) => {
    const generator = new Generator(i + 1);
    const moved = Object.entries(asked.given).flatMap(([name, x]) => {
      if (x.dtype !== "float32") return [];
      const amounts = generator.rand(...x.shape).toArray();
      // no amount is near zero, so that each number moves
      const values = x.toArray().map((value, j) => value * (1 + NUDGE * nudgeOf(amounts[j]!)));
      return [[name, tensor(values, x.shape)] as const];
    });
    return caseWith(asked, Object.fromEntries(moved));
  });
}

/** From a number between 0 and 1: one between 0.5 and 1, or between -1 and -0.5. */
function nudgeOf(amount: number): number {
  return amount < 0.5 ? -0.5 - amount : amount;
}
