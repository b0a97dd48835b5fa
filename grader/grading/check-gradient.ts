import type { Tensor } from "#tensor";
import { differencesOf } from "../kit/differences.ts";
import { smallGiven } from "../kit/instance.ts";
import type { FunctionStep, Step } from "../kit/step.ts";
import { describe, sameShape } from "../tensor/shape.ts";
import { checkAgainst, type GradientCheck } from "../verdict/gradient-check.ts";
import { AnswerError, answerError, tensorFrom } from "./ask.ts";
import type { Host } from "./host.ts";
import { isOpen, openStep } from "./open.ts";

/** A step's answer beside differences of its forward lines, or why there is nothing to compare. */
export type CheckedStep =
  | /** The step asks for no gradient of one tensor. */ {
      readonly kind: "no-gradient";
      readonly asks: "value" | "training";
    }
  | /** The code gave no tensor of the right shape; in words. */ {
      readonly kind: "no-answer";
      readonly problem: string;
    }
  | ({ readonly kind: "checked" } & GradientCheck);

/**
 * Calls a step's function with its small numbers, and compares the answer with central differences of the forward lines.
 *
 * @throws what the host throws if nothing can be bundled
 */
export async function checkGradient(host: Host, step: Step): Promise<CheckedStep> {
  if (step.kind !== "function") return { kind: "no-gradient", asks: "training" };
  if (step.asks === "value") return { kind: "no-gradient", asks: "value" };
  const given = smallGiven(step);
  const differences = differencesOf(step, given);
  try {
    const answer = await answerTo(host, step, given);
    if (!sameShape(answer.shape, differences.shape)) {
      const problem = `it returned ${describe(answer.shape)}, expected ${describe(differences.shape)}, the shape of ${step.tensor}`;
      return { kind: "no-answer", problem };
    }
    return { kind: "checked", ...checkAgainst(answer, differences) };
  } catch (error) {
    if (error instanceof AnswerError) return { kind: "no-answer", problem: error.message };
    throw error;
  }
}

/** @throws AnswerError if the function cannot be called or gives no tensor */
async function answerTo(host: Host, step: FunctionStep, given: Readonly<Record<string, Tensor>>): Promise<Tensor> {
  const open = await openStep(host, step);
  if (!isOpen(open)) throw answerError(open);
  try {
    return await tensorFrom(open, given);
  } finally {
    open.learner.close();
  }
}
