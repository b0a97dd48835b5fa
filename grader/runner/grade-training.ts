import { drawRate, drawTrainingStart, type TrainingStart } from "../course/training-cases.ts";
import type { TrainStep } from "../course/steps.ts";
import type { Parameters } from "../model/parameters.ts";
import { Generator } from "../model/random.ts";
import type { TrainingRun } from "../model/training.ts";
import type { Failure } from "../verdict/judge.ts";
import type { StepResult, TensorLine } from "../verdict/result.ts";
import {
  judgeTrainingStep,
  trainingLines,
  trainingResult,
  type TrainingQuestion,
} from "../verdict/training.ts";
import type { Bundle } from "./bundle.ts";
import type { LearnerProcess } from "./process.ts";
import { runTraining, type Run, type TrainingSlice } from "./run.ts";

/**
 * What is graded: so many times some steps from the lecture's start, each time going on where the last ones ended, then
 * the steps of a start elsewhere. Together they are 100 steps.
 */
const TURNS = 10;
const LECTURE_STEPS = 6;

/** Every fifth of the lecture's steps has another learning rate and another batch size, so that both are seen to be used. */
const isOtherwise = (step: number): boolean => step % 5 === 4;
const LECTURE_RATE = 0.1;
const LECTURE_BATCH = 32;
const BATCHES = { from: 6, to: 44 };

/** Steps that are asked at one go, from the lecture's start or from another. */
interface Slice {
  start: Parameters;
  questions: Omit<TrainingQuestion, "parameters">[];
  /** The sizes of a start that is not the lecture's. */
  elsewhere: TrainingStart["sizes"] | undefined;
}

/**
 * Grades the training loop, a slice at a time: the next slice runs in the child while this one is judged here.
 *
 * @param seed of the starts that are not the lecture's, and of the batch sizes and learning rates
 */
export async function gradeTraining(
  learner: LearnerProcess,
  step: TrainStep,
  bundle: Bundle | Failure,
  training: TrainingRun,
  seed: number,
): Promise<StepResult> {
  if ("kind" in bundle) return trainingResult(step, [], bundle, { printed: "", milliseconds: 0 });
  const run = { printed: "", milliseconds: 0 };
  const nextSlice = slicesOf(training, new Generator(seed));
  let tensors: TensorLine[] = [];
  let lecture = training.start;
  let first = 0;
  let asked = nextSlice();
  let running = asked && runSlice(learner, step, bundle, asked, lecture);
  while (asked && running) {
    const { start, questions, elsewhere }: Slice = asked;
    const done: TrainingSlice & Run = await running;
    run.printed += done.printed;
    run.milliseconds += done.milliseconds;
    let parameters = elsewhere ? start : lecture;
    if (!elsewhere) lecture = done.parameters;
    asked = done.failure ? undefined : nextSlice();
    running = asked && runSlice(learner, step, bundle, asked, lecture);
    for (const [i, answer] of done.answers.entries()) {
      const question: TrainingQuestion = { ...questions[i]!, parameters };
      if (first + i === 0) tensors = trainingLines(question, answer);
      const parting = judgeTrainingStep(question, answer);
      if (parting) return trainingResult(step, tensors, { step: first + i, elsewhere, parting }, run);
      parameters = answer.updated;
    }
    first += done.answers.length;
    if (done.failure) return trainingResult(step, tensors, { step: first, elsewhere, failure: done.failure }, run);
  }
  return trainingResult(step, tensors, undefined, run);
}

/** The slices in order, each drawn when it is asked for: odd batches and even ones in turn, where there is a choice. */
function slicesOf({ start, nextBatch }: TrainingRun, generator: Generator): () => Slice | undefined {
  let drawn = 0;
  let step = 0;
  const nextQuestion = (): Slice["questions"][number] => {
    const isOdd = step % 2 === 1;
    if (!isOtherwise(step++)) return { batch: nextBatch(LECTURE_BATCH), learningRate: LECTURE_RATE };
    const half = generator.randint(BATCHES.from / 2, BATCHES.to / 2, 1).item();
    return { batch: nextBatch(2 * half + (isOdd ? 1 : 0)), learningRate: drawRate(generator) };
  };
  return () => {
    if (drawn === 2 * TURNS) return undefined;
    const turn = Math.floor(drawn / 2);
    if (drawn++ % 2 === 0) {
      return { start, questions: Array.from({ length: LECTURE_STEPS }, nextQuestion), elsewhere: undefined };
    }
    const { parameters, steps, sizes } = drawTrainingStart(generator, turn);
    return { start: parameters, questions: steps, elsewhere: sizes };
  };
}

/** The lecture's steps go on where the last ones ended; the others begin at their own start. */
function runSlice(
  learner: LearnerProcess,
  step: TrainStep,
  bundle: Bundle,
  { start, questions, elsewhere }: Slice,
  lecture: Parameters,
): Promise<TrainingSlice & Run> {
  return runTraining(learner, step, bundle, elsewhere ? start : lecture, questions, "all");
}
