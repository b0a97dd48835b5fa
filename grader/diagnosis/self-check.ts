import type { Tensor } from "#tensor";
import type { Course } from "../kit/course.ts";
import { makeBatches, makeCase, type Case } from "../kit/case.ts";
import { Generator } from "../network/random.ts";
import { sameShape } from "../tensor/shape.ts";
import { difference, worstRatio } from "../verdict/compare.ts";
import { diagnose } from "./diagnose.ts";
import { answerOf } from "./formulas/formula.ts";
import type { FunctionStep } from "../kit/step.ts";

/** What the course's check of its own verdicts found. */
export interface SelfCheck {
  seeds: number;
  /** Correct formulas, how many were accepted over all seeds, and the largest error in units of epsilon times magnitude. */
  forms: number;
  accepted: number;
  worstRatio: number;
  /** Known mistakes, how many were rejected over all seeds, and how many were named correctly. */
  mistakes: number;
  rejected: number;
  named: number;
  /** How far off the nearest mistake was, in the same units, in the case that shows it best. */
  nearest: number;
  /** How often each strategy named a mistake: a likely one alone, with its sign flipped, or with a one added. */
  strategies: Readonly<Record<string, number>>;
  /** What went wrong, one line per kind. */
  problems: string[];
}

/** Runs every correct formula and every known mistake on the cases of many seeds. */
export function checkVerdicts({ functionSteps }: Course, seeds: number): SelfCheck {
  const found: SelfCheck = {
    seeds,
    forms: functionSteps.reduce((sum, { forms }) => sum + forms.length, 0),
    accepted: 0,
    worstRatio: 0,
    mistakes: functionSteps.reduce((sum, { mistakes }) => sum + mistakes.length, 0),
    rejected: 0,
    named: 0,
    nearest: Infinity,
    strategies: {},
    problems: [],
  };
  const problems = new Set<string>();
  const counts = new Map<string, number>();
  const networks = [...new Set(functionSteps.map(({ network }) => network))];
  for (let seed = 0; seed < seeds; seed++) {
    // the batches of a seed use neighboring seeds: keep them apart
    const batches = new Map(networks.map((network) => [network, makeBatches(network, seed * 16)]));
    for (const step of functionSteps) {
      const generator = new Generator(seed * 16 + step.number);
      const cases = batches.get(step.network)!.map((batch) => makeCase(step, batch, generator));
      checkForms(step, cases, found, problems);
      checkMistakes(step, cases, found, problems);
      if (seed === 0) for (const name of strategiesOf(step, cases)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  found.problems = [...problems];
  found.strategies = Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
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
    else problems.add(`${step.id}: correct form ${i} is not accepted`);
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
    // an error or a wrong shape has no distance
    if (ratios.length === symptoms.length) found.nearest = Math.min(found.nearest, Math.max(...ratios));
    if (rejected) found.rejected += 1;
    else problems.add(`${step.id}: the mistake "${mistake.id}" passes`);
    const named = diagnose(symptoms)?.id;
    if (named === mistake.id) found.named += 1;
    else problems.add(`${step.id}: the mistake "${mistake.id}" is taken for "${named ?? "nothing"}"`);
  }
}

/** What else can be wrong together with a known mistake. */
const besides: readonly ((answer: Tensor) => Tensor)[] = [(x) => x, (x) => x.neg(), (x) => x.add(1)];

/** How many of a step's mistakes are tried with something else wrong: a search that finds nothing takes long. */
const TRIED = 3;

/** The strategies that name a step's likeliest mistakes, alone and with something else wrong; "none" if nothing is said. */
function strategiesOf({ mistakes }: FunctionStep, cases: readonly Case[]): string[] {
  return mistakes.slice(0, TRIED).flatMap((mistake) =>
    besides.map((beside) => {
      const symptoms = cases.map((asked) => {
        const answer = answerOf(mistake, asked.given);
        return { case: asked, answer: "shape" in answer ? beside(answer) : answer };
      });
      return diagnose(symptoms)?.by ?? "none";
    }),
  );
}

/** The inputs as a learner's function gets them: copies, which it may change. */
function copyOf(given: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.clone()]));
}
