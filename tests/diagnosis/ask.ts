import type { Tensor } from "#tensor";
import { makeBatches, makeCase, type Case } from "../../grader/kit/case.ts";
import { functionSteps, type FunctionStepId } from "../../grader/course/steps.ts";
import type { Probed } from "../../grader/diagnosis/behaviour.ts";
import { diagnose } from "../../grader/diagnosis/diagnose.ts";
import { answerOf } from "../../grader/diagnosis/formulas/formula.ts";
import { makeProbes, type Probe } from "../../grader/diagnosis/probes.ts";
import type { Diagnosis, Symptom } from "../../grader/diagnosis/symptom.ts";
import type { Network } from "../../grader/network/network.ts";
import { oncePer } from "../../grader/network/once.ts";
import { Generator } from "../../grader/network/random.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";

/** A function that a learner could have written, for any step. */
type Answer = (given: never) => Tensor;

export function stepOf(id: FunctionStepId): FunctionStep {
  return functionSteps.find((step) => step.id === id)!;
}

const batchesOf = oncePer((network: Network) => oncePer((seed: number) => makeBatches(network, seed * 16)));

/** What a step is asked, by seed, made once for all its answers: that takes longer than to diagnose one. */
interface Questions {
  step: FunctionStep;
  cases(seed: number): readonly Case[];
  probes(seed: number): readonly Probe[];
  /** With those for answers that throw. */
  fitting(seed: number): readonly Probe[];
}

let questions: Questions | undefined;

/** Only the questions of the step that was asked last are kept: those of all would fill the memory. */
function questionsOf(step: FunctionStep): Questions {
  if (questions?.step === step) return questions;
  questions = {
    step,
    cases: oncePer((seed) => batchesOf(step.network)(seed).map((batch) => makeCase(step, batch, new Generator(seed)))),
    probes: oncePer((seed) => makeProbes(step, seed)),
    fitting: oncePer((seed) => makeProbes(step, seed, true)),
  };
  return questions;
}

/** The random cases of a step. */
export function casesOf(step: FunctionStep, seed: number): readonly Case[] {
  return questionsOf(step).cases(seed);
}

/** A function's answers to some cases; it may change what it is given. */
export function ask(answer: Answer, cases: readonly Case[]): Symptom[] {
  return cases.map((asked) => {
    const copies = Object.entries(asked.given).map(([name, value]) => [name, value.clone()] as const);
    return { case: asked, answer: answerOf({ answer: answer as never }, Object.fromEntries(copies)) };
  });
}

/** The diagnosis of a function, from the cases and the probes of a seed. */
export function diagnosisOf(id: FunctionStepId, answer: Answer, seed: number): Diagnosis | null {
  const step = stepOf(id);
  const symptoms = ask(answer, casesOf(step, seed));
  const { probes: usual, fitting } = questionsOf(step);
  const probes = (symptoms.some((symptom) => "thrown" in symptom.answer) ? fitting : usual)(seed);
  const answers = ask(
    answer,
    probes.map((probe) => probe.case),
  );
  const probed = probes.map((probe, i): Probed => ({ ...probe, answer: answers[i]!.answer }));
  return diagnose(symptoms, probed);
}
