import type { Training, TrainingQuestion, TrainingStart } from "../kit/training.ts";
import type { TrainStep } from "../kit/step.ts";
import type { Parameters } from "../course/makemore/parameters.ts";
import { Generator, type Seed } from "../network/random.ts";
import type { TrainingRun } from "../course/makemore/run.ts";
import { namedMistake, seenOnly, type Diagnosis } from "../diagnosis/symptom.ts";
import { diagnoseTraining } from "../diagnosis/training/diagnose.ts";
import type { TrainingSymptom } from "../diagnosis/training/scene.ts";
import type { Failure } from "../verdict/judge.ts";
import type { StepResult, TensorLine } from "../verdict/result.ts";
import { judgeTrainingStep, trainingLines, trainingResult } from "../verdict/training.ts";
import type { Bundle } from "./bundle.ts";
import type { LearnerProcess } from "./process.ts";
import { runTraining, type Run, type TrainingSlice } from "./run.ts";

/**
 * What is graded: so many times some steps from the lecture's start, each time going on where the last ones ended, then
 * the steps of a start elsewhere. Together they are 100 steps.
 */
const TURNS = 10;
const LECTURE_STEPS = 5;

/** Every fifth of the lecture's steps has another learning rate and another batch size, so that both are seen to be used. */
const isOtherwise = (step: number): boolean => step % 5 === 4;
const LECTURE_RATE = 0.1;
const LECTURE_BATCH = 32;
const BATCHES = { from: 6, to: 44 };

/** Steps that are asked at one go, from the lecture's start or from another. */
interface Slice {
  start: Parameters;
  questions: readonly Omit<TrainingQuestion, "parameters">[];
  /** The sizes of a start that is not the lecture's. */
  elsewhere: TrainingStart["sizes"] | undefined;
}

/** A slice, and what it gave. */
interface Done {
  asked: Slice;
  slice: TrainingSlice;
}

/**
 * Grades the training loop, and names the mistake where there is one.
 *
 * @param seed of the starts that are not the lecture's, and of the batch sizes and learning rates
 */
export async function gradeTraining(
  learner: LearnerProcess,
  step: TrainStep,
  bundle: Bundle | Failure,
  run: TrainingRun,
  seed: Seed,
): Promise<StepResult> {
  if ("kind" in bundle) return trainingResult(step, [], bundle, { printed: "", milliseconds: 0 });
  const generator = new Generator(seed);
  const { result, last } = await judgeSlices(learner, step, bundle, slicesOf(step.training, run, generator));
  if (last && isDiagnosable(result, last)) {
    result.mistake = namedMistake(await findMistake(learner, step, bundle, generator, last));
  }
  return result;
}

/** A slice at a time: the next one runs in the child while this one is judged here. */
async function judgeSlices(
  learner: LearnerProcess,
  step: TrainStep,
  bundle: Bundle,
  nextSlice: (lecture?: Parameters) => Slice | undefined,
): Promise<{ result: StepResult; last?: Done }> {
  const run = { printed: "", milliseconds: 0 };
  const runSlice = ({ start, questions }: Slice): Promise<TrainingSlice & Run> =>
    runTraining(learner, step, bundle, start, questions, "all");
  let tensors: TensorLine[] = [];
  let lecture: Parameters | undefined;
  let first = 0;
  let asked = nextSlice();
  let running = asked && runSlice(asked);
  while (asked && running) {
    const { start, questions, elsewhere }: Slice = asked;
    const slice: TrainingSlice & Run = await running;
    run.printed += slice.printed;
    run.milliseconds += slice.milliseconds;
    const last: Done = { asked, slice };
    if (!elsewhere) lecture = slice.parameters;
    asked = slice.failure ? undefined : nextSlice(lecture);
    running = asked && runSlice(asked);
    let parameters: TrainingQuestion["parameters"] = start;
    for (const [i, answer] of slice.answers.entries()) {
      const question: TrainingQuestion = { ...questions[i]!, parameters };
      if (first + i === 0) tensors = trainingLines(step.network, question, answer);
      const parting = judgeTrainingStep(step.network, question, answer);
      if (parting) return { result: trainingResult(step, tensors, { step: first + i, elsewhere, parting }, run), last };
      parameters = answer.updated;
    }
    first += slice.answers.length;
    const { failure } = slice;
    if (failure) return { result: trainingResult(step, tensors, { step: first, elsewhere, failure }, run), last };
  }
  return { result: trainingResult(step, tensors, undefined, run) };
}

/** Whether steps are wrong in a way that their values, their shapes or their error can explain. */
function isDiagnosable({ verdict }: StepResult, { slice: { failure } }: Done): boolean {
  // what is no { loss, gradients } at all has been told so
  if (failure) return failure.kind === "threw";
  return verdict === "wrong" || verdict === "shape" || verdict === "not-finite";
}

/** Names the mistake from a few more starts, each asked in a context of its own; else from the slice that was wrong. */
async function findMistake(
  learner: LearnerProcess,
  step: TrainStep,
  bundle: Bundle,
  generator: Generator,
  { asked, slice }: Done,
): Promise<Diagnosis | null> {
  const probes = step.training.drawProbes(generator);
  const runs = await Promise.all(
    probes.map(async ({ parameters, steps }, i) => {
      // another id is another context: nothing is left of earlier steps
      const fresh = { ...step, id: `${step.id}-${i}` };
      return symptomsOf(
        parameters,
        steps,
        await runTraining(learner, fresh, bundle, parameters as Parameters, steps, "all"),
      );
    }),
  );
  const found =
    diagnoseTraining(step, runs) ?? diagnoseTraining(step, [symptomsOf(asked.start, asked.questions, slice)]);
  if (found || slice.failure?.kind !== "threw" || !asked.elsewhere) return found;
  return seenOnly(
    "sizes",
    "with the lecture's sizes all steps are right, and with others it fails: is a size written as a number?",
  );
}

/** The questions of a slice with its answers; an error answers the step that it ended. */
function symptomsOf(
  start: TrainingQuestion["parameters"],
  questions: Slice["questions"],
  { answers, failure }: TrainingSlice,
): TrainingSymptom[] {
  let parameters = start;
  const symptoms = answers.map((answer, i): TrainingSymptom => {
    const question = { ...questions[i]!, parameters };
    parameters = answer.updated;
    return { question, answer };
  });
  const ended = questions[answers.length];
  if (!failure || !ended) return symptoms;
  return [...symptoms, { question: { ...ended, parameters }, answer: { thrown: failure.message } }];
}

/** The slices in order, each drawn when it is asked for; `lecture` is where the lecture's last steps ended. */
function slicesOf(
  training: Training,
  { start, nextBatch }: TrainingRun,
  generator: Generator,
): (lecture?: Parameters) => Slice | undefined {
  let drawn = 0;
  let step = 0;
  const nextQuestion = (): Slice["questions"][number] => {
    const isOdd = step % 2 === 1;
    if (!isOtherwise(step++)) return { batch: nextBatch(LECTURE_BATCH), learningRate: LECTURE_RATE };
    const half = generator.randint(BATCHES.from / 2, BATCHES.to / 2, 1).item();
    return { batch: nextBatch(2 * half + (isOdd ? 1 : 0)), learningRate: training.drawRate(generator) };
  };
  return (lecture = start) => {
    if (drawn === 2 * TURNS) return undefined;
    const turn = Math.floor(drawn / 2);
    if (drawn++ % 2 === 0) {
      return { start: lecture, questions: Array.from({ length: LECTURE_STEPS }, nextQuestion), elsewhere: undefined };
    }
    const { parameters, steps, sizes } = training.drawStart(generator, turn);
    return { start: parameters as Parameters, questions: [...steps], elsewhere: sizes };
  };
}
