import type { Tensor } from "#tensor";
import type { Probed } from "../diagnosis/behaviour.ts";
import { diagnose } from "../diagnosis/diagnose.ts";
import { whereFirstNotFinite } from "../diagnosis/not-finite.ts";
import { makeProbes } from "../diagnosis/probes.ts";
import { isRight, namedMistake, symptomsOf, type Diagnosis } from "../diagnosis/symptom.ts";
import { isSteady, judge, lectureAnswer, type Failure, type Outcome } from "../verdict/judge.ts";
import type { StepResult } from "../verdict/result.ts";
import { askFunction } from "./answers.ts";
import type { Case } from "../kit/case.ts";
import type { FunctionStep } from "../kit/step.ts";
import type { OpenStep } from "./open.ts";
import { PROBES, type OrderedQuestion } from "./questions.ts";
import type { StepSeed } from "./texts.ts";

/** A function that was graded on its own, not yet in the chain. */
export interface GradedFunction {
  result: StepResult;
  /** Whether its answer to the first case passes, the lecture's batch or the step's example: other steps' chains need no more. */
  passesFirst: () => boolean;
  /** Its answer to the first case, of any shape; undefined if it is not a tensor. */
  first: Tensor | undefined;
  /** Whether the same inputs got the same answer every time. */
  isSteady: boolean;
}

/** @param seed of the questions that tell mistakes apart; undefined if nobody will read the mistake */
export async function gradeFunction(
  open: OpenStep<FunctionStep>,
  { cases, reference, order }: OrderedQuestion,
  seed: StepSeed | undefined,
): Promise<GradedFunction> {
  const { outcome, ...run } = await askFunction(open, cases, order);
  const result = judge({ cases, reference }, outcome, run);
  if (seed !== undefined && isDiagnosable(result)) {
    result.mistake = namedMistake(await findMistake(open, cases, outcome, seed));
  }
  const passesFirst = (): boolean => {
    const first = Array.isArray(outcome) ? outcome.filter((call) => call.case === 0) : outcome;
    return judge({ cases: [cases[0]], reference }, first, run).passed;
  };
  return { result, passesFirst, first: lectureAnswer(outcome), isSteady: isSteady(outcome) };
}

/** A function that is missing, or does not compile. */
export function ungradedFunction(question: OrderedQuestion, failure: Failure): GradedFunction {
  const result = judge(question, failure, { printed: "", milliseconds: 0 });
  return { result, passesFirst: () => false, first: undefined, isSteady: true };
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
  seed: StepSeed,
): Promise<Diagnosis | null> {
  const { step } = open;
  // not from the lecture's batch, the first case, on which some mistakes do not show
  const [lecture, ...symptoms] = symptomsOf(cases, outcome);
  if (symptoms.length === 0 || symptoms.includes(undefined) || !isSteady(outcome)) return null;
  // except for what is not finite only on the lecture's batch or the lesson's numbers, such as zero divided by zero
  if (lecture && symptoms.every((symptom) => symptom && isRight(symptom))) {
    const found = whereFirstNotFinite(lecture);
    if (found) return found;
  }
  const probes = makeProbes(step, [...seed, PROBES]);
  const asked = probes.map((probe) => probe.case);
  const probed = await askFunction(open, asked, [...asked.keys()]);
  const answers = symptomsOf(asked, probed.outcome);
  return diagnose(
    symptoms.filter((symptom) => symptom !== undefined),
    probes.flatMap((probe, i): Probed[] => (answers[i] ? [{ ...probe, answer: answers[i].answer }] : [])),
  );
}
