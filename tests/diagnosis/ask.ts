import type { Tensor } from "#tensor";
import { makeBatches, makeCase, type Case } from "../../grader/kit/case.ts";
import { functionSteps, type FunctionStepId } from "../../grader/course/steps.ts";
import type { Probed } from "../../grader/diagnosis/behaviour.ts";
import { diagnose } from "../../grader/diagnosis/diagnose.ts";
import { answerOf } from "../../grader/diagnosis/formulas/formula.ts";
import { makeProbes } from "../../grader/diagnosis/probes.ts";
import type { Diagnosis, Symptom } from "../../grader/diagnosis/symptom.ts";
import { Generator } from "../../grader/network/random.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";

/** A function that a learner could have written, for any step. */
type Answer = (given: never) => Tensor;

export function stepOf(id: FunctionStepId): FunctionStep {
  return functionSteps.find((step) => step.id === id)!;
}

/** The random cases of a step. */
export function casesOf(step: FunctionStep, seed: number): Case[] {
  return makeBatches(step.network, seed * 16).map((batch) => makeCase(step, batch, new Generator(seed)));
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
  const probes = makeProbes(step, seed);
  const answers = ask(
    answer,
    probes.map((probe) => probe.case),
  );
  const probed = probes.map((probe, i): Probed => ({ ...probe, answer: answers[i]!.answer }));
  return diagnose(ask(answer, casesOf(step, seed)), probed);
}
