import type { Tensor } from "#tensor";
import type { Case } from "../kit/case.ts";
import { consistent, differencesOf } from "../kit/differences.ts";
import { smallGiven } from "../kit/instance.ts";
import type { FunctionStep, Step } from "../kit/step.ts";
import { describe, sameShape } from "../tensor/shape.ts";
import { wrongElements } from "../verdict/compare.ts";
import { checkAgainst, type GradientCheck } from "../verdict/gradient-check.ts";
import { AnswerError, answerError, tensorFrom } from "./ask.ts";
import type { Host } from "./host.ts";
import { isOpen, openStep, type OpenStep } from "./open.ts";
import { randomCases } from "./questions.ts";
import { seedOf } from "./texts.ts";

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
  | ({
      readonly kind: "checked";
      /** Where the answer was compared, if it agrees at the small numbers and is wrong at random ones. */
      readonly random?: RandomPlace;
    } & GradientCheck);

/** A random case, of which the entries that are furthest off were compared. */
export interface RandomPlace extends Pick<Case, "step" | "sizes"> {
  /** How many entries the answer has. */
  readonly total: number;
}

/** How many of the entries that are wrong are compared, at random numbers. */
const MOST = 6;

/**
 * Calls a step's function with its small numbers, and compares the answer with central differences of the forward lines. If
 * they agree, but the answer is wrong at the random numbers that decide its verdict, these are compared instead.
 *
 * @throws what the host throws if nothing can be bundled
 */
export async function checkGradient(host: Host, step: Step): Promise<CheckedStep> {
  if (step.kind !== "function") return { kind: "no-gradient", asks: "training" };
  if (step.asks === "value") return { kind: "no-gradient", asks: "value" };
  const open = await openStep(host, step);
  if (!isOpen(open)) return { kind: "no-answer", problem: answerError(open).message };
  try {
    const small = await checkSmall(open);
    return (small.kind === "checked" && small.agrees ? await checkRandom(host, open) : undefined) ?? small;
  } catch (error) {
    if (error instanceof AnswerError) return { kind: "no-answer", problem: error.message };
    throw error;
  } finally {
    open.learner.close();
  }
}

/** @throws AnswerError if the function gives no tensor */
async function checkSmall(open: OpenStep<FunctionStep>): Promise<CheckedStep> {
  const { step } = open;
  const given = consistent(step, smallGiven(step));
  const differences = differencesOf(step, given);
  const answer = await tensorFrom(open, given);
  if (!sameShape(answer.shape, differences.shape)) {
    const problem = `it returned ${describe(answer.shape)}, expected ${describe(differences.shape)}, the shape of ${step.tensor}`;
    return { kind: "no-answer", problem };
  }
  return { kind: "checked", ...checkAgainst(answer, differences) };
}

/** The entries that are furthest off at random numbers, in the smallest case that has any; undefined if all are right. */
async function checkRandom(host: Host, open: OpenStep<FunctionStep>): Promise<CheckedStep | undefined> {
  const { step } = open;
  const cases = randomCases(step, seedOf(host, step.id, open.texts));
  for (const asked of cases.sort((a, b) => a.truth.value.length - b.truth.value.length)) {
    const answer = await tensorFrom(open, asked.given);
    const places = sameShape(answer.shape, asked.truth.shape) ? mostWrong(answer, asked) : [];
    if (places.length === 0) continue;
    const differences = differencesOf(step, asked.given, { places, isScaled: true });
    // these entries are wrong, however small they are next to others
    const random = { step, sizes: asked.sizes, total: answer.numel() };
    return { kind: "checked", random, ...checkAgainst(answer, differences, places, 0), agrees: false };
  }
  return undefined;
}

function mostWrong(answer: Tensor, { truth }: Case): number[] {
  const values = answer.toArray();
  const off = (i: number): number => Math.abs(values[i]! - truth.value[i]!) / truth.magnitude[i]!;
  return wrongElements(answer, truth)
    .sort((a, b) => off(b) - off(a))
    .slice(0, MOST);
}
