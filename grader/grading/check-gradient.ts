import type { Tensor } from "#tensor";
import type { Case } from "../kit/case.ts";
import { consistent, differencesOf } from "../kit/differences.ts";
import { hasSmallNumbers, smallGiven } from "../kit/instance.ts";
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
      /** Where the answer was compared, if the step has no small numbers, or if it is wrong only at random ones. */
      readonly random?: RandomPlace;
    } & GradientCheck);

/** A random case, of which the entries that are furthest off were compared. */
export interface RandomPlace extends Pick<Case, "step" | "sizes"> {
  /** How many entries the answer has. */
  readonly total: number;
  /** Whether no small numbers were compared before. */
  readonly isOnly: boolean;
}

/** How many of the entries that are wrong are compared, at random numbers. */
const MOST = 6;
/** How many entries of an answer that is right are compared there, if the step has no small numbers. */
const SPREAD = 8;

/**
 * Calls a step's function with its small numbers, and compares the answer with central differences of the forward lines. If
 * they agree, but the answer is wrong at the random numbers that decide its verdict, these are compared instead. So they are
 * if the step has no small numbers.
 *
 * @throws what the host throws if nothing can be bundled
 */
export async function checkGradient(host: Host, step: Step): Promise<CheckedStep> {
  if (step.kind !== "function") return { kind: "no-gradient", asks: "training" };
  if (step.asks === "value") return { kind: "no-gradient", asks: "value" };
  const open = await openStep(host, step);
  if (!isOpen(open)) return { kind: "no-answer", problem: answerError(open).message };
  try {
    if (!hasSmallNumbers(step)) return (await checkRandom(host, open)) ?? (await checkSpread(host, open));
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
  for (const asked of cases.sort(bySize)) {
    const answer = await tensorFrom(open, asked.given);
    const places = sameShape(answer.shape, asked.truth.shape) ? mostWrong(answer, asked) : [];
    if (places.length === 0) continue;
    const differences = differencesOf(step, asked.given, { places, isScaled: true });
    // these entries are wrong, however small they are next to others
    const random = { step, sizes: asked.sizes, total: answer.numel(), isOnly: !hasSmallNumbers(step) };
    return { kind: "checked", random, ...checkAgainst(answer, differences, places, 0), agrees: false };
  }
  return undefined;
}

/** Entries from all over an answer that is right, in the smallest random case. */
async function checkSpread(host: Host, open: OpenStep<FunctionStep>): Promise<CheckedStep> {
  const { step } = open;
  const [asked] = randomCases(step, seedOf(host, step.id, open.texts)).sort(bySize);
  const answer = await tensorFrom(open, asked!.given);
  const total = answer.numel();
  const every = Math.ceil(total / SPREAD);
  const places = Array.from({ length: Math.ceil(total / every) }, (_, i) => i * every);
  const differences = differencesOf(step, asked!.given, { places, isScaled: true });
  const random = { step, sizes: asked!.sizes, total, isOnly: true };
  return { kind: "checked", random, ...checkAgainst(answer, differences, places) };
}

const bySize = (a: Case, b: Case): number => a.truth.value.length - b.truth.value.length;

function mostWrong(answer: Tensor, { truth }: Case): number[] {
  const values = answer.toArray();
  const off = (i: number): number => Math.abs(values[i]! - truth.value[i]!) / truth.magnitude[i]!;
  return wrongElements(answer, truth)
    .sort((a, b) => off(b) - off(a))
    .slice(0, MOST);
}
