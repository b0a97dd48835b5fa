import type { Tensor } from "#tensor";
import kleur from "kleur";
import { describeValue, isAnswer, problemWith } from "../grading/guest.ts";
import { NoValue, packValue, unpackValue } from "../grading/values.ts";
import type { FunctionStep, ProgramStep, TrainStep } from "../kit/step.ts";
import type { TrainingQuestion } from "../kit/training.ts";
import { truthOf, type Given } from "../kit/truth.ts";
import { differentiateLoss } from "../network/backward.ts";
import type { Named } from "../network/named.ts";
import { parameterNamesOf } from "../network/network.ts";
import { significant } from "../kit/number.ts";
import { describe, sameShape } from "../tensor/shape.ts";
import { difference } from "../verdict/compare.ts";
import { describeDifference } from "../verdict/judge.ts";
import { problemOf } from "../verdict/program.ts";
import { judgeTrainingStep, trainingLines } from "../verdict/training.ts";
import { namedLines, tensorText } from "./tensor-text.ts";

/** One answer in full. */
export interface AnswerReport {
  lines: string[];
  isRight: boolean;
}

/** An answer to a call with these tensors, the reference and the difference, and whether the answer is right. */
export function reportAnswer(step: FunctionStep, given: Given, answer: unknown): AnswerReport {
  const truth = truthOf(step, given);
  const reference = truth.toTensor();
  const shown = (tensors: Named<Tensor>): string[] => namedLines(tensors, (tensor) => tensorText(tensor as Tensor));
  if (!isAnswer(answer)) {
    const what = `it returned ${describeValue(answer)}, expected a float32 Tensor ${describe(reference.shape)}`;
    return { lines: [...shown({ reference }), wrong(what)], isRight: false };
  }
  if (!sameShape(answer.shape, reference.shape)) {
    const what = `shape ${describe(answer.shape)}, expected ${describe(reference.shape)}`;
    return { lines: [...shown({ yours: answer, reference }), wrong(what)], isRight: false };
  }
  const all = shown({ yours: answer, reference, difference: answer.sub(reference) });
  const found = difference(answer, truth);
  if (found) return { lines: [...all, wrong(describeDifference(found))], isRight: false };
  return { lines: [...all, `${kleur.green("right")}, within rounding`], isRight: true };
}

/** What a program answered to its example. */
export function reportProgram(step: ProgramStep, returned: unknown): AnswerReport {
  const { example } = step.program;
  const tensors: Tensor[] = [];
  const packed = packValue(returned, tensors, (x) => (isAnswer(x) ? x : undefined));
  if (packed instanceof NoValue) {
    const where = packed.where === "" ? "it returned" : `it returned a value whose ${packed.where} is`;
    return { lines: [wrong(`${where} ${describeValue(packed.part)}`)], isRight: false };
  }
  const value = unpackValue(packed, (i) => tensors[i]);
  const lines = tensors.length === 0 ? [JSON.stringify(value)] : tensors.flatMap((x) => tensorText(x).split("\n"));
  const problem = problemOf(step, example, { kind: "value", value, changed: [] });
  if (problem) return { lines: [...lines, wrong(problem.text)], isRight: false };
  return { lines: [...lines, `${kleur.green("right")}, for ${example.says}`], isRight: true };
}

/**
 * What a training step returned: the loss and, for each gradient, how far it is from the reference.
 *
 * @param question what it was called with, as it was before the call
 * @param updated the parameters after the call, and what the optimizer keeps
 */
export function reportTraining(
  { network, training }: TrainStep,
  question: TrainingQuestion,
  { returned, updated }: { returned: unknown; updated: Readonly<Named<Tensor>> },
): AnswerReport {
  const what = problemWith(returned, parameterNamesOf(network));
  if (what !== undefined) return { lines: [wrong(`it returned ${what}`)], isRight: false };
  const { loss, gradients } = returned as { loss: number | Tensor; gradients: Named<Tensor> };
  const answer = { loss: typeof loss === "number" ? loss : loss.item(), gradients, updated };
  const { values } = differentiateLoss<Tensor>(network, question.parameters, question.batch);
  const lines = [
    `loss: yours ${significant(answer.loss)}, reference ${significant(values[network.loss]!.item())}`,
    ...trainingLines(network, question, answer).map(({ name, shape, maxdiff }) => {
      return `gradients.${name} ${describe(shape)}: ${maxdiff === null ? "cannot be compared" : `maxdiff ${significant(maxdiff)}`}`;
    }),
  ];
  const parting = judgeTrainingStep(network, question, answer, training.optimizer);
  if (parting) return { lines: [...lines, wrong(parting.message)], isRight: false };
  return { lines: [...lines, `${kleur.green("right")}, within rounding`], isRight: true };
}

function wrong(what: string): string {
  return `${kleur.red("wrong")}: ${what}`;
}
