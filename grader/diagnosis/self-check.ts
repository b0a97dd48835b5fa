import type { Tensor } from "#tensor";
import type { Course } from "../kit/course.ts";
import { makeBatches, makeCase, type Case } from "../kit/case.ts";
import { Generator } from "../network/random.ts";
import { shapeText } from "../network/shape.ts";
import { sameShape } from "../tensor/shape.ts";
import { difference, worstRatio } from "../verdict/compare.ts";
import { diagnose } from "./diagnose.ts";
import { answerOf } from "./formulas/formula.ts";
import { answerExtents, type FunctionStep } from "../kit/step.ts";

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
  /** Over how many seeds they were asked for their names, which takes longer than anything else. */
  namedSeeds: number;
  /** How far off the nearest mistake was, in the same units, in the case that shows it best. */
  nearest: number;
  /** How often each strategy named a mistake: a likely one alone, with its sign flipped, or with a one added. */
  strategies: Readonly<Record<string, number>>;
  /** What went wrong, one line per kind. */
  problems: string[];
}

/** What may be said about a check of verdicts. */
export interface SelfCheckOptions {
  /** How many of the seeds mistakes are also named for: by default all. */
  namedSeeds?: number;
  /** The first seed: by default 0. */
  first?: number;
  /** What a problem begins with: by default the step's id. */
  nameOf?: (step: FunctionStep) => string;
}

/** Runs every correct formula and every known mistake on the cases of many seeds. */
export function checkVerdicts(
  { functionSteps }: Pick<Course, "functionSteps">,
  seeds: number,
  { namedSeeds = seeds, first = 0, nameOf = ({ id }) => id }: SelfCheckOptions = {},
): SelfCheck {
  const found: SelfCheck = {
    seeds,
    namedSeeds,
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
  const tell = (step: FunctionStep, problem: string): void => void problems.add(`${nameOf(step)}: ${problem}`);
  const counts = new Map<string, number>();
  const networks = [...new Set(functionSteps.map(({ network }) => network))];
  for (let seed = first; seed < first + seeds; seed++) {
    const isNamed = seed < first + namedSeeds;
    // the batches of a seed use neighboring seeds: keep them apart
    const batches = new Map(networks.map((network) => [network, makeBatches(network, seed * 16)]));
    for (const step of functionSteps) {
      const generator = new Generator(seed * 16 + step.number);
      const cases = batches.get(step.network)!.map((batch) => makeCase(step, batch, generator));
      const before = problems.size;
      checkForms(step, cases, found, (problem) => tell(step, problem));
      checkMistakes(step, cases, found, isNamed, (problem) => tell(step, problem));
      if (seed > first || !isNamed || problems.size > before) continue;
      for (const name of strategiesOf(step, cases)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  found.problems = [...problems];
  found.strategies = Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
  return found;
}

/** Is told what is wrong with a step, as often as it shows. */
type Tell = (problem: string) => void;

function checkForms(step: FunctionStep, cases: readonly Case[], found: SelfCheck, tell: Tell): void {
  for (const [i, form] of step.forms.entries()) {
    try {
      const problem = problemOfForm(form, cases, found);
      if (problem === undefined) found.accepted += 1;
      else tell(`correct form ${i + 1} is not accepted: ${problem}`);
    } catch (error) {
      tell(`correct form ${i + 1} throws: ${(error as Error).message}`);
    }
  }
}

/** Why a form is not accepted for some cases; undefined if it is for all. */
function problemOfForm(
  form: FunctionStep["forms"][number],
  cases: readonly Case[],
  found: SelfCheck,
): string | undefined {
  for (const { step, given, truth } of cases) {
    const answer = form(copyOf(given));
    found.worstRatio = Math.max(found.worstRatio, worstRatio(answer, truth));
    if (!sameShape(answer.shape, truth.shape)) {
      return `its shape should be ${shapeText(answerExtents(step))}`;
    }
    if (difference(answer, truth)) return "its values differ from the reference";
  }
  return undefined;
}

function checkMistakes(
  step: FunctionStep,
  cases: readonly Case[],
  found: SelfCheck,
  isNamed: boolean,
  tell: Tell,
): void {
  const broken = step.mistakes.flatMap((mistake) => {
    const error = thrownBy(mistake, cases[0]!);
    return error === undefined ? [] : [`the mistake "${mistake.id}" throws: ${error}`];
  });
  for (const problem of broken) tell(problem);
  // an answer is compared with all of them
  if (broken.length === 0) for (const mistake of step.mistakes) checkMistake(mistake, cases, found, isNamed, tell);
}

/** What is wrong with a mistake's code; an error of a tensor is not, as a learner's answer may end in it. */
function thrownBy(mistake: FunctionStep["mistakes"][number], { given }: Case): string | undefined {
  try {
    answerOf(mistake, given);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function checkMistake(
  mistake: FunctionStep["mistakes"][number],
  cases: readonly Case[],
  found: SelfCheck,
  isNamed: boolean,
  tell: Tell,
): void {
  const symptoms = cases.map((asked) => ({ case: asked, answer: answerOf(mistake, asked.given) }));
  const rejected = symptoms.some(({ case: { truth }, answer }) => {
    return !("shape" in answer) || !sameShape(answer.shape, truth.shape) || difference(answer, truth) !== undefined;
  });
  const ratios = symptoms.flatMap(({ case: { truth }, answer }) => {
    return "shape" in answer && sameShape(answer.shape, truth.shape) ? [worstRatio(answer, truth)] : [];
  });
  // an error or a wrong shape has no distance
  if (ratios.length === symptoms.length) found.nearest = Math.min(found.nearest, Math.max(...ratios));
  if (!rejected) return tell(`the mistake "${mistake.id}" passes: its answer is right`);
  found.rejected += 1;
  if (!isNamed) return;
  const named = diagnose(symptoms)?.id;
  if (named === mistake.id) found.named += 1;
  else tell(`the mistake "${mistake.id}" is ${named === undefined ? "not recognized" : `taken for "${named}"`}`);
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
