import type { Tensor } from "#tensor";
import type { Probed } from "../diagnosis/behaviour.ts";
import { diagnose } from "../diagnosis/diagnose.ts";
import { isNearly, right } from "../diagnosis/formulas/match.ts";
import { whereFirstNotFinite } from "../diagnosis/not-finite.ts";
import type { Probe } from "../diagnosis/probes.ts";
import { whatIsSeenInOne } from "../diagnosis/seen.ts";
import { areRight, namedMistake, symptomsOf, type Diagnosis } from "../diagnosis/symptom.ts";
import { isSteady, judge, lectureAnswer, type Failure, type Outcome } from "../verdict/judge.ts";
import type { Indices } from "../network/named.ts";
import type { ShownGradient, StepResult } from "../verdict/result.ts";
import { askFunction } from "./answers.ts";
import type { Case } from "../kit/case.ts";
import type { FunctionStep } from "../kit/step.ts";
import type { Run } from "./host.ts";
import type { OpenStep } from "./open.ts";
import type { OrderedQuestion } from "./questions.ts";
import { gradientToShow } from "./shown-gradient.ts";

type ProbesOf = (hasThrown: boolean) => readonly Probe[];

/** A function that was graded on its own, not yet in the chain. */
export interface GradedFunction {
  result: StepResult;
  /** Whether its answer to the first case passes, the lecture's batch or the step's example: other steps' chains need no more. */
  passesFirst: () => boolean;
  /** Its answer to the first case, of any shape; undefined if it is not a tensor. */
  first: Tensor | undefined;
  /** The answer to draw. */
  shown: (batch: Indices) => ShownGradient;
  /** Whether the same inputs got the same answer every time. */
  isSteady: boolean;
}

/**
 * @param probesOf the questions that tell mistakes apart, of a function that threw or of one that did not; undefined if
 *   nobody will read the mistake
 */
export async function gradeFunction(
  open: OpenStep<FunctionStep>,
  { cases, reference, order }: OrderedQuestion,
  probesOf: ProbesOf | undefined,
): Promise<GradedFunction> {
  const asking = async (): Promise<{ outcome: Outcome; run: Run; result: StepResult }> => {
    const { outcome, ...run } = await askFunction(open, cases, order);
    return { outcome, run, result: judge({ cases, reference }, outcome, run) };
  };
  let asked = await asking();
  const isAnswered = Array.isArray(asked.outcome);
  if (isAnswered && !asked.result.passed && open.learner.apart?.(open.step.id, open.bundle)) asked = await asking();
  const { outcome, run, result } = asked;
  if (probesOf && isDiagnosable(result)) {
    result.mistake = namedMistake(await findMistake(open, cases, outcome, probesOf));
  }
  const passesFirst = (): boolean => {
    const first = Array.isArray(outcome) ? outcome.filter((call) => call.case === 0) : outcome;
    return judge({ cases: [cases[0]], reference }, first, run).passed;
  };
  const shown = (batch: Indices): ShownGradient => gradientToShow({ cases, reference }, outcome, batch);
  return { result, passesFirst, first: lectureAnswer(outcome), shown, isSteady: isSteady(outcome) };
}

/** A function that is missing, or does not compile. */
export function ungradedFunction(question: OrderedQuestion, failure: Failure): GradedFunction {
  const result = judge(question, failure, { printed: "", milliseconds: 0 });
  const shown = (batch: Indices): ShownGradient => gradientToShow(question, failure, batch);
  return { result, passesFirst: () => false, first: undefined, shown, isSteady: true };
}

/** Whether an answer is wrong in a way that its values, its shape or its error can explain. */
function isDiagnosable({ verdict }: StepResult): boolean {
  return verdict === "wrong" || verdict === "shape" || verdict === "threw" || verdict === "not-finite";
}

/** Names the mistake from the answers to the random cases and to a dozen further questions. */
async function findMistake(
  open: OpenStep<FunctionStep>,
  cases: readonly Case[],
  outcome: Outcome,
  probesOf: ProbesOf,
): Promise<Diagnosis | null> {
  // not from the lecture's batch, the first case, on which some mistakes do not show, nor from small numbers
  const [lecture, ...others] = symptomsOf(cases, outcome);
  const symptoms = others.filter((_, i) => !cases[i + 1]!.small);
  if (symptoms.length === 0 || symptoms.includes(undefined) || !isSteady(outcome)) return null;
  // except for what is wrong only there, such as zero divided by zero
  const told = symptoms.filter((symptom) => symptom !== undefined);
  if (areRight(told) || isNearly(right, told)) {
    const found = [lecture, ...others].flatMap((symptom) => (symptom && whereFirstNotFinite(symptom)) ?? []);
    if (found[0]) return found[0];
  }
  const probes = probesOf(told.some(({ answer }) => "thrown" in answer));
  const asked = probes.map((probe) => probe.case);
  const probed = await askFunction(open, asked, [...asked.keys()]);
  const answers = symptomsOf(asked, probed.outcome);
  const probedBy = probes.flatMap((probe, i): Probed[] =>
    answers[i] ? [{ ...probe, answer: answers[i].answer }] : [],
  );
  if (!areRight(told)) return diagnose(told, probedBy);
  return whatIsSeenInOne(
    [lecture, ...others].filter((symptom) => symptom !== undefined),
    probedBy,
  );
}
