import type { Tensor } from "#tensor";
import { makeBatches, makeCase, type Case } from "../course/cases.ts";
import { functionSteps, type FunctionStep } from "../course/steps.ts";
import { Generator } from "../model/random.ts";
import { sameShape } from "../tensor/shape.ts";
import { difference, worstRatio } from "../verdict/compare.ts";
import { diagnose } from "./diagnose.ts";
import { answerOf } from "./formulas.ts";

/** What the course's check of its own verdicts found. */
export interface SelfCheck {
  seeds: number;
  /** Right formulas, how often one was accepted, and the largest error in units of epsilon times magnitude. */
  forms: number;
  accepted: number;
  worstRatio: number;
  /** Catalogued mistakes, how often one was rejected, and how often it was named as itself. */
  mistakes: number;
  rejected: number;
  named: number;
  /** How far off the nearest of them was, in the same units, in the case that shows it best. */
  nearest: number;
  /** What did not come out as it should, a line each, the first of its kind. */
  problems: string[];
}

/** Asks every right formula and every known mistake the cases of many seeds. */
export function checkVerdicts(seeds: number): SelfCheck {
  const found: SelfCheck = {
    seeds,
    forms: functionSteps.reduce((sum, { forms }) => sum + forms.length, 0),
    accepted: 0,
    worstRatio: 0,
    mistakes: functionSteps.reduce((sum, { mistakes }) => sum + mistakes.length, 0),
    rejected: 0,
    named: 0,
    nearest: Infinity,
    problems: [],
  };
  const problems = new Set<string>();
  for (let seed = 0; seed < seeds; seed++) {
    // seeds of neighbouring batches are neighbours too: keep them apart
    const batches = makeBatches(seed * 16);
    for (const step of functionSteps) {
      const generator = new Generator(seed * 16 + step.number);
      const cases = batches.map((batch) => makeCase(step, batch, generator));
      checkForms(step, cases, found, problems);
      checkMistakes(step, cases, found, problems);
    }
  }
  found.problems = [...problems];
  return found;
}

function checkForms(step: FunctionStep, cases: readonly Case[], found: SelfCheck, problems: Set<string>): void {
  for (const [i, form] of step.forms.entries()) {
    const accepted = cases.every((asked) => {
      const answer = form(copyOf(asked.given));
      found.worstRatio = Math.max(found.worstRatio, worstRatio(answer, asked.truth));
      return sameShape(answer.shape, asked.truth.shape) && difference(answer, asked.truth) === undefined;
    });
    if (accepted) found.accepted += 1;
    else problems.add(`${step.id}: right form ${i} is not accepted`);
  }
}

function checkMistakes(step: FunctionStep, cases: readonly Case[], found: SelfCheck, problems: Set<string>): void {
  for (const mistake of step.mistakes) {
    const symptoms = cases.map((asked) => ({ case: asked, answer: answerOf(mistake, asked.given) }));
    const rejected = symptoms.some(({ case: { truth }, answer }) => {
      return !("shape" in answer) || !sameShape(answer.shape, truth.shape) || difference(answer, truth) !== undefined;
    });
    const ratios = symptoms.flatMap(({ case: { truth }, answer }) => {
      return "shape" in answer && sameShape(answer.shape, truth.shape) ? [worstRatio(answer, truth)] : [];
    });
    // an error and a wrong shape are no matter of distance
    if (ratios.length === symptoms.length) found.nearest = Math.min(found.nearest, Math.max(...ratios));
    if (rejected) found.rejected += 1;
    else problems.add(`${step.id}: the mistake "${mistake.id}" passes`);
    const named = diagnose(step, symptoms)?.id;
    if (named === mistake.id) found.named += 1;
    else problems.add(`${step.id}: the mistake "${mistake.id}" is taken for "${named ?? "nothing"}"`);
  }
}

/** The inputs as a learner's function gets them: copies, which it may change. */
function copyOf(given: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.clone()]));
}
