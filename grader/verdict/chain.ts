import type { Tensor } from "#tensor";
import type { Measured } from "../autograd/measured.ts";
import { tensorOf, upstreamsOf, type FunctionStep } from "../kit/step.ts";
import { difference, lectureLine } from "./compare.ts";
import type { StepResult } from "./result.ts";

/** The verdict on a step in the chain of the learner's own gradients. */
export type InChain = NonNullable<StepResult["inChain"]>;

/** A step of the chain that has been run. */
export interface ChainLink {
  step: FunctionStep;
  /** Whether the step passes on its own. */
  passed: boolean;
  /** Its answer from the learner's own earlier gradients; undefined if it gave no gradient. */
  answer: Tensor | undefined;
}

/** The links whose gradients a step of the chain is given. */
function givenBy(step: FunctionStep, steps: readonly FunctionStep[]): FunctionStep[] {
  if (!step.chain) return [];
  const tensors = upstreamsOf(step).map(tensorOf);
  return steps.filter(
    (other) => other.network === step.network && other.chain === "link" && tensors.includes(other.tensor),
  );
}

/** A step and all earlier steps that its gradient depends on, in the course's order. */
export function chainTo(step: FunctionStep, steps: readonly FunctionStep[]): FunctionStep[] {
  const found = new Set([step]);
  for (const member of found) for (const earlier of givenBy(member, steps)) found.add(earlier);
  return steps.filter((other) => found.has(other));
}

/**
 * Judges a step in the chain.
 *
 * @param links every link of the chain to the step, the step's own included
 * @param reference the float32 reference on the lecture's batch
 * @param truth the same in float64, with the magnitudes of the whole backward pass
 * @returns "exact", "rounding" or "wrong"; "not-started" if an earlier step gave no gradient, so that the chain does not
 *   reach this one. `brokenAt` is the first step that does not pass on its own, or that gave no gradient.
 */
export function judgeInChain(
  step: FunctionStep,
  links: readonly ChainLink[],
  reference: Tensor,
  truth: () => Measured,
): InChain {
  const answer = links.find((link) => link.step === step)?.answer;
  const brokenAt = links.find((link) => !link.passed)?.step.id ?? null;
  if (answer === undefined) {
    const silent = links.find((link) => link.answer === undefined);
    return { verdict: "not-started", brokenAt: silent?.step.id ?? step.id };
  }
  const { exact } = lectureLine(step.tensor, answer, reference);
  if (exact) return { verdict: "exact", brokenAt: null };
  if (difference(answer, truth()) === undefined) return { verdict: "rounding", brokenAt: null };
  return { verdict: "wrong", brokenAt: brokenAt ?? step.id };
}
