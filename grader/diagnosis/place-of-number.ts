import { short } from "./factors/constants.ts";
import { isAt, isWritten, power, rounded, SHIFTS, slopesOf, type Law, type Point, type Slope } from "./powers.ts";
import type { About, Diagnosis, Seen } from "./symptom.ts";

/** Powers that people write before, or instead of, adding a number to the base. */
const INNER = [1, 0.5, -0.5, -1, 1.5, -1.5, 2, -2, 3, -3];
/** Powers that one factor of a slope may be. */
const FACTORS = [-0.5, 0.5, -1, 1, -1.5, -2];

/**
 * For a correct slope that is a power of a given tensor, possibly with a number added to it, as epsilon is to a variance:
 * the answer's slope has a number added in another place, such as to a root of the tensor or outside the power.
 */
export function byPlaceOfNumber(about: About, seen: readonly Seen[]): Diagnosis | null {
  for (const slope of slopesOf(about, seen)) {
    for (const sign of [1, -1]) {
      const found = toPower(slope, sign) ?? inOneFactor(slope, sign);
      if (found) return sign === 1 ? found : { ...found, sentence: `${found.sentence}; and the sign is flipped` };
    }
  }
  return null;
}

/** A number added to a power of the base: factor * (base ** inner + number) ** (exponent / inner). */
function toPower({ name, points, right }: Slope, sign: number): Diagnosis | null {
  const factor = sign * right.factor;
  for (const shift of right.shift === 0 ? [0] : [0, right.shift]) {
    for (const inner of INNER) {
      const outer = right.exponent / inner;
      const base = ({ x }: Point): number => power(x + shift, inner);
      const sum = ({ yours }: Point): number => power(yours / factor, 1 / outer);
      const added = numbersAdded(points, base, sum).find((number) =>
        explains(points, right, (point) => factor * power(base(point) + number, outer)),
      );
      if (added === undefined) continue;
      const to = powerOf(called(name, shift), inner);
      return { id: "number-elsewhere", sentence: `in the slope, ${misplaced(added, to, name, right.shift, shift)}` };
    }
  }
  return null;
}

/** The correct base in one factor, and another in the other: base ** one * (x ** inner + number) ** (other / inner). */
function inOneFactor({ name, points, right }: Slope, sign: number): Diagnosis | null {
  if (right.shift === 0) return null;
  const factor = sign * right.factor;
  for (const inner of [1, 0.5]) {
    for (const one of FACTORS) {
      const other = right.exponent - one;
      if (other === 0) continue;
      const good = ({ x }: Point): number => factor * power(x + right.shift, one);
      const base = ({ x }: Point): number => power(x, inner);
      const sum = (point: Point): number => power(point.yours / good(point), inner / other);
      const added = [0, ...numbersAdded(points, base, sum)].find((number) =>
        explains(points, right, (point) => good(point) * power(base(point) + number, other / inner)),
      );
      if (added === undefined) continue;
      const missing = `${powerOf(called(name, right.shift), one)} is right, but its other factor is ${powerOf(name, other)}: ${short(right.shift)} is missing there`;
      const sentence =
        added === 0
          ? `in the slope, ${missing}`
          : `in one factor of the slope, ${misplaced(added, powerOf(name, inner), name, right.shift, 0)}`;
      return { id: "number-in-one-factor", sentence };
    }
  }
  return null;
}

/** What is left of the deviation from the correct slope may be this part of it. */
const LEFT = 0.25;

/** Whether a formula gives the slope at each point within rounding, and most of what deviates from the correct one. */
function explains(points: readonly Point[], { exponent }: Law, formula: (point: Point) => number): boolean {
  const off = (of: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + Math.abs(point.yours / of(point) - 1), 0);
  const isClose = points.every((point) => isAt(point.yours, formula(point), exponent));
  return isClose && off(formula) <= LEFT * off(({ right }) => right);
}

/**
 * The numbers that may have been added to a base: the one that is measured where it shows most, if it is one that people
 * write, and the epsilon of a variance, which may be too small beside the base to be measured.
 */
function numbersAdded(
  points: readonly Point[],
  base: (point: Point) => number,
  sum: (point: Point) => number,
): readonly number[] {
  const low = points.reduce((a, b) => (Math.abs(base(b)) < Math.abs(base(a)) ? b : a));
  const measured = rounded(sum(low) - base(low));
  const isTold = Number.isFinite(measured) && measured !== 0 && isWritten(measured);
  const others = SHIFTS.filter((shift) => shift !== 0);
  return isTold ? [measured, ...others] : others;
}

/**
 * Where a number is added, and where it should be.
 *
 * @param should the number that should be added to the tensor; 0 if none
 * @param isAdded the number that is added to it
 */
function misplaced(added: number, to: string, name: string, should: number, isAdded: number): string {
  const size = short(Math.abs(added));
  const is = `${size} is ${added < 0 ? "subtracted from" : "added to"} ${to}`;
  if (should === 0) return `${is}, but nothing should be`;
  if (isAdded !== 0) return `${is} as well; ${short(should)} should be added once, to ${name}`;
  return added === should
    ? `${is}; it should be added to ${name} itself`
    : `${is}; ${short(should)} should be added to ${name} itself`;
}

function called(name: string, shift: number): string {
  return shift === 0 ? name : `(${name} + ${short(shift)})`;
}

function powerOf(base: string, exponent: number): string {
  return exponent === 1 ? base : `${base} ** ${exponent}`;
}
