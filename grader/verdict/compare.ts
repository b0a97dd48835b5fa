import type { Shape, Tensor } from "#tensor";
import type { Measured } from "../autograd/measured.ts";
import { sameShape } from "../tensor/shape.ts";
import { elementsOf } from "../tensor/tensor.ts";
import type { TensorLine } from "./result.ts";

/** float32's epsilon: the distance from 1 to the next number. */
export const EPSILON = 2 ** -23;

/** Below its smallest normal number, float32 has no more digits, but absolute steps. */
const SMALLEST = 2 ** -126;

/** A rounding error of sums of terms: epsilon times their magnitude, which may be smaller than float32 can tell. */
function rounding(magnitude: number): number {
  return EPSILON * Math.max(magnitude, SMALLEST);
}

/**
 * How far a correct answer may be from the truth, in units of epsilon times the magnitude of the summed terms. The
 * correct formulas of all rooms in course/, of different forms (such as dbnvar by bnvar_inv cubed), stay below 4.2, those of a
 * whole transformer block below 8; the nearest known mistake is above 50,000, in the traps above 3,000, and among the
 * pieces of AdamW above 1,000: npm run check -- --thorough measures both.
 */
export const TOLERANCE = 16;

/** How two tensors of one shape differ, and where the most. */
export interface Difference {
  /** How many elements differ. */
  count: number;
  total: number;
  /** The element with the largest difference. */
  at: number[];
  yours: number;
  reference: number;
}

/** The lecture's line: torch's exact equality, allclose and the largest difference. */
export function lectureLine(name: string, answer: Tensor, reference: Tensor): TensorLine {
  // exercises have at most three dimensions; an answer may have any number
  const shape = answer.shape.slice(0, 16);
  if (!sameShape(answer.shape, reference.shape))
    return { name, shape, exact: false, approximate: false, maxdiff: null };
  const a = answer.toArray();
  const b = reference.toArray();
  let exact = true;
  let approximate = true;
  let maxdiff = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (a[i] !== b[i]) exact = false;
    if (!isClose(a[i]!, b[i]!)) approximate = false;
    // Math.max keeps a NaN once it is there
    maxdiff = Math.max(maxdiff, difference);
  }
  return { name, shape, exact, approximate, maxdiff: Number.isFinite(maxdiff) ? maxdiff : null };
}

/** torch.isclose with its defaults. */
function isClose(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b);
}

/** How an answer differs from a float32 reference by more than allclose allows; undefined if it does not. */
export function closeDifference(answer: Tensor, reference: Tensor): Difference | undefined {
  const b = reference.toArray();
  return differences(answer, b, (i, error) => error <= 1e-8 + 1e-5 * Math.abs(b[i]!));
}

/** How an answer is further from the truth than rounding explains; undefined if it is not. */
export function difference(answer: Tensor, truth: Measured): Difference | undefined {
  const { value, magnitude } = truth;
  if (isWithin(elementsOf(answer), value, magnitude)) return undefined;
  return differences(answer, value, (i, error) => error <= TOLERANCE * rounding(magnitude[i]!));
}

/** Whether there is no such element: most answers are right, and need only this loop. */
function isWithin(answer: ArrayLike<number>, value: ArrayLike<number>, magnitude: ArrayLike<number>): boolean {
  for (let i = 0; i < answer.length; i++) {
    const error = Math.abs(answer[i]! - value[i]!);
    if (error !== 0 && !(error <= TOLERANCE * rounding(magnitude[i]!))) return false;
  }
  return true;
}

function differences(
  answer: Tensor,
  reference: ArrayLike<number>,
  fits: (i: number, error: number) => boolean,
): Difference | undefined {
  const a = answer.toArray();
  let count = 0;
  let worst = 0;
  let largest = -1;
  for (let i = 0; i < a.length; i++) {
    const error = Math.abs(a[i]! - reference[i]!);
    if (error === 0 || fits(i, error)) continue;
    count += 1;
    if (error > largest) [worst, largest] = [i, error];
  }
  if (count === 0) return undefined;
  return { count, total: a.length, at: position(worst, answer.shape), yours: a[worst]!, reference: reference[worst]! };
}

/** Which elements of an answer are further from the truth than rounding explains, by their index in the storage. */
export function wrongElements(answer: Tensor, { value, magnitude }: Measured): number[] {
  const wrong: number[] = [];
  for (const [i, a] of answer.toArray().entries()) {
    if (!(Math.abs(a - value[i]!) <= TOLERANCE * rounding(magnitude[i]!))) wrong.push(i);
  }
  return wrong;
}

/** The error of an answer in units of epsilon times magnitude: the largest over its elements, infinite for NaN. */
export function worstRatio(answer: Tensor, truth: Measured): number {
  let worst = 0;
  for (const [i, a] of answer.toArray().entries()) {
    const error = Math.abs(a - truth.value[i]!);
    if (Number.isNaN(error)) return Infinity;
    if (error !== 0) worst = Math.max(worst, error / rounding(truth.magnitude[i]!));
  }
  return worst;
}

/** The position of element i of the flat storage. */
export function position(i: number, shape: Shape): number[] {
  return shape.map((_, d) => {
    const inner = shape.slice(d + 1).reduce((product, extent) => product * extent, 1);
    return Math.floor(i / inner) % shape[d]!;
  });
}

/** Answers are the same if they differ by less than this part of their largest value; mistakes lie further apart. */
const SAME = 1e-4;
/** And most values by less than this part of their own magnitude: a few large values should not decide for all. */
const SAME_EACH = 1e-3;
const MOST = 0.9;

/**
 * Whether two answers are the same except for rounding. A value that is not finite must be identical in both.
 *
 * @param allowed how far each value may be off, if that is more than a part of itself
 */
export function isSame(a: Tensor, b: Tensor, allowed?: ArrayLike<number>): boolean {
  if (!sameShape(a.shape, b.shape)) return false;
  const [x, y] = [a.toArray(), b.toArray()];
  let largest = 0;
  for (const value of y) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  let close = 0;
  for (let i = 0; i < x.length; i++) {
    const [p, q] = [x[i]!, y[i]!];
    const difference = Object.is(p, q) ? 0 : Math.abs(p - q);
    if (!(difference <= SAME * largest)) return false;
    if (difference === 0 || difference <= Math.max(SAME_EACH * Math.abs(q), allowed?.[i] ?? 0)) close += 1;
  }
  return close >= MOST * x.length;
}
