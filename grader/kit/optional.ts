import type { Step } from "./step.ts";

/** The steps of the course proper. */
export function requiredOf(steps: readonly Step[]): Step[] {
  return steps.filter(({ isOptional }) => !isOptional);
}

/** The steps of the course proper, and those of each part beyond it in which one is begun. */
export function inReach<S>(all: readonly S[], stepOf: (one: S) => Step, isBegun: (one: S) => boolean): S[] {
  const begun = new Set(all.filter(isBegun).map((one) => stepOf(one).part));
  return all.filter((one) => !stepOf(one).isOptional || begun.has(stepOf(one).part));
}
