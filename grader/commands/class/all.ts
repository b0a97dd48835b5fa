import type { Grader } from "../../class/grading/grader.ts";
import { inWords } from "../../class/grading/worker.ts";
import type { Points, Problem } from "../../class/record.ts";
import { gradeOne, look, type Common, type Graded } from "../../class/run.ts";
import type { Unread } from "../../class/submissions.ts";
import { classProgress } from "./progress.ts";

/** What was found out about the submissions of a shard before any is graded. */
export interface LookedAll {
  /** Those to grade. */
  open: Unread[];
  /** How many of these are loose files without the course's folders. */
  loose: number;
  unchanged: number;
  /** Those of the unchanged whose steps are now worth something else. */
  revalued: Change[];
  problems: { submission: Unread["submission"]; problem: Problem }[];
}

/** A submission that has other points than in its last result, and the steps that pass now or no longer. */
export interface Change {
  submission: Unread["submission"];
  before: Points;
  now: Points;
  steps: string[];
}

/** @throws the system's error if a result cannot be written */
export async function lookAtAll(unread: readonly Unread[], common: Common, isAgain: boolean): Promise<LookedAll> {
  const found: LookedAll = { open: [], loose: 0, unchanged: 0, revalued: [], problems: [] };
  for (const one of unread) {
    const looked = await look(one, common, isAgain);
    if (looked.state === "problem") found.problems.push({ submission: one.submission, problem: looked.problem });
    else if (looked.state === "unchanged") {
      const { before, now } = looked;
      found.unchanged += 1;
      if (before.earned !== now.earned) found.revalued.push({ submission: one.submission, before, now, steps: [] });
    } else {
      found.open.push(one);
      if (looked.shape === "loose") found.loose += 1;
    }
  }
  return found;
}

/** What came of grading. */
export interface Outcome {
  graded: number;
  changed: Change[];
  /** Which could not be graded, and why. */
  failures: { submission: Unread["submission"]; why: string }[];
  /** How many were not begun because nothing could be graded any more. */
  left: number;
}

/** After so many failures one after another, the others would fail as well. */
const MOST_FAILURES = 3;

/**
 * Grades submissions, one at a time with each grader.
 *
 * @param onStop sets what a signal does while something is graded
 * @param stopped ends the program
 */
export async function gradeAll(
  open: readonly Unread[],
  common: Common,
  graders: readonly Grader[],
  onStop: (act: (signal: NodeJS.Signals) => void) => void,
  stopped: (signal: NodeJS.Signals, outcome: Outcome) => never,
): Promise<Outcome> {
  const outcome: Outcome = { graded: 0, changed: [], failures: [], left: 0 };
  if (open.length === 0) return outcome;
  const progress = classProgress(open.length);
  onStop((signal) => {
    progress.stop();
    outcome.left = open.length - outcome.graded - outcome.failures.length;
    stopped(signal, outcome);
  });
  let next = 0;
  let failedInARow = 0;
  const gradeNext = async (grader: Grader): Promise<void> => {
    while (next < open.length && failedInARow < MOST_FAILURES) {
      const one = open[next++]!;
      try {
        note(outcome, await gradeOne(one, common, grader));
        failedInARow = 0;
      } catch (error) {
        outcome.failures.push({ submission: one.submission, why: inWords(error) });
        failedInARow += 1;
      }
      progress.update(outcome.graded + outcome.failures.length);
    }
  };
  try {
    await Promise.all(graders.map(gradeNext));
  } finally {
    progress.stop();
  }
  outcome.left = open.length - next;
  return outcome;
}

function note(outcome: Outcome, { record, before }: Graded): void {
  outcome.graded += 1;
  if (!before || before.points.earned === record.points.earned) return;
  const passed = new Map(before.steps.map(({ id, passed }) => [id, passed]));
  const steps = record.steps.filter(({ id, passed: now }) => passed.get(id) !== now).map(({ id }) => id);
  outcome.changed.push({ submission: record.submission, before: before.points, now: record.points, steps });
}
