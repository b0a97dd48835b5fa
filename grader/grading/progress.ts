import { inReach } from "../kit/optional.ts";
import type { Step } from "../kit/step.ts";
import { nextOf, passes, type StepResult, type Verdict } from "../verdict/result.ts";

/** The last verdict on a step, and the texts it is about. */
export interface LastVerdict {
  verdict: Verdict;
  /** Whether this or an earlier verdict passed. */
  passedOnce: boolean;
  /** The identity of the grader that gave it. */
  grader: string;
  /** The tree's own files that were graded, and a hash of their texts. */
  files: readonly string[];
  texts: string;
}

/** As much of a step's result as is remembered. */
export type Graded = Pick<StepResult, "id" | "verdict" | "source" | "uncompiled">;

/** Last verdicts by step id. */
export type LastVerdicts = ReadonlyMap<string, LastVerdict>;

/** What came of a question before the code. */
export type Reply = "right" | "wrong" | "skipped";

export type State = "passed" | "reopened" | "started" | "not-started" | "missing";

/** A learner's progress on one step. */
export interface StepProgress {
  step: Step;
  state: State;
  /** The verdict on the file as it is now; null if this grader has not graded it. */
  verdict: Verdict | null;
  /** Why a step that once passed is open again. */
  because: "edit" | "course" | null;
  /** Why there is no text, if it is not because there is no file: "a link, a folder or a pipe". */
  unread?: string;
}

/** A learner's files, as a host provides them. */
export interface LearnerFiles {
  /** The file's text; undefined if it is missing or unreadable. */
  textOf: (file: string) => string | undefined;
  /** What is in the place of a file that has no text; undefined if nothing is. */
  inPlaceOf: (file: string) => string | undefined;
  /** A hash of the names and the texts of some files. */
  hashOf: (files: readonly string[]) => string;
  /** Whether a step's text is still its stub. */
  isStub: (step: Step, text: string) => boolean;
}

/** Adds newer verdicts. A step whose file is missing, or does not compile because of another file, keeps its old one. */
export function withResults(known: LastVerdicts, results: readonly Graded[], grader: string): LastVerdicts {
  const all = new Map(known);
  for (const { id, verdict, source, uncompiled } of results) {
    const graded = source ?? uncompiled;
    if (!graded) continue;
    const passedOnce = passes(verdict) || (all.get(id)?.passedOnce ?? false);
    all.set(id, { verdict, passedOnce, grader, ...graded });
  }
  return all;
}

/** Progress on every step, from the files as they are now and the last verdicts. */
export function progressOf(
  steps: readonly Step[],
  files: LearnerFiles,
  known: LastVerdicts,
  grader: string,
): StepProgress[] {
  return steps.map((step) => progressOn(step, known.get(step.id), files, grader));
}

function progressOn(step: Step, last: LastVerdict | undefined, files: LearnerFiles, grader: string): StepProgress {
  const progress = (state: State, more: Partial<StepProgress> = {}): StepProgress => {
    return { step, state, verdict: null, because: null, ...more };
  };
  const text = files.textOf(step.file);
  if (text === undefined) {
    const unread = files.inPlaceOf(step.file);
    return progress("missing", unread === undefined ? {} : { unread });
  }
  const isSame = last !== undefined && files.hashOf(last.files) === last.texts;
  const verdict = isSame && last.grader === grader ? last.verdict : null;
  if (verdict && passes(verdict)) return progress("passed", { verdict });
  if (verdict === "not-started" || files.isStub(step, text)) return progress("not-started", { verdict });
  if (last?.passedOnce) {
    const because = isSame && passes(last.verdict) ? "course" : "edit";
    return progress("reopened", { verdict, because });
  }
  return progress("started", { verdict });
}

/** Progress on the course proper, and on each part beyond it in which a step is begun. */
export function progressInReach(all: readonly StepProgress[]): StepProgress[] {
  return inReach(
    all,
    ({ step }) => step,
    ({ state }) => state !== "not-started" && state !== "missing",
  );
}

/** The step to work on next, by the same rule as in the report; of a part beyond the course proper only if it is begun. */
export function nextStep(all: readonly StepProgress[]): StepProgress | undefined {
  return nextOf(
    progressInReach(all),
    ({ state }) => state === "passed",
    ({ state }) => state !== "not-started",
  );
}
