import { tensor } from "#tensor";
import type { Case } from "../kit/case.ts";
import { givenShape, type FunctionStep } from "../course/steps.ts";
import { wrongElements } from "../verdict/compare.ts";
import { weightedBeside } from "./terms.ts";
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
  byPlainFormula,
  byScaledChange,
  byScaledMistake,
  byUnknownFactor,
} from "./matching.ts";
import { byOverflow, whereNotFinite } from "./notfinite.ts";
import { beyondThreshold } from "./places.ts";
import { unusedBy, whatIsSeen } from "./seen.ts";
import { byShapeAlone, remedies } from "./shapes.ts";
import {
  allFinite,
  allSeen,
  givenFloats,
  hasRightShape,
  isRight,
  list,
  wordFor,
  type About,
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
  const about: About = { step, unused: unusedBy(probed) };
  const known = (isAnyFinite ? byKnownMistake(step, symptoms) : null) ?? byOverflow(step, symptoms);
  if (known) return known;
  // on the lecture's batch, with its many zeros, it may be others
  const where = `with random numbers, ${whereNotFinite(step, seen)}`;
  if (isRightWhereFinite(seen)) return { id: "seen-not-finite", sentence: `${where}; every other number is right` };
  const whole = seen.filter(({ answer }) => allFinite(answer));
  const wrong = whole.filter((symptom) => !isRight(symptom));
  const rest =
    byFiniteNumbers(about, seen) ??
    (wrong.length > 1 ? diagnose(step, whole, probed) : null) ??
    unlikeAGradient(step, probed);
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
  const about: About = { step, unused: unusedBy(probed) };
  const named = byFormula(about, sorted) ?? byScaledMistake(step, sorted);
  const seen = allSeen(sorted);
  // a place says less than the branch, the power or the formula that is behind it
  if (named && !named.id.startsWith("seen")) return named;
  if (!seen) return named ?? whereSquare(about, sorted, probed) ?? pastTheEnd(sorted);
  if (!seen.every(hasRightShape)) return named ?? byShape(about, seen);
  const unlike = unlikeAGradient(step, probed);
  const edge = named ? null : beyondThreshold(step, seen);
  return (
    nothingButRounding(step, seen) ??
    byNumber(seen) ??
    byLimit(step, seen) ??
    (edge?.id.startsWith("seen") ? null : edge) ??
    byBranch(step, probed, (parts, others) => partly(about, parts, others)) ??
    leftAtZero(seen) ??
    weightedBeside(step, seen) ??
    (unlike && !unlike.id.startsWith("seen") ? unlike : null) ??
    byScaledChange(about, seen) ??
    byPlainFormula(about, seen) ??
    named ??
    unlike ??
    edge ??
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
function byShape(about: About, seen: readonly Seen[]): Diagnosis | null {
  const { step } = about;
  for (const { id, sentence, mended } of remedies(step, seen)) {
    if (areRight(mended)) return { id, sentence };
    const second = byFormula(about, mended) ?? byScaledMistake(step, mended) ?? byNumber(mended);
    if (second && !second.id.startsWith("seen")) return both({ id, sentence }, second);
  }
  const plain = byPlainFormula(about, seen);
  const alone = byShapeAlone(step, seen);
  if (!plain || !alone) return plain ?? alone;
  return { id: plain.id, sentence: `${plain.sentence}; ${alone.sentence}` };
}

/** Where an answer is thrown for want of fitting shapes: what it is where sizes are equal. */
function whereSquare(about: About, symptoms: readonly Symptom[], probed: readonly Probed[]): Diagnosis | null {
  const { step } = about;
  for (const kind of ["square", "even"] as const) {
    const square = answersTo(kind, probed);
    if (square.length === 0 || !square.every(hasRightShape)) continue;
    const found = byFormula(about, square);
    // a known mistake speaks for itself
    if (found && knownMistakes(step).some(({ id }) => id === found.id)) return found;
    if (symptoms.some(({ answer }) => !("shape" in answer) && NAMES_ITS_CAUSE.test(answer.thrown))) return null;
    const intro = `the shapes fit only where ${kind === "even" ? "block and embd" : equalSizes(step)} are equal`;
    if (areRight(square)) {
      return { id: `${kind}-right`, sentence: `${intro}, and there the answer is right: is one taken for another?` };
    }
    if (found) return { id: `${kind}-${found.id}`, sentence: `${intro}; there, ${found.sentence}` };
    return { id: `seen-${kind}`, sentence: `${intro}: is a dimension taken for another, or a transpose missing?` };
  }
  return null;
}

/** Errors that say what to do: what is seen of the shapes besides could only contradict them. */
const NAMES_ITS_CAUSE = /did a sum drop|has no dimension/;

/** The sizes of a step's tensors that the square case makes equal: "n and vocab". */
function equalSizes(step: FunctionStep): string {
  const extents = step.given.flatMap((name) => givenShape(name));
  const equal = (["n", "vocab", "hidden", "block*embd"] as const).filter((extent) => extents.includes(extent));
  return equal.length > 1 && !step.example ? list(equal) : "all sizes";
}

/** An index that does not exist, in some batches or in all. */
function pastTheEnd(symptoms: readonly Symptom[]): Diagnosis | null {
  const thrown = symptoms.flatMap(({ answer }) => ("shape" in answer ? [] : [answer.thrown]));
  if (thrown.length === 0 || !thrown.every((message) => OUTSIDE.test(message))) return null;
  const where = thrown.length === symptoms.length ? "" : "in some batches and not in others, ";
  const sentence =
    `${where}an index lies outside its tensor: does a loop end at a number, or at the size of another dimension? ` +
    "The last index is one less than the size";
  return { id: "past-the-end", sentence };
}

/** What an index outside a tensor says. */
const OUTSIDE = /lies outside|out of range/;

/** Below this part of what is added up for the right answer, a value is what rounding left. */
const ROUNDED = 2 ** -14;

/** Every value is what rounding leaves of zero: something was added up that cancels. */
function nothingButRounding(step: FunctionStep, seen: readonly Seen[]): Diagnosis | null {
  const isNothing = seen.every(({ case: { truth }, answer }) =>
    answer.toArray().every((value, i) => Math.abs(value) <= ROUNDED * truth.magnitude[i]!),
  );
  if (!isNothing) return null;
  const cancelled = givenFloats(step, seen[0]!.case).flatMap((name) =>
    givenShape(name).flatMap((extent, dim) => {
      if (extent === 1) return [];
      const isZero = seen.every(({ case: { given } }) => {
        const x = given[name]!;
        const sizes = tensor(x.toArray().map(Math.abs), x.shape).sum(dim).toArray();
        return x
          .sum(dim)
          .toArray()
          .every((value, i) => Math.abs(value) <= ROUNDED * sizes[i]!);
      });
      return isZero ? [`${name} adds up to zero over the ${wordFor(extent)}s`] : [];
    }),
  );
  // without it, numbers as small as that may be meant
  if (cancelled.length === 0) return null;
  return {
    id: "nothing-but-rounding",
    sentence: `every value is zero, but for rounding: ${list(cancelled)}; is it added up before it is multiplied?`,
  };
}

/** Every wrong value is zero: those places were not filled. */
function leftAtZero(seen: readonly Seen[]): Diagnosis | null {
  const isLeft = seen.every(({ case: { truth }, answer }) => {
    const values = answer.toArray();
    return wrongElements(answer, truth).every((i) => values[i] === 0);
  });
  if (!isLeft) return null;
  return {
    id: "left-at-zero",
    sentence: "every wrong value is zero, and all others are right: which places does the code fill?",
  };
}

/** What can be said of one branch of a gradient. */
function partly(about: About, parts: readonly Symptom[], others: readonly Case[]): Diagnosis | null {
  const { step } = about;
  const named = byFormula(about, parts, others) ?? byScaledMistake(step, parts, others) ?? byScaledChange(about, parts);
  if (named && !named.id.startsWith("seen")) return named;
  const seen = allSeen(parts);
  if (!seen) return named;
  return (
    byNumber(seen) ?? named ?? beyondThreshold(step, seen) ?? byUnknownFactor(step, seen) ?? whatIsSeen(step, seen, [])
  );
}
