import type { Case } from "../course/cases.ts";
import type { FunctionStep } from "../course/steps.ts";
import { answersTo, byBranch, unlikeAGradient, type Probed } from "./behaviour.ts";
import { knownMistakes } from "./formulas.ts";
import { areRight, both, byFormula, byNumber, byScaledChange, byScaledMistake, byUnknownFactor } from "./matching.ts";
import { beyondThreshold } from "./places.ts";
import { whatIsSeen } from "./seen.ts";
import { byShapeAlone, remedies } from "./shapes.ts";
import { allSeen, hasRightShape, type Diagnosis, type Seen, type Symptom } from "./symptom.ts";

/**
 * Names the mistake that a step's answers show: a known one, two known ones at once, a formula with one thing changed,
 * or what the numbers have in common. Where nothing is sure, it says what is seen and claims nothing.
 *
 * @param symptoms the answers to random cases (not the lecture's batch, where some mistakes cannot be seen)
 * @param probed the answers to makeProbes, where they were asked for
 */
export function diagnose(
  step: FunctionStep,
  symptoms: readonly Symptom[],
  probed: readonly Probed[] = [],
): Diagnosis | null {
  const telling = symptoms.filter(isTelling);
  if (telling.length === 0) return null;
  // small cases first: most comparisons fail on the first
  const smallness = ({ case: { sizes, truth } }: Symptom): number => (step.example ? truth.value.length : sizes.n);
  const sorted = telling.toSorted((a, b) => smallness(a) - smallness(b));
  const named = byFormula(step, sorted) ?? byScaledMistake(step, sorted);
  if (named) return named;
  const seen = allSeen(sorted);
  if (!seen) return whereSquare(step, probed);
  if (!seen.every(hasRightShape)) return byShape(step, seen);
  return (
    byNumber(seen) ??
    beyondThreshold(step, seen) ??
    byBranch(step, probed, (parts, others) => partly(step, parts, others)) ??
    unlikeAGradient(step, probed) ??
    byScaledChange(step, seen) ??
    byUnknownFactor(step, seen) ??
    whatIsSeen(step, seen, probed)
  );
}

/** Below this part of what was added up, rounding errors show in a value. */
const NOISE = 1e-3;

/** Whether the right answer is more than what rounding leaves of zero: the fused batchnorm's is not in a batch of two. */
function isTelling({ case: { truth } }: Symptom): boolean {
  const { value, magnitude } = truth;
  const clear = value.filter((x, i) => Math.abs(x) > NOISE * magnitude[i]!);
  return clear.length >= value.filter((x) => x !== 0).length / 2;
}

/** A wrong shape, and what is wrong besides once it is mended. */
function byShape(step: FunctionStep, seen: readonly Seen[]): Diagnosis | null {
  for (const { id, sentence, mended } of remedies(step, seen)) {
    if (areRight(mended)) return { id, sentence };
    const second = byFormula(step, mended) ?? byScaledMistake(step, mended) ?? byNumber(mended);
    if (second) return both({ id, sentence }, second);
  }
  return byShapeAlone(step, seen);
}

/** Where an answer is thrown for want of fitting shapes: what it is where all sizes are equal. */
function whereSquare(step: FunctionStep, probed: readonly Probed[]): Diagnosis | null {
  const square = answersTo("square", probed);
  if (square.length === 0) return null;
  const found = byFormula(step, square);
  // a known mistake speaks for itself
  if (found && knownMistakes(step).some(({ id }) => id === found.id)) return found;
  const intro = `the shapes fit only where ${step.example ? "all sizes" : "n, vocab and hidden"} are equal`;
  if (found) return { id: `square-${found.id}`, sentence: `${intro}; there, ${found.sentence}` };
  return { id: "seen-square", sentence: `${intro}: is a dimension taken for another, or a transpose missing?` };
}

/** What can be said of one branch of a gradient. */
function partly(step: FunctionStep, parts: readonly Symptom[], others: readonly Case[]): Diagnosis | null {
  const named = byFormula(step, parts, others) ?? byScaledChange(step, parts);
  if (named) return named;
  const seen = allSeen(parts);
  if (!seen) return null;
  return byNumber(seen) ?? beyondThreshold(step, seen) ?? byUnknownFactor(step, seen) ?? whatIsSeen(step, seen, []);
}
