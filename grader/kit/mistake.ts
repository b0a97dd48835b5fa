import type { Tensor } from "#tensor";

/** What is known about a mistake, at any kind of step. */
export interface KnownMistake {
  /** Unique within its step. */
  id: string;
  /** What a learner who makes it was thinking. */
  idea: string;
  /** What a learner is told: an observation that leads further, never the answer's code. */
  sentence: string;
  /** What to look at, in the third hint. */
  look: string;
}

/**
 * An answer to a step, right or wrong, from what the step is given. It may throw, as the learner's code would.
 *
 * A method's type, so that lists of answers to different steps have a common type: an answer is only ever called with
 * what its own step is given.
 */
export type Answer<Name extends string = string> = {
  answer(given: Readonly<Record<Name, Tensor>>): Tensor;
}["answer"];

/** A known mistake, as an answer that can be computed. */
export interface Mistake<Name extends string = string> extends KnownMistake {
  /** Whether the sentence itself says which branch of the gradient it is about. */
  namesBranch?: true;
  /** The wrong answer. */
  answer: Answer<Name>;
}
