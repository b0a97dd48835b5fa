import type { Tensor } from "#tensor";
import type { Measured } from "../autograd/measured.ts";
import type { Case } from "../kit/case.ts";
import { answerExtents, shapeOf, type FunctionStep } from "../kit/step.ts";
import { choicesFor, wordFor, type NamedPlace } from "../network/words.ts";
import { EPSILON, TOLERANCE, position, wrongElements } from "../verdict/compare.ts";
import { givenFloats, seenOnly, stepOf, type Diagnosis, type Seen } from "./symptom.ts";

/** A part of an answer to which values that are wrong, or not finite, can be confined. */
export interface Place extends Omit<NamedPlace, "holds"> {
  /** The given tensor whose sign defines it, if one does. */
  name?: string;
  sign?: "negative" | "positive" | "0";
  /** What to ask where its values are zero and all others right. */
  loop?: string;
  holds: (asked: Case, at: readonly number[]) => boolean;
}

/** The positions at which a given tensor, or its magnitude, is on one side of a number. */
export interface Edge extends Place {
  name: string;
  side: "above" | "below";
  ofSize: boolean;
  /** The value nearest to the edge on this side, and the nearest on the other. */
  from: number;
  to: number;
}

/** Correct formulas stay below this many units of epsilon times magnitude. */
const SURELY_RIGHT = 6;
/** Fewer right or wrong values than this show nothing. */
const ENOUGH = 4;

/** Where all wrong values of all answers are, if that place has a name. */
export function confinedTo(seen: readonly Seen[]): Diagnosis | null {
  const marked = seen.map((one) => ({ ...one, wrong: wrongPlaces(one) }));
  const place = placesOf(stepOf(seen)).find((place) => confines(place, marked));
  return place ? said(place, marked) : null;
}

/** A given tensor's threshold, if all wrong values are on one side of it. */
export function beyondThreshold(seen: readonly Seen[]): Diagnosis | null {
  const place = threshold(seen);
  const marked = seen.map((one) => ({ ...one, wrong: wrongPlaces(one) }));
  return place ? said(place, marked) : null;
}

function said({ id, words, holds, loop }: Place, marked: readonly Marked[]): Diagnosis {
  // zeros at every position of the place, not only at some
  const zero = marked.every(({ case: asked, answer }) =>
    answer.toArray().every((value, i) => value === 0 || !holds(asked, position(i, answer.shape))),
  );
  if (zero) return { id, sentence: `the values ${words} are zero; all others are right${loop ? `: ${loop}` : ""}` };
  const whole = marked.every(({ case: asked, answer, wrong }) => {
    const inside = answer.toArray().filter((_, i) => holds(asked, position(i, answer.shape))).length;
    return wrong.length === inside;
  });
  // this says where values are wrong, not why
  const sentence = whole
    ? `the values ${words} are wrong, and all others are right`
    : `every wrong value is ${words}, though not all values there are wrong`;
  return seenOnly(id, sentence);
}

function wrongPlaces({ answer, case: { truth } }: Seen): number[][] {
  return wrongElements(answer, truth).map((i) => position(i, answer.shape));
}

interface Marked extends Seen {
  wrong: number[][];
}

/**
 * Whether everything wrong is in the place, much of the place is wrong, and there is enough outside it. Outside a place that
 * a sign defines, zeros do not count: whatever is multiplied by zero is right there.
 */
function confines({ holds, sign }: Place, marked: readonly Marked[]): boolean {
  let [inside, outside, wrong] = [0, 0, 0];
  for (const one of marked) {
    if (!one.wrong.every((at) => holds(one.case, at))) return false;
    wrong += one.wrong.length;
    for (let i = 0; i < one.answer.numel(); i++) {
      if (holds(one.case, position(i, one.answer.shape))) inside += 1;
      else if (sign === undefined || one.case.truth.value[i] !== 0) outside += 1;
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
      {
        id: `first-${extent}`,
        words: `in the first ${word}`,
        loop: "does a loop begin at 1?",
        holds: (_asked, at) => at[dim] === 0,
      },
      {
        id: `last-${extent}`,
        words: `in the last ${word}`,
        loop: "does a loop end one too early?",
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

/** The threshold of a given tensor that has all wrong values on one side and all right ones on the other. */
export function threshold(seen: readonly Seen[]): Edge | undefined {
  // an error that only fades away has no edge
  if (seen.some(({ case: { truth }, answer }) => fades(answer, truth))) return undefined;
  return edgeOf(seen, seen.map(wrongPlaces));
}

/** The threshold of a given tensor that separates some positions of each answer from all others. */
export function edgeOf(seen: readonly Seen[], wrong: readonly number[][][]): Edge | undefined {
  // answers of which each is wrong everywhere or nowhere have an edge between batches, for any reason
  if (!seen.some(({ answer }, i) => wrong[i]!.length > 0 && wrong[i]!.length < answer.numel())) return undefined;
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
      const what = size ? `the magnitude of ${name}` : name;
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

/** Whether some values pass, but are further off than correct formulas ever are. */
function fades(answer: Tensor, { value, magnitude }: Measured): boolean {
  return [...answer.toArray()].some((x, i) => {
    const units = Math.abs(x - value[i]!) / (EPSILON * magnitude[i]!);
    return units > SURELY_RIGHT && units <= TOLERANCE;
  });
}

/** The given float tensors with a value for each position of the answer. */
export function floatsAt(step: FunctionStep): string[] {
  const extents = answerExtents(step);
  return givenFloats(step).filter((name) => {
    const other = shapeOf(step, name);
    return other.length === extents.length && other.every((extent, d) => extent === 1 || extent === extents[d]);
  });
}

/** The value of a tensor, broadcast, at a position. */
export function valueAt(x: Tensor, at: readonly number[]): number {
  return x.get(...at.map((i, d) => (x.shape[d] === 1 ? 0 : i)));
}
