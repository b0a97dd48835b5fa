import { EPSILON, TOLERANCE, position } from "../verdict/compare.ts";
import { floatsAt, valueAt } from "./places.ts";
import { short } from "./factors/constants.ts";
import { rightAnswer, type About, type Diagnosis, type Seen } from "./symptom.ts";

/** The slope that the upstream gradient is multiplied by at one position, yours and the correct one, and the input there. */
export interface Point {
  x: number;
  yours: number;
  right: number;
}

/** A slope that is a power: factor * (x + shift) ** exponent. */
export interface Law {
  factor: number;
  exponent: number;
  shift: number;
}

/** Numbers that lines add to a base before raising it to a power: none, or the epsilon of a variance. */
export const SHIFTS: readonly number[] = [0, 1e-5];
/** How far a value may be from a law, as a part of itself: a few roundings, more for a high power. */
const OFF = 4 * TOLERANCE * EPSILON;
/** Values as small as this lose digits. */
const TINY = 1e-30;

/** A correct slope that is a power of a given tensor, and what it was seen at. */
export interface Slope {
  name: string;
  points: readonly Point[];
  right: Law;
}

/**
 * For a correct slope that is a power of a given tensor: the answer's slope has another exponent, or another number added
 * to the base.
 */
export function byPower(about: About, seen: readonly Seen[]): Diagnosis | null {
  for (const slope of slopesOf(about, seen)) {
    const found = otherPower(slope) ?? otherShift(slope);
    if (found) return found;
  }
  return null;
}

/** The powers that the correct slope of an elementwise function is. */
export function* slopesOf({ step, unused }: About, seen: readonly Seen[]): Generator<Slope> {
  if (step.asks === "value" || step.runs.some((run) => run.length > 1)) return;
  const floats = floatsAt(step);
  const isUpstream = (name: string): boolean => step.roles[name] === "upstream";
  const above = floats.filter((name) => {
    return isUpstream(name) && seen.every(({ case: { given } }) => given[name]!.toArray().some((x) => x !== 0));
  });
  if (above.length !== 1) return;
  for (const name of floats) {
    if (isUpstream(name) || unused.has(name)) continue;
    const points = seen.flatMap((one) => pointsOf(one, name, above[0]!));
    for (const shift of SHIFTS) {
      const right = lawOf(points, ({ right }) => right, shift);
      if (right && right.exponent !== 0) yield { name, points, right };
    }
  }
}

function pointsOf({ case: asked, answer }: Seen, name: string, above: string): Point[] {
  const right = rightAnswer(asked).toArray();
  return [...answer.toArray()].flatMap((value, i): Point[] => {
    const at = position(i, answer.shape);
    const upstream = valueAt(asked.given[above]!, at);
    if (Math.abs(upstream) < TINY || Math.abs(right[i]!) < TINY) return [];
    return [{ x: valueAt(asked.given[name]!, at), yours: value / upstream, right: right[i]! / upstream }];
  });
}

/** The law that all points follow, if there is one. */
function lawOf(points: readonly Point[], of: (point: Point) => number, shift: number): Law | undefined {
  const told = points.filter((point) => Math.abs(point.x + shift) > TINY && Math.abs(of(point)) > TINY);
  if (told.length < 4) return undefined;
  const base = ({ x }: Point): number => Math.abs(x + shift);
  const low = told.reduce((a, b) => (base(b) < base(a) ? b : a));
  const high = told.reduce((a, b) => (base(b) > base(a) ? b : a));
  const measured = Math.log(Math.abs(of(high) / of(low))) / Math.log(base(high) / base(low));
  const exponent = Math.round(2 * measured) / 2;
  if (!(Math.abs(measured - exponent) < 1e-3)) return undefined;
  const factor = of(high) / power(high.x + shift, exponent);
  const law = { factor: rounded(factor), exponent, shift };
  return told.length === points.length && follows(points, of, law) ? law : undefined;
}

function follows(points: readonly Point[], of: (point: Point) => number, { factor, exponent, shift }: Law): boolean {
  return points.every((point) => isAt(of(point), factor * power(point.x + shift, exponent), exponent));
}

/** Whether a measured slope is the expected one within a few roundings, more of them for a high power. */
export function isAt(slope: number, expected: number, exponent: number): boolean {
  return Math.abs(slope - expected) <= OFF * (1 + Math.abs(exponent)) * Math.abs(expected);
}

/** NaN for a fractional power of a negative number. */
export function power(x: number, exponent: number): number {
  return x < 0 && !Number.isInteger(exponent) ? NaN : x ** exponent;
}

/** A measured number, rounded to a few digits if it is that close to them. */
export function rounded(x: number): number {
  const few = Number(x.toPrecision(3));
  return Math.abs(few / x - 1) < 1e-4 ? few : x;
}

function otherPower({ name, points, right }: Slope): Diagnosis | null {
  const yours = lawOf(points, (point) => point.yours, right.shift);
  if (!yours || yours.exponent === right.exponent) return null;
  const base = right.shift === 0 ? name : `${name} + ${short(right.shift)}`;
  const exponent = `the exponent of ${base} in the slope is ${yours.exponent}, but it should be ${right.exponent}`;
  if (yours.factor === right.factor) return { id: "exponent-of-slope", sentence: exponent };
  const factor = `the factor in front of it is ${short(yours.factor)}, but it should be ${short(right.factor)}`;
  return { id: "power-of-slope", sentence: `${exponent}; ${factor}` };
}

/** The correct power of the given tensor with another number added to it. */
function otherShift({ name, points, right }: Slope): Diagnosis | null {
  const low = points.reduce((a, b) => (Math.abs(b.x) < Math.abs(a.x) ? b : a));
  for (const sign of [1, -1]) {
    // as it is, the slope is right within what a law may be off
    if (follows(points, (point) => point.yours, { ...right, factor: sign * right.factor })) continue;
    const shift = rounded((low.yours / (sign * right.factor)) ** (1 / right.exponent) - low.x);
    if (!Number.isFinite(shift) || !isWritten(shift) || Math.abs(shift - right.shift) < 1e-3 * Math.abs(shift))
      continue;
    if (!follows(points, (point) => point.yours, { ...right, factor: sign * right.factor, shift })) continue;
    const flipped = sign < 0 ? "; and the sign is flipped" : "";
    const size = short(Math.abs(shift));
    const added =
      shift === 0
        ? `nothing is added to ${name}`
        : shift < 0
          ? `${size} is subtracted from ${name}`
          : `${size} is added to ${name}`;
    const should = right.shift === 0 ? "but nothing should be" : `but ${short(right.shift)} should be added`;
    return { id: "number-added", sentence: `in the slope, ${added}, ${should}${flipped}` };
  }
  return null;
}

/** Whether a measured number is one that is written in code: two digits at most, as in 1e-5 or 0.25. */
export function isWritten(x: number): boolean {
  return x === 0 || Math.abs(Number(x.toPrecision(2)) / x - 1) < 1e-4;
}
