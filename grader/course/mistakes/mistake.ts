import type { Tensor } from "#tensor";
import type { Given } from "../exercise.ts";
import type { FunctionStepId } from "../steps.ts";

/** A way to be wrong, as an answer that can be computed. */
export interface Mistake<Id extends FunctionStepId = FunctionStepId> {
  /** Unique within its step. */
  id: string;
  /** What a learner is told: an observation that leads on, never the answer's code. */
  sentence: string;
  /** What someone who makes it was thinking. */
  idea: string;
  /** The wrong answer. It may throw, as the learner's code would. */
  answer: (given: Given<Id>) => Tensor;
}

/** The mistakes of some steps, by step. */
export type MistakesOf<Id extends FunctionStepId> = { readonly [Step in Id]: readonly Mistake<Step>[] };

/** A row of the catalogue; generic in what the step is given. */
export function mistake<G>(
  id: string,
  idea: string,
  sentence: string,
  answer: (given: G) => Tensor,
): { id: string; idea: string; sentence: string; answer: (given: G) => Tensor } {
  return { id, idea, sentence, answer };
}
