import { smallInstance } from "../../kit/instance.ts";
import { isLadder } from "../../kit/hint.ts";
import type { Step } from "../../kit/step.ts";
import { workedText } from "../../report/hint/numbers.ts";

/** What a worked entry may compute with, besides + - * / and **. */
const FUNCTIONS: Readonly<Record<string, (...numbers: number[]) => number>> = {
  abs: Math.abs,
  exp: Math.exp,
  log: Math.log,
  max: Math.max,
  min: Math.min,
  relu: (x) => Math.max(x!, 0),
  sigmoid: (x) => 1 / (1 + Math.exp(-x!)),
  softplus: (x) => Math.log1p(Math.exp(x!)),
  sqrt: Math.sqrt,
  tanh: Math.tanh,
};

/** The numbers in a hint are rounded to three digits; small ones may be what is left of larger ones. */
const ROUNDED = 0.005;
const SMALL = 0.1;

/**
 * What is wrong with the worked entry of a step's second hint: its sides have different values. A side with other words in it
 * is not computed.
 */
export function workedProblem(step: Step): string | undefined {
  if (!isLadder(step.hints)) return undefined;
  const text = workedText(step.hints.worked, smallInstance(step));
  const [, ...sides] = text.split(" = ");
  const values = sides.flatMap((side) => valueOf(side) ?? []);
  const [first = 0] = values;
  const size = Math.max(...values.map(Math.abs));
  const isWrong = values.some((value) => Math.abs(value - first) > ROUNDED * Math.max(size, SMALL));
  return isWrong ? `the worked entry is wrong: ${text}` : undefined;
}

/** The value of a side: an author's own text, which is trusted as the rest of the course is. */
function valueOf(side: string): number | undefined {
  const words = side.match(/[A-Za-z_]\w*/g) ?? [];
  if (!words.every((word) => word in FUNCTIONS) || !/^[\w\s.,()*/+-]+$/.test(side)) return undefined;
  try {
    return new Function(...Object.keys(FUNCTIONS), `return ${side}`)(...Object.values(FUNCTIONS)) as number;
  } catch {
    return undefined; // no expression
  }
}
