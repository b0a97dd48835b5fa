import type { Tensor } from "#tensor";
import type { Dataset } from "../course/makemore/dataset.ts";

/** The learner's function of a step: what it is given by name, and its answer. */
export type Ask = (given: Readonly<Record<string, Tensor>>) => Promise<Tensor>;

/** What an experiment has to work with. */
export interface Bench {
  dataset: Dataset;
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

/** A trap, made to snap: with it, without it, and with it repaired by the learner's function. */
export interface Experiment {
  /** The step whose function it asks. */
  id: string;
  /** The trap in one sentence. */
  trap: string;
  /** What is done, in a sentence or two. */
  setting: string;
  run: (bench: Bench) => Promise<Findings>;
}
