import {
  both,
  byAnotherTensor,
  byChange,
  byFactor,
  byKnownMistake,
  byLimit,
  byNumber,
  byPlainFormula,
  byScaledChange,
  byScaledMistake,
  byTranspose,
  byUnknownFactor,
} from "./by-formula.ts";
import { byBranch, largestOf, unlikeAGradient, type Probed } from "./behaviour.ts";
import { upstreamsOf } from "../kit/step.ts";
import { countsOf } from "./counts.ts";
import { beyondThreshold } from "./places.ts";
import { byPower } from "./powers.ts";
import { byPlaceOfNumber } from "./place-of-number.ts";
import { whatIsSeen } from "./seen.ts";
import { byShapeAlone, remedies } from "./shapes.ts";
import { evidenceOf, ifClaimed, walk, type Evidence, type Strategy } from "./strategy.ts";
import { areRight, claimed, type About, type Diagnosis, type Symptom } from "./symptom.ts";
import { somethingAdded, weightedBeside, weightedBranches } from "./terms.ts";
import { mulOrMatmul, pastTheEnd, whereEqual, writtenClasses } from "./thrown.ts";
import { allZero, leftAtZero, nothingButRounding } from "./zeros.ts";

/**
 * The formula that gives exactly these answers: a known mistake, a factor, a sum of branches, a transpose, one thing changed,
 * or the place of everything that is wrong. None of them explains answers that are right.
 */
const formulas: readonly Strategy[] = [
  { name: "known mistake", needs: "any", find: ({ symptoms, untouched }) => byKnownMistake(symptoms, untouched) },
  { name: "factor", needs: "any", find: ({ symptoms }) => byFactor(symptoms) },
  { name: "all zero", needs: "tensors", find: ({ seen }) => allZero(seen!) },
  { name: "weights of the branches", needs: "tensors", find: ({ seen }) => weightedBranches(seen!) },
  { name: "something added", needs: "tensors", find: ({ seen }) => somethingAdded(seen!) },
  { name: "another tensor", needs: "tensors", find: ({ about, seen }) => byAnotherTensor(about, seen!) },
  { name: "zeros in one place", needs: "right-shape", find: ({ place }) => claimed(place) },
  { name: "power", needs: "right-shape", find: ({ about, place, shaped }) => (place ? null : byPower(about, shaped!)) },
  {
    name: "number added elsewhere",
    needs: "right-shape",
    find: ({ about, place, shaped }) => (place ? null : byPlaceOfNumber(about, shaped!)),
  },
  { name: "transpose", needs: "tensors", find: ({ about, seen }) => byTranspose(about, seen!) },
  { name: "one thing changed", needs: "tensors", find: ({ about, seen }) => byChange(about, seen!) },
  { name: "number", needs: "right-shape", find: ({ place, shaped }) => place && byNumber(shaped!) },
];

/** A formula together with a factor. If everything wrong is in one place, a factor of all values says nothing. */
const scaled: Strategy = {
  name: "known mistake and factor",
  needs: "any",
  find: ({ place, symptoms, untouched }) => (place ? null : byScaledMistake(symptoms, untouched)),
};

const place: Strategy = { name: "place", needs: "right-shape", find: (evidence) => evidence.place };
const number: Strategy = { name: "number", needs: "right-shape", find: ({ shaped }) => byNumber(shaped!) };
const edge: Strategy = { name: "edge", needs: "right-shape", find: ({ shaped }) => beyondThreshold(shaped!) };
const unlike: Strategy = {
  name: "unlike a gradient",
  needs: "right-shape",
  find: ({ probed }) => unlikeAGradient(probed),
};
const unknown: Strategy = { name: "unknown factor", needs: "tensors", find: ({ seen }) => byUnknownFactor(seen!) };

/** What can be said of one branch of a gradient. */
const ofBranch: readonly Strategy[] = [
  { name: "formula", needs: "any", find: byFormula },
  scaled,
  {
    name: "one thing changed and factor",
    needs: "any",
    find: ({ about, place, symptoms }) => (place ? null : byScaledChange(about, symptoms)),
  },
  { ...number, needs: "tensors", find: ({ seen }) => byNumber(seen!) },
  place,
  { ...edge, needs: "tensors", find: ({ seen }) => beyondThreshold(seen!) },
  unknown,
  { name: "seen", needs: "tensors", find: ({ seen }) => whatIsSeen(seen!, []) },
];
/** All strategies, in the order of what they claim: causes first, then what was only seen. */
const strategies: readonly Strategy[] = [
  { name: "formula", needs: "any", find: byFormula },
  scaled,
  { name: "mul or matmul", needs: "thrown", find: mulOrMatmul },
  { name: "written classes", needs: "thrown", find: ({ symptoms }) => writtenClasses(symptoms) },
  {
    name: "equal sizes",
    needs: "thrown",
    find: (evidence) => whereEqual(evidence, (at) => byFormula(evidenceOf(evidence.about, at))),
  },
  { name: "past the end", needs: "thrown", find: ({ symptoms }) => pastTheEnd(symptoms) },
  { name: "shape", needs: "other-shape", find: byShape },
  { name: "nothing but rounding", needs: "right-shape", find: ({ shaped }) => nothingButRounding(shaped!) },
  number,
  { name: "limit", needs: "right-shape", find: ({ shaped }) => byLimit(shaped!) },
  ifClaimed(edge),
  {
    name: "branch",
    needs: "right-shape",
    find: ({ about, probed }) =>
      byBranch(probed, (parts, others) => {
        return walk(ofBranch, evidenceOf({ ...about, silent: silentIn(parts) }, parts, [], others));
      }),
  },
  { name: "left at zero", needs: "right-shape", find: ({ shaped }) => leftAtZero(shaped!) },
  { name: "weights beside a factor", needs: "right-shape", find: ({ shaped }) => weightedBeside(shaped!) },
  ifClaimed(unlike),
  {
    name: "one thing changed and factor",
    needs: "right-shape",
    find: ({ about, shaped }) => byScaledChange(about, shaped!),
  },
  { name: "plain formula", needs: "right-shape", find: ({ about, shaped }) => byPlainFormula(about, shaped!) },
  place,
  unlike,
  edge,
  unknown,
  { name: "seen", needs: "right-shape", find: ({ shaped, probed }) => whatIsSeen(shaped!, probed) },
  { name: "counts", needs: "right-shape", find: ({ shaped }) => countsOf(shaped!) },
];

/** The upstream gradients that are zero in all of some cases. */
function silentIn(symptoms: readonly Symptom[]): Set<string> {
  const isSilent = (name: string): boolean => symptoms.every(({ case: { given } }) => largestOf(given[name]!) === 0);
  return new Set(upstreamsOf(symptoms[0]!.case.step).filter(isSilent));
}

function byFormula(evidence: Evidence): Diagnosis | null {
  return areRight(evidence.symptoms) ? null : (walk(formulas, evidence) ?? null);
}

/** A wrong shape, and what else is wrong once it is fixed. */
function byShape({ about, seen }: Evidence): Diagnosis | null {
  for (const { id, sentence, fixed } of remedies(seen!)) {
    if (areRight(fixed)) return { id, sentence };
    const second = walk(besideShape, evidenceOf(about, fixed));
    if (second) return both({ id, sentence }, second);
  }
  const plain = byPlainFormula(about, seen!);
  const alone = byShapeAlone(seen!);
  if (!plain || !alone) return plain ?? alone;
  return { id: plain.id, sentence: `${plain.sentence}; ${alone.sentence}` };
}

/** What may be wrong in addition to a wrong shape. */
const besideShape: readonly Strategy[] = [
  { name: "formula", needs: "any", find: byFormula },
  scaled,
  { ...number, find: ({ place, shaped }) => (place ? null : byNumber(shaped!)) },
];

/**
 * Names the mistake in answers whose numbers are all finite; some may be errors that were thrown.
 *
 * @param probed the answers to makeProbes, if they were asked for
 */
export function byStrategies(about: About, symptoms: readonly Symptom[], probed: readonly Probed[]): Diagnosis | null {
  return walk(strategies, evidenceOf(about, symptoms, probed));
}
