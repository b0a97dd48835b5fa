import type { Shape, Tensor } from "#tensor";
import type { Indices } from "../network/named.ts";
import type { Sizes } from "../network/shape.ts";
import type { Cause } from "./cause.ts";

/** The verdict on a step. The first two pass. */
export type Verdict =
  /** Right for every input, and bit for bit equal to the reference on the lecture's batch. */
  | "exact"
  /** Right for every input; another order of operations rounds differently. */
  | "rounding"
  /** A value is further off than rounding explains. */
  | "wrong"
  /** Not a tensor of the right shape: another shape, nothing returned, a Promise, an array, a number. */
  | "shape"
  /** NaN or infinite. */
  | "not-finite"
  /** It threw, or the file does not compile. */
  | "threw"
  | "timeout"
  | "out-of-memory"
  /** Right or wrong, it changed its inputs. */
  | "changed-inputs"
  | "not-started"
  /** The file, or the function in it, does not exist. */
  | "missing";

const verdicts: Readonly<Record<Verdict, true>> = {
  exact: true,
  rounding: true,
  wrong: true,
  shape: true,
  "not-finite": true,
  threw: true,
  timeout: true,
  "out-of-memory": true,
  "changed-inputs": true,
  "not-started": true,
  missing: true,
};

/** Whether a value, read from a file perhaps, is a verdict. */
export function isVerdict(value: unknown): value is Verdict {
  return typeof value === "string" && Object.hasOwn(verdicts, value);
}

/** A place in a learner's file, both from 1. */
export interface Position {
  line: number;
  column: number;
}

/** A remark about a place in a learner's file that affects no verdict: a type error, an unused result. */
export interface Note extends Position {
  text: string;
}

/** The lecture's line for one tensor. */
export interface TensorLine {
  /** The tensor whose gradient it is: `counts`. */
  name: string;
  /** The shape that was returned. */
  shape: Shape;
  /** Every element equal to the reference's, -0 being 0. */
  exact: boolean;
  /** torch.allclose with its defaults: |a - b| <= 1e-8 + 1e-5 |b|. */
  approximate: boolean;
  /** The largest absolute difference; null if the shapes differ or something is not finite. */
  maxdiff: number | null;
}

/** An answer and its reference, for display. */
export interface ShownGradient {
  /** What it was computed on: the lecture's batch, the step's example, or small numbers or a random batch where the answer is wrong. */
  on: "lecture" | "example" | "small" | "random";
  sizes: Sizes;
  /** Its index tensors; of a random batch only those that the step is given. */
  batch: Indices;
  reference: Tensor;
  /** The step's answer, of whatever shape; undefined if it is no tensor. */
  answer: Tensor | undefined;
}

/** What is said of a wrong answer. */
export interface NamedMistake {
  id: string;
  sentence: string;
  /** Whether it says only what was seen, and claims no cause. */
  isSeen?: true;
}

/** What grading one step found. */
export interface StepResult {
  id: string;
  part: number;
  number: number;
  /** Relative to the graded tree, with forward slashes. */
  file: string;
  verdict: Verdict;
  passed: boolean;
  /** The lecture's lines; empty if there was no tensor to compare. */
  tensors: TensorLine[];
  /** The step run on the learner's own earlier gradients. */
  inChain: { verdict: Verdict; brokenAt: string | null } | null;
  /** The mistake that the answer shows, or an observation about it. */
  mistake: NamedMistake | null;
  /** What was seen and what to do, if there is something to say. */
  message: string | null;
  /**
   * What is wrong in a training loop, by an id: `gradient-` and the parameter's name, `updated-shape`, `update`,
   * `not-moved`, `moved-along`, `step-alone`, `loss`.
   */
  about?: string;
  /** What the message is about, if that is known. Not in the published JSON. */
  cause?: Cause;
  /** Where in the file, for errors and for what is not started. */
  at: Position | null;
  /** The line of the file that `at` points into. */
  excerpt: string | null;
  /** Further remarks about the file, which affect no verdict. */
  notes: Note[];
  /** How a correct answer differs from the reference on the lecture's batch, if it does. */
  why: string | null;
  /** What was graded: the tree's own files that went into it, and a hash of their texts; null if it did not compile. */
  source: { files: readonly string[]; texts: string } | null;
  /**
   * The same of a file that did not compile, if that depends on its own text alone: what it imports is not known. Not in
   * the published JSON.
   */
  uncompiled?: { files: readonly string[]; texts: string };
  /** What the learner's code printed. */
  printed: string;
  /** Time the learner's code took. */
  milliseconds: number;
  /** The answer itself, if it was asked for and the step is a function. */
  gradient?: ShownGradient;
}

export function passes(verdict: Verdict): boolean {
  return verdict === "exact" || verdict === "rounding";
}

/** The longest message or note, in UTF-16 units: what learner code throws, or a remark quotes, can have any length. */
const LONGEST_TEXT = 1000;

/** A message or a note, cut off if it is longer than a reader wants. */
export function limited(text: string): string {
  const isWhole = text.length <= LONGEST_TEXT;
  // never half of a surrogate pair at the end
  const kept = (isWhole ? text : text.slice(0, LONGEST_TEXT - 1)).replace(/[\ud800-\udbff]$/, "");
  return isWhole ? kept : `${kept}\u2026`;
}

/** How many steps passed, failed, and were not started. */
export interface Summary {
  passed: number;
  failed: number;
  notStarted: number;
  total: number;
}

export function summarize(results: readonly StepResult[]): Summary {
  const passed = results.filter((result) => result.passed).length;
  const notStarted = results.filter((result) => result.verdict === "not-started").length;
  return { passed, failed: results.length - passed - notStarted, notStarted, total: results.length };
}

/**
 * What to work on next: the first step that was started and does not pass; else the first open one after the first that
 * passes, wherever the learner began, so that a step that is reset comes next; else the first that does not pass.
 */
export function nextOf<S>(
  all: readonly S[],
  isPassed: (step: S) => boolean,
  isBegun: (step: S) => boolean,
): S | undefined {
  const open = all.filter((step) => !isPassed(step));
  const begun = all.findIndex(isPassed);
  return open.find(isBegun) ?? open.find((step) => all.indexOf(step) > begun) ?? open[0];
}

/** What to work on next, by results. */
export function nextResult(results: readonly StepResult[]): StepResult | undefined {
  return nextOf(
    results,
    ({ passed }) => passed,
    ({ verdict }) => verdict !== "not-started",
  );
}
