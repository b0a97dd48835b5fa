import { describe, expect, it } from "vitest";
import { TensorError, type Tensor } from "#tensor";
import { trainStep } from "../../grader/course/8-transformer/trainStep.ts";
import { parameterNames } from "../../grader/course/transformer/lines.ts";
import { steps } from "../../grader/course/steps.ts";
import { diagnoseTraining } from "../../grader/diagnosis/training/diagnose.ts";
import type { TrainingSymptoms } from "../../grader/diagnosis/training/scene.ts";
import type { TrainStep } from "../../grader/kit/step.ts";
import type { LoopChanges, LoopState, TrainingAnswer, TrainingQuestion } from "../../grader/kit/training.ts";
import type { Named } from "../../grader/network/named.ts";
import { Generator } from "../../grader/network/random.ts";
import { judgeTrainingStep } from "../../grader/verdict/training.ts";
import { sampled, sampleOf } from "../sample.ts";

const { training, mistakes, forms } = trainStep;
const step = steps.find(({ id }) => id === trainStep.id) as TrainStep;

function answerOf(
  question: TrainingQuestion,
  changes: LoopChanges,
  before: readonly LoopState[],
): {
  answer: TrainingAnswer;
  values: LoopState;
} {
  const values = training.run(question, changes, before);
  const gradients: Readonly<Named<Tensor>> = Object.fromEntries(parameterNames.map((n) => [n, values.returned[n]!]));
  return { values, answer: { loss: values.returnedLoss.item(), gradients, updated: values.moved } };
}

/** What a training step with some lines replaced answers at the starts that tell mistakes apart. */
function symptomsOf(changes: LoopChanges, seed: number): TrainingSymptoms[] {
  return training.drawProbes(new Generator(seed)).map(({ parameters, steps: questions }) => {
    let now = parameters;
    const before: LoopState[] = [];
    return questions.map((one) => {
      const question = { ...one, parameters: now };
      try {
        const { answer, values } = answerOf(question, changes, before);
        before.unshift(values);
        now = answer.updated;
        return { question, answer };
      } catch (error) {
        return { question, answer: { thrown: TensorError.faultOf(error) ?? null } };
      }
    });
  });
}

describe("the decoder's training step", () => {
  it("is right as it is, at every start", () => {
    for (let seed = 0; seed < 3; seed++) {
      for (const { question, answer } of symptomsOf({}, seed).flat()) {
        expect("thrown" in answer).toBe(false);
        const parting = judgeTrainingStep(step.network, question, answer as TrainingAnswer, training.optimizer);
        expect(parting?.message).toBeUndefined();
      }
    }
  });

  it("is right in each of at least 8 other forms", () => {
    expect(forms.length).toBeGreaterThanOrEqual(8);
    for (const { what, changes } of forms) {
      for (let seed = 0; seed < sampleOf(4, 1); seed++) {
        for (const { question, answer } of symptomsOf(changes as LoopChanges, seed).flat()) {
          if ("thrown" in answer) throw new Error(`${what}: ${JSON.stringify(answer.thrown)}`);
          expect(judgeTrainingStep(step.network, question, answer, training.optimizer)?.message, what).toBeUndefined();
        }
      }
    }
  });

  it("has an id of its own for each mistake", () => {
    expect(new Set(mistakes.map(({ id }) => id)).size).toBe(mistakes.length);
  });

  it.each(
    sampled(
      mistakes.map((mistake) => [mistake.id, mistake] as const),
      4,
    ),
  )("%s is refused and named", (id, { changes }) => {
    const symptoms = symptomsOf(changes, 1);
    const isWrong = symptoms.flat().some(({ question, answer }) => {
      if ("thrown" in answer) return true;
      return judgeTrainingStep(step.network, question, answer, training.optimizer) !== undefined;
    });
    expect(isWrong).toBe(true);
    expect(diagnoseTraining(step, symptoms)?.id).toBe(id);
  });
});
