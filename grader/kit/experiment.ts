import type { Tensor } from "#tensor";
import type { Mistake } from "./mistake.ts";

/** The learner's function of a step: what it is given by name, and its answer. */
export type Ask = (given: Readonly<Record<string, Tensor>>) => Promise<Tensor>;

/** A step of the course, as far as an experiment asks about it. */
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
  /** Whether the lecture's comparison takes an answer for the right gradient. */
  looksRight: (answer: Tensor, truth: Tensor) => boolean;
  /** Undefined where the step is not started, or gives no tensor. */
  yours: Ask | undefined;
  /** Called now and then with how much is done, from 0 to 1; lets other work in. */
  progress: (done: number) => Promise<void>;
}

/** A line of a plot: one number a step of training. */
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
  /** What the curves are of. */
  plotted?: string;
  curves?: readonly Curve[];
  tables: readonly Table[];
  /** What there is to see in it, each a short paragraph. */
  remarks: readonly string[];
}

/**
 * A trap, made to snap: with it, without it, and with it repaired by the learner's function, which is that of the step
 * whose experiment it is.
 */
export interface Experiment<Dataset = unknown> {
  /** The trap in one sentence. */
  trap: string;
  /** What is done, in a sentence or two. */
  setting: string;
  /** A method, so that experiments with different data have a common type. */
  run(bench: Bench<Dataset>): Promise<Findings>;
}
