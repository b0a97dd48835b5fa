import type { ExperimentDone } from "../../grader/course/lab/run.ts";
import type { Outcome } from "../../grader/kit/training.ts";
import type { GradientCheckReport } from "../../grader/report/gradient-check.ts";
import type { Failure } from "../../grader/verdict/judge.ts";

/** What the workshop asks a grader's worker of its own, and what it is told: besides grading, with the learner's code. */

/** What can be asked. The learner's texts come with it. */
export type CoachQuestion =
  /** A step's answer at its small numbers, beside central differences. */
  | { readonly what: "check"; readonly step: string }
  /** A step's experiment, with the learner's function. */
  | { readonly what: "lab"; readonly step: string }
  /** What is said of each known mistake of a step: the grader has the sentences, and the page's texts do not. */
  | { readonly what: "sentences"; readonly step: string }
  /** What a text with `#tensor` prints. */
  | { readonly what: "scratch"; readonly text: string }
  /** Training with a step's function, from the start, up to so many steps in all; or from where a run has been stopped. */
  | { readonly what: "train"; readonly step: string; readonly steps: number; readonly from?: RunSoFar | undefined };

/** A training run, as far as it has come. */
export interface RunSoFar {
  readonly losses: Float64Array;
  readonly parameters: Elements;
}

/** The elements of tensors, by name. */
export type Elements = Readonly<Record<string, Float32Array>>;

/** What is told while the answer is awaited. */
export type CoachProgress =
  /** How much of an experiment is done, from 0 to 1. */
  | { readonly done: number }
  /** The losses of further training steps, and what they have printed; now and then, the parameters after them. */
  | { readonly losses: readonly number[]; readonly printed: string; readonly parameters?: Elements }
  /** Training is over, and what it has learned is being measured. */
  | { readonly isMeasuring: true };

/** What a scratch text has printed, and what ended it before its end. */
export interface Scratched {
  readonly printed: string;
  readonly failure: Failure | undefined;
  readonly milliseconds: number;
}

/** How training ended: with what it has learned, stopped, or with why it cannot go on. */
export type Trained = { readonly outcome: Outcome } | { readonly isStopped: true } | { readonly failure: Failure };

/** The answer to each question. */
export interface CoachAnswers {
  /** A sentence if there is nothing to compare. */
  readonly check: GradientCheckReport | string;
  readonly lab: ExperimentDone;
  /** By the mistake's id. */
  readonly sentences: Readonly<Record<string, string>>;
  readonly scratch: Scratched;
  readonly train: Trained;
}

/** From the page to the worker. */
export interface ToCoach {
  readonly coach: number;
  readonly question: CoachQuestion;
  readonly files: Readonly<Record<string, string>>;
}

/** From the worker to the page. */
export type FromCoach =
  | { readonly coaching: number; readonly progress: CoachProgress }
  | { readonly coached: number; readonly answer: CoachAnswers[CoachQuestion["what"]] };
