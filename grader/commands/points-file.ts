import { readFileSync } from "node:fs";
import { PointsError, pointsPerStep, type PointsPerStep } from "../class/points.ts";
import { dojo } from "../course/steps.ts";
import type { Step } from "../kit/step.ts";
import { whyNot } from "../runner/system.mjs";
import { resolvePath, UsageError } from "./usage.ts";

export const pointsHelp = `--points FILE      what steps are worth, as JSON: {"*": 1, "part2": 5, "train": 10}; 1 each by default,
                       and 0 in part 5`;

/**
 * What `--points` says of the selected steps; without it the default, or one point each if that gives none at all.
 *
 * @throws UsageError if the file cannot be read or says something else
 */
export function pointsFor(typed: string | undefined, steps: readonly Step[]): PointsPerStep {
  if (typed === undefined) {
    const points = pointsPerStep(dojo, steps);
    return [...points.values()].some((one) => one > 0) ? points : new Map(steps.map(({ id }) => [id, 1]));
  }
  try {
    return pointsPerStep(dojo, steps, readFileSync(resolvePath(typed), "utf8"));
  } catch (error) {
    if (error instanceof PointsError) throw new UsageError(`--points ${typed}: ${error.message}`);
    throw new UsageError(`--points ${typed}: cannot be read (${whyNot(error)}); is the path right?`);
  }
}
