import { TensorError, type Tensor } from "#tensor";
import { mistakesOf } from "../course/catalogue.ts";
import type { Case } from "../course/cases.ts";
import type { Mistake } from "../course/mistakes/mistake.ts";
import type { FunctionStep } from "../course/steps.ts";
import type { Named } from "../model/backward.ts";
import { isSame } from "./compare.ts";
import { fingerprint } from "./fingerprints.ts";
import { factors, type Factor } from "./factors.ts";
import type { StepResult } from "./result.ts";

/** The mistake that answers show, in a sentence. */
export type Diagnosis = NonNullable<StepResult["mistake"]>;

/** One answer to be explained: a tensor, or what was thrown. */
export interface Symptom {
  case: Case;
  answer: Tensor | { thrown: string };
}

/**
 * Names the mistake that a step's answers show: a known one, two known ones at once, or what the numbers have in
 * common. Where nothing is sure, nothing is claimed.
 *
 * @param symptoms the answers to random cases (not the lecture's batch, where some mistakes cannot be seen)
 */
export function diagnose(step: FunctionStep, symptoms: readonly Symptom[]): Diagnosis | null {
  if (symptoms.length === 0) return null;
  if (symptoms.every(isNearlyRight)) return NEARLY_RIGHT;
  const known = mistakesOf(step.id);
  const named = known.find((mistake) => symptoms.every((symptom) => explains(mistake, symptom)));
  if (named) return { id: named.id, sentence: named.sentence };
  return constantFactor(symptoms) ?? scaled(known, symptoms) ?? fingerprint(step, symptoms);
}

const NEARLY_RIGHT: Diagnosis = {
  id: "nearly-right",
  sentence:
    "every value is nearly right, within one part in 10,000 of the largest: is something rounded or cut off, or a " +
    "small constant another one?",
};

function isNearlyRight({ case: { truth }, answer }: Symptom): boolean {
  return "shape" in answer && isSame(answer, truth.toTensor());
}

/** Factors that go with another mistake: a sign, and a mean taken for a sum. */
const besides = factors.filter(({ id }) => id === "sign" || id === "times-n");

/** A known mistake and a second one, a factor. */
function scaled(known: readonly Mistake[], symptoms: readonly Symptom[]): Diagnosis | null {
  for (const mistake of known) {
    const factor = besides.find((candidate) => symptoms.every((symptom) => explains(mistake, symptom, candidate)));
    if (factor)
      return { id: `${mistake.id}+${factor.id}`, sentence: `${mistake.sentence}; and besides, ${factor.sentence}` };
  }
  return null;
}

/** All values are off by one factor that the sizes explain. */
function constantFactor(symptoms: readonly Symptom[]): Diagnosis | null {
  const rights = symptoms.map(({ case: { truth } }) => truth.toTensor());
  const factor = factors.find(({ of }) =>
    symptoms.every(({ case: { sizes }, answer }, i) => {
      return "shape" in answer && isSame(answer, rights[i]!.mul(of(sizes)));
    }),
  );
  return factor ? { id: factor.id, sentence: factor.sentence } : null;
}

function explains(mistake: Mistake, { case: asked, answer }: Symptom, factor?: Factor): boolean {
  const wrong = answerOf(mistake, asked.given);
  if (!("shape" in answer)) return !("shape" in wrong) && answer.thrown.endsWith(wrong.thrown);
  if (!("shape" in wrong)) return false;
  return isSame(answer, factor ? wrong.mul(factor.of(asked.sizes)) : wrong);
}

/** What a mistake gives, or throws, for some inputs. */
export function answerOf(mistake: Mistake, given: Named<Tensor>): Tensor | { thrown: string } {
  try {
    return mistake.answer(given as never);
  } catch (error) {
    if (error instanceof TensorError) return { thrown: error.message };
    throw error;
  }
}
