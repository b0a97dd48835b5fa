import type { Tensor } from "#tensor";

/** What is known of a way to be wrong, at any kind of step. */
export interface KnownMistake {
  /** Unique within its step. */
  id: string;
  /** What someone who makes it was thinking. */
  idea: string;
  /** What a learner is told: an observation that leads on, never the answer's code. */
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

/** A way to be wrong, as an answer that can be computed. */
export interface Mistake<Name extends string = string> extends KnownMistake {
  /** Whether the sentence says itself which branch of the gradient, or which way back, it is about. */
  namesBranch?: true;
  /** The wrong answer. */
  answer: Answer<Name>;
}
