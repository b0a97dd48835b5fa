import { makemore } from "../../grader/course/makemore/network.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { drawnBatch, lectureBatch, type LectureBatch } from "../../grader/grading/lecture.ts";
import { caseFromBatch, exampleCase, type Case } from "../../grader/kit/case.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";
import { networkSubject, type Subject } from "../../grader/report/ladder/subject.ts";
import type { Network } from "../../grader/network/network.ts";
import { readTorch } from "../../grader/runner/data.ts";
import { attention } from "../networks/attention/network.ts";
import { batchOf, steps as attentionSteps } from "../networks/attention/steps.ts";

let batch: LectureBatch | undefined;

export function lecture(): LectureBatch {
  return (batch ??= lectureBatch(makemore, readTorch("lecture").tensors, "ours"));
}

/** The batch that reports are about: a drawn one, unless the network is the lecture's. */
export function batchFor(network: Network): LectureBatch {
  return network === makemore ? lecture() : drawnBatch(network);
}

/** The course's network on the lecture's batch, with the course's steps. */
export function makemoreSubject(): Subject {
  return networkSubject(makemore, lecture(), functionSteps);
}

/** The second network, with the steps that are derived from its lines. */
export function attentionSubject(): Subject {
  return networkSubject(attention, batchOf(1), attentionSteps);
}

/** The case that a step's report is about: its example, or the lecture's batch. */
export function shownCase(step: FunctionStep): Case {
  if (step.example) return exampleCase(step);
  const { sizes, batch, values, gradients } = lecture();
  return caseFromBatch(step, sizes, batch, values, gradients);
}
