import { tensor } from "#tensor";
import { shapeOf } from "../kit/step.ts";
import { wrongElements } from "../verdict/compare.ts";
import { givenFloats, list, stepOf, wordIn, type Diagnosis, type Seen } from "./symptom.ts";

/** Below this part of the correct answer's magnitude, a value is a rounding error. */
const ROUNDED = 2 ** -14;

/** Every value is zero except for rounding: something was summed that cancels. */
export function nothingButRounding(seen: readonly Seen[]): Diagnosis | null {
  const step = stepOf(seen);
  const isNothing = seen.every(({ case: { truth }, answer }) =>
    answer.toArray().every((value, i) => Math.abs(value) <= ROUNDED * truth.magnitude[i]!),
  );
  if (!isNothing) return null;
  const cancelled = givenFloats(step).flatMap((name) =>
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
      return isZero ? [`${name} sums to zero over the ${wordIn(step, extent)}s`] : [];
    }),
  );
  // otherwise, numbers this small may be intended
  if (cancelled.length === 0) return null;
  return {
    id: "nothing-but-rounding",
    sentence: `every value is zero except for rounding: ${list(cancelled)}; is it summed before it is multiplied?`,
  };
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
