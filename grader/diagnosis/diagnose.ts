import type { Case } from "../course/cases.ts";
import { givenShape, type FunctionStep } from "../course/steps.ts";
import { wrongElements } from "../verdict/compare.ts";
import { answersTo, byBranch, unlikeAGradient, type Probed } from "./behaviour.ts";
import { knownMistakes } from "./formulas.ts";
import {
  areRight,
  both,
  byFiniteNumbers,
  byFormula,
  byKnownMistake,
  byLimit,
  byNumber,
  byScaledChange,
  byScaledMistake,
  byUnknownFactor,
} from "./matching.ts";
import { byOverflow, whereNotFinite } from "./notfinite.ts";
import { beyondThreshold } from "./places.ts";
import { whatIsSeen } from "./seen.ts";
import { byShapeAlone, remedies } from "./shapes.ts";
import {
  allFinite,
  allSeen,
  hasRightShape,
  isRight,
  list,
  type Diagnosis,
  type Seen,
  type Symptom,
} from "./symptom.ts";

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
  const isWhole = ({ answer }: { answer: Symptom["answer"] }): boolean => !("shape" in answer) || allFinite(answer);
  if (!sorted.every(isWhole)) return byNotFinite(step, sorted, probed);
  // behaviour is read from finite numbers; what comes of zeros and of other inputs may show in others
  const isRead = (probe: Probed): boolean => probe.kind === "silent" || probe.kind === "moved" || isWhole(probe);
  const isPlainWhole = probed.every((probe) => probe.kind !== "plain" || isWhole(probe));
  return byFinite(step, sorted, isPlainWhole ? probed.filter(isRead) : []);
}

/** What answers with NaN or infinite numbers show: a known mistake that gives the same ones, or what is sure of the rest. */
function byNotFinite(step: FunctionStep, symptoms: readonly Symptom[], probed: readonly Probed[]): Diagnosis | null {
  const seen = symptoms.filter((symptom): symptom is Seen => "shape" in symptom.answer);
  if (!seen.every(hasRightShape)) return byShapeAlone(step, seen);
  const isAnyFinite = seen.some(({ answer }) =>
    answer.toArray().some((value) => Number.isFinite(value) && value !== 0),
  );
  const known = (isAnyFinite ? byKnownMistake(step, symptoms) : null) ?? byOverflow(step, symptoms);
  if (known) return known;
  // on the lecture's batch, with its many zeros, it may be others
  const where = `with random numbers, ${whereNotFinite(step, seen)}`;
  if (isRightWhereFinite(seen)) return { id: "seen-not-finite", sentence: `${where}; every other number is right` };
  const whole = seen.filter(({ answer }) => allFinite(answer));
  const wrong = whole.filter((symptom) => !isRight(symptom));
  const rest =
    wrong.length > 1 ? diagnose(step, whole, probed) : (byFiniteNumbers(step, seen) ?? unlikeAGradient(step, probed));
  if (!rest) return { id: "seen-not-finite", sentence: where };
  return { id: rest.id, sentence: `${where}; everywhere else, ${rest.sentence}` };
}

/** Whether some numbers are finite, and all of those are right. */
function isRightWhereFinite(seen: readonly Seen[]): boolean {
  let finite = 0;
  for (const {
    answer,
    case: { truth },
  } of seen) {
    const values = answer.toArray();
    finite += values.filter((value) => Number.isFinite(value)).length;
    if (wrongElements(answer, truth).some((i) => Number.isFinite(values[i]!))) return false;
  }
  return finite > 0;
}

/** Names the mistake of answers without a number that is not finite; some may have been thrown. */
function byFinite(step: FunctionStep, sorted: readonly Symptom[], probed: readonly Probed[]): Diagnosis | null {
  const named = byFormula(step, sorted) ?? byScaledMistake(step, sorted);
  if (named) return named;
  const seen = allSeen(sorted);
  if (!seen) return whereSquare(step, sorted, probed);
  if (!seen.every(hasRightShape)) return byShape(step, seen);
  return (
    byNumber(seen) ??
    byLimit(step, seen) ??
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
function whereSquare(step: FunctionStep, symptoms: readonly Symptom[], probed: readonly Probed[]): Diagnosis | null {
  const square = answersTo("square", probed);
  if (square.length === 0 || !square.every(hasRightShape)) return null;
  const found = byFormula(step, square);
  // a known mistake speaks for itself
  if (found && knownMistakes(step).some(({ id }) => id === found.id)) return found;
  if (symptoms.some(({ answer }) => !("shape" in answer) && NAMES_ITS_CAUSE.test(answer.thrown))) return null;
  const intro = `the shapes fit only where ${equalSizes(step)} are equal`;
  if (found) return { id: `square-${found.id}`, sentence: `${intro}; there, ${found.sentence}` };
  return { id: "seen-square", sentence: `${intro}: is a dimension taken for another, or a transpose missing?` };
}

/** Errors that say what to do: what is seen of the shapes besides could only contradict them. */
const NAMES_ITS_CAUSE = /did a sum drop|has no dimension/;

/** The sizes of a step's tensors that the square case makes equal: "n and vocab". */
function equalSizes(step: FunctionStep): string {
  const extents = step.given.flatMap((name) => givenShape(name));
  const equal = (["n", "vocab", "hidden", "block*embd"] as const).filter((extent) => extents.includes(extent));
  return equal.length > 1 && !step.example ? list(equal) : "all sizes";
}

/** What can be said of one branch of a gradient. */
function partly(step: FunctionStep, parts: readonly Symptom[], others: readonly Case[]): Diagnosis | null {
  const named = byFormula(step, parts, others) ?? byScaledChange(step, parts);
  if (named) return named;
  const seen = allSeen(parts);
  if (!seen) return null;
  return byNumber(seen) ?? beyondThreshold(step, seen) ?? byUnknownFactor(step, seen) ?? whatIsSeen(step, seen, []);
}
