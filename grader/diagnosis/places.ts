import type { Tensor } from "#tensor";
import type { Measured } from "../autograd/measured.ts";
import type { Case } from "../kit/case.ts";
import { answerExtents, shapeOf, type FunctionStep } from "../kit/step.ts";
import { choicesFor, wordFor, type NamedPlace } from "../network/words.ts";
import { EPSILON, TOLERANCE, position, wrongElements } from "../verdict/compare.ts";
import { givenFloats, seenOnly, stepOf, type Diagnosis, type Seen } from "./symptom.ts";

/** A part of an answer that wrong values, or such as are not finite, can be confined to. */
export interface Place extends Omit<NamedPlace, "holds"> {
  /** The given tensor whose sign it is, where it is one. */
  name?: string;
  sign?: "negative" | "positive" | "0";
  holds: (asked: Case, at: readonly number[]) => boolean;
}

/** The places where a given tensor, or its size, is on one side of a number. */
export interface Edge extends Place {
  name: string;
  side: "above" | "below";
  ofSize: boolean;
  /** The number nearest to the edge on this side, and the nearest on the other. */
  from: number;
  to: number;
}

/** Right formulas stay below this many units of epsilon times magnitude. */
const SURELY_RIGHT = 6;
/** Fewer right or wrong values than this show nothing. */
const ENOUGH = 4;

/** What all wrong values of all answers have in common: where they stand. */
export function confinedTo(seen: readonly Seen[]): Diagnosis | null {
  const marked = seen.map((one) => ({ ...one, wrong: wrongPlaces(one) }));
  const place = placesOf(stepOf(seen)).find((place) => confines(place, marked));
  return place ? said(place, marked) : null;
}

/** All wrong values are where a given tensor is above a number, or below one. */
export function beyondThreshold(seen: readonly Seen[]): Diagnosis | null {
  const place = threshold(seen);
  const marked = seen.map((one) => ({ ...one, wrong: wrongPlaces(one) }));
  return place ? said(place, marked) : null;
}

function said({ id, words, holds }: Place, marked: readonly Marked[]): Diagnosis {
  // zeros stand in all of the place, and not in some of it alone
  const zero = marked.every(({ case: asked, answer }) =>
    answer.toArray().every((value, i) => value === 0 || !holds(asked, position(i, answer.shape))),
  );
  if (zero) return { id, sentence: `the values ${words} are zero; all others are right` };
  const whole = marked.every(({ case: asked, answer, wrong }) => {
    const inside = answer.toArray().filter((_, i) => holds(asked, position(i, answer.shape))).length;
    return wrong.length === inside;
  });
  // where values are wrong is seen; why they are is not
  const sentence = whole
    ? `the values ${words} are wrong, and all others are right`
    : `every wrong value stands ${words}, though not all values there are wrong`;
  return seenOnly(id, sentence);
}

function wrongPlaces({ answer, case: { truth } }: Seen): number[][] {
  return wrongElements(answer, truth).map((i) => position(i, answer.shape));
}

interface Marked extends Seen {
  wrong: number[][];
}

/** Whether all that is wrong is there, most of what is there is wrong, and there is something elsewhere. */
function confines({ holds }: Place, marked: readonly Marked[]): boolean {
  let [inside, outside, wrong] = [0, 0, 0];
  for (const one of marked) {
    if (!one.wrong.every((at) => holds(one.case, at))) return false;
    wrong += one.wrong.length;
    for (let i = 0; i < one.answer.numel(); i++) {
      if (holds(one.case, position(i, one.answer.shape))) inside += 1;
      else outside += 1;
    }
  }
  return wrong > 0 && wrong >= inside / 4 && outside >= ENOUGH;
}

/** The parts of a step's answers that have a name. */
export function placesOf(step: FunctionStep): Place[] {
  const extents = answerExtents(step);
  const { words } = step.network;
  const places: Place[] = [
    ...choicesFor(words, extents, step.given).map(({ id, place, columnOf }): Place => ({
      id: `${id}-column`,
      words: place,
      holds: ({ given }, [row, column]) => columnOf(given, row!) === column,
    })),
    ...words.places(extents, step.given),
  ];
  for (const [dim, extent] of extents.entries()) {
    if (extent === 1) continue;
    const word = wordFor(words, extent);
    places.push(
      { id: `first-${extent}`, words: `at the first ${word}`, holds: (_asked, at) => at[dim] === 0 },
      {
        id: `last-${extent}`,
        words: `at the last ${word}`,
        holds: ({ truth }, at) => at[dim] === truth.shape[dim]! - 1,
      },
    );
  }
  for (const name of floatsAt(step)) {
    places.push(
      {
        id: `negative-${name}`,
        words: `where ${name} is negative`,
        name,
        sign: "negative",
        holds: ({ given }, at) => valueAt(given[name]!, at) < 0,
      },
      {
        id: `positive-${name}`,
        words: `where ${name} is positive`,
        name,
        sign: "positive",
        holds: ({ given }, at) => valueAt(given[name]!, at) > 0,
      },
    );
  }
  return places;
}

/** Wrong values where a given tensor is above a number, right ones below, or the other way round. */
export function threshold(seen: readonly Seen[]): Edge | undefined {
  // where an error only fades away, there is no edge to speak of
  if (seen.some(({ case: { truth }, answer }) => fades(answer, truth))) return undefined;
  return edgeOf(seen, seen.map(wrongPlaces));
}

/** The number of a given tensor that tells the places of each answer from all others. */
export function edgeOf(seen: readonly Seen[], wrong: readonly number[][][]): Edge | undefined {
  for (const name of floatsAt(stepOf(seen))) {
    for (const size of [false, true]) {
      const of = (x: number): number => (size ? Math.abs(x) : x);
      const values = { wrong: [] as number[], right: [] as number[] };
      for (const [i, { case: asked, answer }] of seen.entries()) {
        const isWrong = new Set(wrong[i]!.map(String));
        for (let flat = 0; flat < answer.numel(); flat++) {
          const at = position(flat, answer.shape);
          values[isWrong.has(String(at)) ? "wrong" : "right"].push(of(valueAt(asked.given[name]!, at)));
        }
      }
      if (values.wrong.length < ENOUGH || values.right.length < ENOUGH) continue;
      const range = (of: readonly number[]): [number, number] => [
        of.reduce((a, b) => Math.min(a, b)),
        of.reduce((a, b) => Math.max(a, b)),
      ];
      const [wrongLow, wrongHigh] = range(values.wrong);
      const [rightLow, rightHigh] = range(values.right);
      const text = (x: number): string => String(Number(x.toPrecision(2)));
      const what = size ? `the size of ${name}` : name;
      const edge = (side: Edge["side"], x: number, next: number): Edge => {
        const words =
          wrongLow === wrongHigh ? `where ${what} is ${text(x)}` : `where ${what} is ${side} about ${text(x)}`;
        const holds: Place["holds"] = ({ given }, at) => {
          const value = of(valueAt(given[name]!, at));
          return side === "above" ? value >= x : value <= x;
        };
        return { id: `${side}-${name}`, words, name, side, ofSize: size, from: x, to: next, holds };
      };
      if (wrongLow > rightHigh) return edge("above", wrongLow, rightHigh);
      if (wrongHigh < rightLow) return edge("below", wrongHigh, rightLow);
    }
  }
  return undefined;
}

/** Whether some values count as right, and are further off than right formulas ever are. */
function fades(answer: Tensor, { value, magnitude }: Measured): boolean {
  return [...answer.toArray()].some((x, i) => {
    const units = Math.abs(x - value[i]!) / (EPSILON * magnitude[i]!);
    return units > SURELY_RIGHT && units <= TOLERANCE;
  });
}

/** The given float tensors with a value for each place of the answer. */
export function floatsAt(step: FunctionStep): string[] {
  const extents = answerExtents(step);
  return givenFloats(step).filter((name) => {
    const other = shapeOf(step, name);
    return other.length === extents.length && other.every((extent, d) => extent === 1 || extent === extents[d]);
  });
}

/** The value of a tensor, broadcast, at a place. */
export function valueAt(x: Tensor, at: readonly number[]): number {
  return x.get(...at.map((i, d) => (x.shape[d] === 1 ? 0 : i)));
}
