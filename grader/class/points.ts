import type { Course } from "../kit/course.ts";
import { findSteps } from "../kit/course.ts";
import type { Step } from "../kit/step.ts";
import type { StepResult } from "../verdict/result.ts";
import type { Points } from "./record.ts";

/** What each step is worth, by its id. */
export type PointsPerStep = ReadonlyMap<string, number>;

/** A points file that cannot be used. */
export class PointsError extends Error {
  override name = "PointsError";
}

/** The part whose steps count nothing by default: the lab is there to look around in. */
const LAB = 5;
const MOST = 1_000_000;

/**
 * What each step is worth: one point, those of the lab none; or what a file says.
 *
 * @param file JSON: by a step's name, a part or "*", whole numbers; the closest one counts, and what is not named is 0
 * @throws PointsError if it says something else
 */
export function pointsPerStep(course: Course, steps: readonly Step[], file?: string): PointsPerStep {
  if (file === undefined) return new Map(steps.map(({ id, part }) => [id, part === LAB ? 0 : 1]));
  const entries = entriesIn(file).map(([word, points]) => ({ points, ...named(course, word) }));
  const broadFirst = entries.toSorted((a, b) => b.steps.length - a.steps.length);
  const found = new Map(steps.map(({ id }) => [id, 0]));
  for (const { steps, points } of broadFirst) {
    for (const { id } of steps) if (found.has(id)) found.set(id, points);
  }
  if ([...found.values()].every((points) => points === 0)) throw new PointsError("gives no point to a selected step");
  return found;
}

function named(course: Course, word: string): { steps: readonly Step[] } {
  const steps = word === "*" ? course.steps : findSteps(course, word);
  if (steps.length === 0) throw new PointsError(`names ${JSON.stringify(word)}, which is no step, part or "*"`);
  return { steps };
}

function entriesIn(file: string): [string, number][] {
  let read: unknown;
  try {
    read = JSON.parse(file);
  } catch (error) {
    throw new PointsError(`is no JSON (${(error as Error).message})`);
  }
  if (typeof read !== "object" || read === null || Array.isArray(read)) {
    throw new PointsError('is no JSON object such as { "*": 1, "train": 5 }');
  }
  return Object.entries(read).map(([word, points]: [string, unknown]) => {
    if (typeof points === "number" && Number.isInteger(points) && points >= 0 && points <= MOST) return [word, points];
    throw new PointsError(`gives ${JSON.stringify(word)} ${JSON.stringify(points)}, which is no whole number from 0`);
  });
}

/** The points for results: those of the steps that pass. */
export function pointsOf(results: readonly Pick<StepResult, "id" | "passed">[], perStep: PointsPerStep): Points {
  const sum = (all: readonly Pick<StepResult, "id">[]): number =>
    all.reduce((sum, { id }) => sum + (perStep.get(id) ?? 0), 0);
  return {
    earned: sum(results.filter(({ passed }) => passed)),
    possible: [...perStep.values()].reduce((a, b) => a + b, 0),
  };
}
