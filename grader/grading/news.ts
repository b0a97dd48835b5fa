import { findSteps, type Course } from "../kit/course.ts";
import type { Experiment } from "../kit/experiment.ts";
import { stepsUpTo, stillAhead, type Milestone, type Pointer } from "../kit/milestone.ts";
import { requiredOf } from "../kit/optional.ts";
import type { FunctionStep, Step } from "../kit/step.ts";
import { passes } from "../verdict/result.ts";
import type { LastVerdicts } from "./progress.ts";

/** Something that is finished, and the steps that it consists of. */
export interface Finished {
  readonly milestone: Milestone;
  readonly steps: readonly Step[];
  readonly next: readonly Pointer[];
}

/** What a grading brings for the first time. */
export interface News {
  /** The steps that pass for the first time. */
  readonly passed: readonly Step[];
  /** The traps that are near what passed. */
  readonly traps: readonly Trap[];
  readonly finished: readonly Finished[];
}

/** A step with an experiment. */
export type Trap = FunctionStep & { readonly experiment: Experiment };

/**
 * What is new after a grading.
 *
 * @param before the verdicts before it; whatever passed once is not new
 */
export function newsOf(course: Course, before: LastVerdicts, after: LastVerdicts): News {
  const isOld = ({ id }: Step): boolean => before.get(id)?.passedOnce ?? false;
  const isPassed = ({ id }: Step): boolean => passes(after.get(id)?.verdict ?? "not-started");
  const passed = course.steps.filter((step) => isPassed(step) && !isOld(step));
  const finished = finishable(course).filter(
    ({ steps }) => steps.length > 0 && steps.every(isPassed) && steps.some((step) => passed.includes(step)),
  );
  const hasPassed = (id: string): boolean =>
    (before.get(id)?.passedOnce ?? false) || (after.get(id)?.passedOnce ?? false);
  return {
    passed,
    traps: trapsOf(course).filter((trap) => !hasPassed(trap.id) && isNear(trap, passed, before, after)),
    finished: finished.map((one) => ({ ...one, next: stillAhead(one.next, hasPassed) })),
  };
}

/** Everything that can be finished, in the course's order. */
export function finishable(course: Course): readonly Finished[] {
  const { parts, steps, end } = course;
  const ofParts = parts.flatMap(({ number, milestones = [] }) => {
    const own = steps.filter(({ part }) => part === number);
    return milestones.map((milestone) => finishedWith(milestone, stepsUpTo(milestone, own)));
  });
  return [...ofParts, ...(end ? [finishedWith(end, requiredOf(steps))] : [])];

  function finishedWith(milestone: Milestone, steps: readonly Step[]): Finished {
    const next = milestone.next.map((one): Pointer => {
      if (typeof one === "string") return { text: one, to: [] };
      return { text: one.text, to: findSteps(course, one.to).map(({ id }) => id) };
    });
    return { milestone, steps, next };
  }
}

/** The steps that have an experiment. */
export function trapsOf({ functionSteps }: Course): readonly Trap[] {
  return functionSteps.filter((step): step is Trap => step.experiment !== undefined);
}

function isNear({ experiment }: Trap, passed: readonly Step[], before: LastVerdicts, after: LastVerdicts): boolean {
  const { after: where } = experiment;
  if (where === undefined) return false;
  if ("step" in where) return passed.some(({ id }) => id === where.step);
  const has = (verdicts: LastVerdicts): boolean => [...verdicts.values()].some(({ verdict }) => verdict === "rounding");
  return has(after) && !has(before);
}
