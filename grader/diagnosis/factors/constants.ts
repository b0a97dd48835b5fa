/** Numbers with a name, none of them a fraction of small whole ones. */
const named: Readonly<Record<string, number>> = {
  e: Math.E,
  "ln 2": Math.LN2,
  "ln 10": Math.LN10,
  pi: Math.PI,
  "2 pi": 2 * Math.PI,
  "sqrt(2)": Math.SQRT2,
  "sqrt(pi)": Math.sqrt(Math.PI),
};

/** Those whose name is a fraction. */
const fractions: Readonly<Record<string, number>> = {
  "1/e": 1 / Math.E,
  "1/ln 2": 1 / Math.LN2,
  "1/ln 10": 1 / Math.LN10,
  "1/pi": 1 / Math.PI,
  "1/sqrt(2)": Math.SQRT1_2,
  "sqrt(2/pi)": Math.sqrt(2 / Math.PI),
};

/** What a factor means if it is the same for all sizes: 2.303 has a name, and 1/32 may have been written as a number. */
export function constantText(constant: number, size: string): string {
  const { text, isFraction, written } = fractionOf(constant);
  const hint = written === undefined ? "" : `, whatever the ${size}: is ${written} written as a number?`;
  return `every value is ${text} ${isFraction ? "of" : "times"} what it should be${hint}`;
}

/** 0.434 as 1/ln 10; 0.03125 as 1/32, which may have been written as a number: then with the number. */
export function fractionOf(constant: number): { text: string; isFraction: boolean; written?: number } {
  const sign = constant < 0 ? "-" : "";
  const isNear = ([, value]: [string, number]): boolean => Math.abs(Math.abs(constant) / value - 1) < 1e-5;
  const [fraction] = Object.entries(fractions).find(isNear) ?? [];
  if (fraction !== undefined) return { text: sign + fraction, isFraction: true };
  const [name] = Object.entries(named).find(isNear) ?? [];
  if (name !== undefined) return { text: `${sign}${name} (${round(constant)})`, isFraction: false };
  const whole = Math.round(1 / constant);
  const isFraction = Math.abs(whole) > 2 && Math.abs(1 / constant / whole - 1) < 1e-4;
  if (!isFraction) return { text: round(constant), isFraction };
  const text = `${sign}1/${Math.abs(whole)}`;
  return whole > 4 ? { text, isFraction, written: whole } : { text, isFraction };
}

/** Numbers closer than this, relative to their size, are the same one, measured twice. */
export const MEASURED = 5e-6;
/** Numbers closer than this to a whole one may be taken for it. */
const TAKEN = 2e-3;

/**
 * A measured factor in a few digits: 1/3 as 0.333. In more if it would be taken for a whole number, or for 1 over one,
 * that it is not: 1.00001 is no 1.
 *
 * @param digits at least
 */
export function round(x: number, digits = 3): string {
  const isPlain = (y: number, within: number): boolean =>
    [y, 1 / y].some((y) => Math.abs(y / Math.round(y) - 1) < within);
  if (isPlain(x, MEASURED)) return written(Number(x.toPrecision(digits)));
  for (let more = digits; ; more++) {
    const rounded = Number(x.toPrecision(more));
    if (more === 8 || !isPlain(rounded, TAKEN) || Math.abs(rounded / x - 1) < MEASURED) return written(rounded);
  }
}

/** A number as it is written in code: 1e-5, 0.25. */
function written(x: number): string {
  return Math.abs(x) < 1e-3 && x !== 0 ? x.toExponential() : String(x);
}

/** A number in three digits, as it is written in code. */
export function short(x: number): string {
  return written(Number(x.toPrecision(3)));
}

/** Ratios that are the same number differ only by rounding. */
const EQUAL = 1e-4;

/** The ratio that is the same for all sizes, if it is. */
export function constantOf(ratios: readonly number[]): number | undefined {
  const [first] = ratios;
  return first !== undefined && ratios.every((ratio) => Math.abs(ratio / first - 1) < EQUAL) ? first : undefined;
}
