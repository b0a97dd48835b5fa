import type { TrainStep } from "../course/steps.ts";
import type { Batch } from "../model/backward.ts";
import type { Parameters } from "../model/parameters.ts";
import type { TrainingRun } from "../model/training.ts";
import type { Failure } from "../verdict/judge.ts";
import type { StepResult, TensorLine } from "../verdict/result.ts";
import { judgeTrainingStep, trainingLines, trainingResult, type TrainingQuestion } from "../verdict/training.ts";
import type { Bundle } from "./bundle.ts";
import { limits } from "./limits.ts";
import type { LearnerProcess } from "./process.ts";
import { runTraining } from "./run.ts";

/** How many steps of training are graded, from the lecture's start. */
const GRADED_TRAINING_STEPS = 100;
/** Every fifth step has the lecture's other learning rate and a smaller batch, so that both are seen to be used. */
const isOtherwise = (step: number): boolean => step % 5 === 4;
const learningRateAt = (step: number): number => (isOtherwise(step) ? 0.01 : 0.1);
const batchSizeAt = (step: number): number => (isOtherwise(step) ? 20 : 32);

/** 100 steps, a slice at a time: the next slice runs in the child while this one is judged here. */
export async function gradeTraining(
  learner: LearnerProcess,
  step: TrainStep,
  bundle: Bundle | Failure,
  { start, nextBatch }: TrainingRun,
): Promise<StepResult> {
  if ("kind" in bundle) return trainingResult(step, [], bundle, { printed: "", milliseconds: 0 });
  const batches: Batch[] = [];
  const run = { printed: "", milliseconds: 0 };
  let tensors: TensorLine[] = [];
  const nextSlice = (parameters: Parameters): ReturnType<typeof runTraining> => {
    const first = batches.length;
    const drawn = Array.from({ length: limits.trainSliceSteps }, (_, i) => nextBatch(batchSizeAt(first + i)));
    batches.push(...drawn);
    const questions = drawn.map((batch, i) => ({ batch, learningRate: learningRateAt(first + i) }));
    return runTraining(learner, step, bundle, parameters, questions, "all");
  };
  let parameters = start;
  let running = nextSlice(start);
  for (let from = 0; from < GRADED_TRAINING_STEPS; from += limits.trainSliceSteps) {
    const done = await running;
    run.printed += done.printed;
    run.milliseconds += done.milliseconds;
    const isLast = batches.length >= GRADED_TRAINING_STEPS;
    if (!done.failure && !isLast) running = nextSlice(done.parameters);
    for (const [i, answer] of done.answers.entries()) {
      const question: TrainingQuestion = {
        parameters,
        batch: batches[from + i]!,
        learningRate: learningRateAt(from + i),
      };
      if (from + i === 0) tensors = trainingLines(question, answer);
      const parting = judgeTrainingStep(question, answer);
      if (parting) return trainingResult(step, tensors, { step: from + i, parting }, run);
      parameters = answer.updated;
    }
    if (done.failure) return trainingResult(step, tensors, done.failure, run);
  }
  return trainingResult(step, tensors, undefined, run);
}
