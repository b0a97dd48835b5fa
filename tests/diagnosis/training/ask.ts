import { TensorError, type Tensor } from "#tensor";
import { steps } from "../../../grader/course/steps.ts";
import { drawTrainingProbes, drawTrainingStart } from "../../../grader/course/makemore/starts.ts";
import type { Diagnosis } from "../../../grader/diagnosis/symptom.ts";
import { problemWith } from "../../../grader/grading/guest.ts";
import { diagnoseTraining } from "../../../grader/diagnosis/training/diagnose.ts";
import type { TrainingSymptom, TrainingSymptoms } from "../../../grader/diagnosis/training/scene.ts";
import type { Batch } from "../../../grader/course/makemore/lines.ts";
import { parameterNames, type Parameters } from "../../../grader/course/makemore/parameters.ts";
import { Generator } from "../../../grader/network/random.ts";
import { judgeTrainingStep } from "../../../grader/verdict/training.ts";
import type { TrainStep } from "../../../grader/kit/step.ts";

export const trainStep = steps.find((step): step is TrainStep => step.kind === "train")!;

/** A training loop as a learner may write it: more loosely typed than the exercise, and returning anything. */
type WrittenLoop = (
  parameters: Parameters,
  batch: Batch,
  learningRate: number,
) => { loss: Tensor | number; gradients: Readonly<Record<string, Tensor>> };

/**
 * A wrong training loop that a learner could have written. The grader runs each start in a context of its own, so a loop
 * that remembers something says here how it is created again, or how it forgets.
 */
export type WrongLoop = { what: string } & (
  { trainStep: WrittenLoop; forget?: () => void } | { make: () => WrittenLoop }
);

/** The loop as it is in a new context. */
export function madeAnew(loop: WrongLoop): WrittenLoop {
  if ("make" in loop) return loop.make();
  loop.forget?.();
  return loop.trainStep;
}

/** A copy of the parameters, which the loop may change. */
export function copyOf(parameters: Parameters): Parameters {
  return Object.fromEntries(parameterNames.map((name) => [name, parameters[name].clone()])) as unknown as Parameters;
}

/** A loop's answers from a start, up to an error. */
export function ask(
  trainStep: WrittenLoop,
  { parameters: start, steps }: ReturnType<typeof drawTrainingStart>,
): TrainingSymptoms {
  const symptoms: TrainingSymptom[] = [];
  let parameters = start;
  for (const { batch, learningRate } of steps) {
    const question = { parameters, batch, learningRate };
    const moving = copyOf(parameters);
    try {
      const { loss, gradients } = trainStep(moving, { Xb: batch.Xb.clone(), Yb: batch.Yb.clone() }, learningRate);
      const missing = parameterNames.find((name) => gradients[name] === undefined);
      if (missing) throw new Error(`trainStep returned gradients.${missing} that is undefined`);
      const answer = {
        loss: typeof loss === "number" ? loss : loss.item(),
        gradients: copyOf(gradients as Parameters),
        updated: copyOf(moving),
      };
      symptoms.push({ question, answer });
      parameters = answer.updated;
    } catch (error) {
      symptoms.push({ question, answer: { thrown: TensorError.faultOf(error) ?? null } });
      break;
    }
  }
  return symptoms;
}

/** Whether every step from a seed's starts, one of each kind, is right; an error is not. */
export function passes(loop: WrongLoop, seed: number): boolean {
  return [0, 1, 2, 3].every((i) =>
    ask(madeAnew(loop), drawTrainingStart(new Generator(seed * 16 + i), i)).every(
      ({ question, answer }) =>
        !("thrown" in answer) && judgeTrainingStep(trainStep.network, question, answer) === undefined,
    ),
  );
}

/** What the report says of what a loop returns, if that is not { loss, gradients }: it needs no diagnosis. */
export function problemOf(loop: WrongLoop): string | undefined {
  const { parameters, steps } = drawTrainingStart(new Generator(1), 0);
  const { batch, learningRate } = steps[0]!;
  try {
    return problemWith(madeAnew(loop)(copyOf(parameters), batch, learningRate), [...parameterNames]);
  } catch {
    return undefined;
  }
}

/** The diagnosis of a loop, from the probes of a seed. */
export function trainingDiagnosisOf(loop: WrongLoop, seed: number): Diagnosis | null {
  return diagnoseTraining(
    trainStep,
    drawTrainingProbes(new Generator(seed)).map((start) => ask(madeAnew(loop), start)),
  );
}
