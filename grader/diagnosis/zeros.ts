import { tensor } from "#tensor";
import { caseWith } from "../kit/case.ts";
import { shapeOf } from "../kit/step.ts";
import { isSame, wrongElements } from "../verdict/compare.ts";
import { listed } from "../kit/listed.ts";
import { givenFloats, rightAnswer, severalIn, stepOf, type Diagnosis, type Seen } from "./symptom.ts";

/** Below this part of the correct answer's magnitude, a value is a rounding error. */
const ROUNDED = 2 ** -14;
/** And this is about as much as is left of a float32 sum that cancels. */
const LEFT = 2 ** -18;

/** Every value is zero except for rounding: something was summed that cancels. */
export function nothingButRounding(seen: readonly Seen[]): Diagnosis | null {
  if (!seen.every((one) => isBelow(one, ROUNDED))) return null;
  const nothing = "every value is zero except for rounding";
  const cancelled = cancelledIn(seen);
  if (cancelled.length > 0) {
    const sentence = `${nothing}: ${listed(cancelled)}; is it summed before it is multiplied?`;
    return { id: "nothing-but-rounding", sentence };
  }
  // numbers that are not quite as small as those of a sum that cancels, or that have the right signs, may be intended
  if (!seen.every((one) => isBelow(one, LEFT)) || !hasWrongSigns(seen)) return null;
  const sentence = `${nothing}: the terms of a sum cancel, as differences from their own mean do; is a mean subtracted that is not in the forward lines?`;
  return { id: "nothing-but-rounding", sentence };
}

/** Whether at least a quarter of the values have the wrong sign, as those of rounding errors do. */
function hasWrongSigns(seen: readonly Seen[]): boolean {
  const told = seen.flatMap(({ case: { truth }, answer }) =>
    Array.from(answer.toArray(), (value, i) => value * truth.value[i]!).filter((product) => product !== 0),
  );
  return told.filter((product) => product < 0).length >= told.length / 4;
}

function isBelow({ case: { truth }, answer }: Seen, part: number): boolean {
  return answer.toArray().every((value, i) => Math.abs(value) <= part * truth.magnitude[i]!);
}

/** The given tensors in the correct answer that sum to zero along a dimension, in words. */
function cancelledIn(seen: readonly Seen[]): string[] {
  const step = stepOf(seen);
  const [{ case: asked }] = seen as [Seen];
  const isIn = (name: string): boolean =>
    !isSame(rightAnswer(caseWith(asked, { [name]: asked.given[name]!.mul(2) })), rightAnswer(asked));
  return givenFloats(step).flatMap((name) =>
    shapeOf(step, name).flatMap((extent, dim) => {
      if (extent === 1) return [];
      const isZero = seen.every(({ case: { given } }) => {
        const x = given[name]!;
        const sizes = tensor(x.toArray().map(Math.abs), x.shape).sum(dim).toArray();
        return x
          .sum(dim)
          .toArray()
          .every((value, i) => Math.abs(value) <= ROUNDED * sizes[i]!);
      });
      return isZero && isIn(name) ? [`${name} sums to zero over the ${severalIn(step, extent)}`] : [];
    }),
  );
}

/** Every wrong value is zero: these entries were not filled. */
export function leftAtZero(seen: readonly Seen[]): Diagnosis | null {
  const isLeft = seen.every(({ case: { truth }, answer }) => {
    const values = answer.toArray();
    return wrongElements(answer, truth).every((i) => values[i] === 0);
  });
  if (!isLeft) return null;
  return {
    id: "left-at-zero",
    sentence: "every wrong value is zero, and all others are right: which entries does the code fill?",
  };
}

/** Every value is zero. */
export function allZero(seen: readonly Seen[]): Diagnosis | null {
  const isZero = seen.every(({ answer }) => answer.toArray().every((value) => value === 0));
  return isZero ? { id: "zero", sentence: "every value is zero" } : null;
}
