import type { Tensor } from "#tensor";
import type { Mistake } from "./mistake.ts";

/** The learner's function of a step: what it is given by name, and its answer. */
export type Ask = (given: Readonly<Record<string, Tensor>>) => Promise<Tensor>;

/** What an experiment needs to know about a step of the course. */
export interface KnownStep {
  id: string;
  part: number;
  mistakes: readonly Mistake[];
}

/** What an experiment has to work with. */
export interface Bench<Dataset = unknown> {
  dataset: Dataset;
  /** The course's steps that are functions of tensors. */
  steps: readonly KnownStep[];
  /** Whether the lecture's comparison accepts an answer as the correct gradient. */
  looksRight: (answer: Tensor, truth: Tensor) => boolean;
  /** Undefined if the step is not started, or gives no tensor. */
  yours: Ask | undefined;
  /** To be called now and then with the fraction that is done, from 0 to 1; lets other work run. */
  progress: (done: number) => Promise<void>;
}

/** A curve of a plot: one number per training step. */
export interface Curve {
  name: string;
  values: readonly number[];
}

/** Rows of text under headings; the first column names the row. */
export interface Table {
  title: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

/** What an experiment shows. */
export interface Findings {
  /** What the curves show. */
  plotted?: string;
  curves?: readonly Curve[];
  tables: readonly Table[];
  /** What can be seen in it, each a short paragraph. */
  remarks: readonly string[];
}

/**
 * An experiment that springs a trap: with it, without it, and with the trap fixed by the learner's function of the step
 * that the experiment belongs to.
 */
export interface Experiment<Dataset = unknown> {
  /** The trap in one sentence. */
  trap: string;
  /** When the experiment is pointed out: at the first pass of a step, or at the first pass with another rounding. */
  after?: { step: string } | { rounding: true };
  /** What the experiment does, in a sentence or two. */
  setting: string;
  /** A method, so that experiments with different data have a common type. */
  run(bench: Bench<Dataset>): Promise<Findings>;
}
