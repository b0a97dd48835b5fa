import { Generator, type Seed } from "../network/random.ts";
import { namedMistake, seenOnly, type Diagnosis } from "../diagnosis/symptom.ts";
import { diagnoseTraining } from "../diagnosis/training/diagnose.ts";
import type { TrainingSymptom } from "../diagnosis/training/scene.ts";
import { tensorFaultOf } from "../verdict/cause.ts";
import type { Failure } from "../verdict/judge.ts";
import type { StepResult, TensorLine } from "../verdict/result.ts";
import { judgeTrainingStep, trainingLines, trainingResult, type FailedStep } from "../verdict/training.ts";
import type { TrainStep } from "../kit/step.ts";
import type { Training, TrainingRun, TrainingStart } from "../kit/training.ts";
import type { OpenStep } from "./open.ts";
import {
  askTraining,
  trainInSlices,
  type AskedSlice,
  type BatchQuestion,
  type DoneSlice,
  type TrainingSlice,
} from "./training-answers.ts";
import type { TrainingQuestion } from "../kit/training.ts";

/** Every fifth step from the usual start has another learning rate and batch size, to check that both are used. */
const isOtherwise = (step: number): boolean => step % 5 === 4;

/** Steps from the usual start, or from another one. */
interface Slice extends AskedSlice {
  /** The sizes of a start that is not the usual one. */
  elsewhere: TrainingStart["sizes"] | undefined;
}

/** A training loop that is missing, or does not compile. */
export function ungradedTraining(step: TrainStep, failure: Failure): StepResult {
  return trainingResult(step, [], failure, { printed: "", milliseconds: 0 });
}

/**
 * Grades the training loop, and names the mistake if there is one.
 *
 * @param seed of the starts that are not the usual one, and of the batch sizes and learning rates
 */
export async function gradeTraining(open: OpenStep<TrainStep>, training: TrainingRun, seed: Seed): Promise<StepResult> {
  const generator = new Generator(seed);
  const { result, last } = await judgeSlices(open, training, generator);
  if (last && isDiagnosable(result, last)) {
    result.mistake = namedMistake(await findMistake(open, generator, last));
  }
  return result;
}

/**
 * Judges slice by slice, up to the first step that is wrong: the next slice runs while this one is judged.
 *
 * @returns also the last slice, if it was wrong
 */
async function judgeSlices(
  open: OpenStep<TrainStep>,
  training: TrainingRun,
  generator: Generator,
): Promise<{ result: StepResult; last?: DoneSlice<Slice> }> {
  const run = { printed: "", milliseconds: 0 };
  let tensors: TensorLine[] = [];
  let first = 0;
  for await (const done of trainInSlices(
    open,
    training.start,
    slicesOf(open.step.training, training, generator),
    "all",
  )) {
    const { asked, slice } = done;
    run.printed += slice.printed;
    run.milliseconds += slice.milliseconds;
    const [symptom] = symptomsOf(done);
    if (first === 0 && symptom && "gradients" in symptom.answer)
      tensors = trainingLines(open.step.network, symptom.question, symptom.answer);
    const failed = firstFailed(open.step, done, first);
    if (failed) return { result: trainingResult(open.step, tensors, failed, run), last: done };
    first += asked.questions.length;
  }
  return { result: trainingResult(open.step, tensors, undefined, run) };
}

/**
 * The first step of a slice that is wrong, or that ended it.
 *
 * @param first the number of the slice's first step
 */
function firstFailed(
  { network, training }: TrainStep,
  { asked: { questions, elsewhere }, from, slice }: DoneSlice<Slice>,
  first: number,
): FailedStep | undefined {
  let parameters = from;
  for (const [i, answer] of slice.answers.entries()) {
    const question: TrainingQuestion = { ...questions[i]!, parameters };
    const parting = judgeTrainingStep(network, question, answer, training.optimizer);
    if (parting) return { step: first + i, elsewhere, parting };
    parameters = answer.updated;
  }
  const { failure } = slice;
  return failure && { step: first + slice.answers.length, elsewhere, failure };
}

/** Whether steps are wrong in a way that their values, their shapes or their error can explain. */
function isDiagnosable({ verdict }: StepResult, { slice: { failure } }: DoneSlice): boolean {
  // if it is not even { loss, gradients }, the message says so already
  if (failure) return failure.kind === "threw";
  return verdict === "wrong" || verdict === "shape" || verdict === "not-finite";
}

/** Names the mistake from a few more starts, each run in a context of its own; otherwise from the slice that was wrong. */
async function findMistake(
  open: OpenStep<TrainStep>,
  generator: Generator,
  last: DoneSlice<Slice>,
): Promise<Diagnosis | null> {
  const probes = open.step.training.drawProbes(generator);
  const runs = await Promise.all(
    probes.map(async ({ parameters, steps }, i) => {
      // another id means another context, without anything left from earlier steps
      const fresh = { ...open, step: { ...open.step, id: `${open.step.id}-${i}` } };
      const slice = await askTraining(fresh, parameters, steps, "all");
      return symptomsOf({ asked: { questions: steps }, from: parameters, slice });
    }),
  );
  // code that fails at every start fails at the usual one for the same reason, and that one is large
  const failsEverywhere = runs.every((run) => "thrown" in run.at(-1)!.answer);
  const found =
    diagnoseTraining(open.step, runs) ?? (failsEverywhere ? null : diagnoseTraining(open.step, [symptomsOf(last)]));
  if (found || last.slice.failure?.kind !== "threw" || !last.asked.elsewhere) return found;
  return seenOnly(
    "sizes",
    "with the network's usual sizes all steps are right, but with others it fails: is a size written as a number?",
  );
}

/** The questions of a slice with its answers; an error answers the step that it ended. */
function symptomsOf({
  asked: { questions },
  from,
  slice: { answers, failure },
}: Omit<DoneSlice, "slice"> & { slice: TrainingSlice }): TrainingSymptom[] {
  let parameters = from;
  const symptoms = answers.map((answer, i): TrainingSymptom => {
    const question = { ...questions[i]!, parameters };
    parameters = answer.updated;
    return { question, answer };
  });
  const ended = questions[answers.length];
  if (!failure || !ended) return symptoms;
  const answer = { thrown: tensorFaultOf(failure.cause) ?? null };
  return [...symptoms, { question: { ...ended, parameters }, answer }];
}

/**
 * The slices in order, each drawn when it is needed: some steps from the usual start, continuing where the last ones ended,
 * then the steps from another start, and so on.
 */
function slicesOf(training: Training, { nextBatch }: TrainingRun, generator: Generator): () => Slice | undefined {
  const { turns, steps: count, rate, batch, batches } = training.plan;
  let drawn = 0;
  let step = 0;
  const nextQuestion = (): BatchQuestion => {
    const isOdd = step % 2 === 1;
    if (!isOtherwise(step++)) return { batch: nextBatch(batch), learningRate: rate };
    const half = generator.randint(batches.from / 2, batches.to / 2, 1).item();
    return { batch: nextBatch(2 * half + (isOdd ? 1 : 0)), learningRate: training.drawRate(generator) };
  };
  return () => {
    if (drawn === 2 * turns) return undefined;
    const turn = Math.floor(drawn / 2);
    if (drawn++ % 2 === 0) {
      return { questions: Array.from({ length: count }, nextQuestion), elsewhere: undefined };
    }
    const { parameters, steps, sizes } = training.drawStart(generator, turn);
    return { apart: parameters, questions: steps, elsewhere: sizes };
  };
}
