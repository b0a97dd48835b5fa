import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Tensor } from "#tensor";
import { caseFromBatch, makeCases, type Case } from "../course/cases.ts";
import type { FunctionStep, Step, TrainStep } from "../course/steps.ts";
import { differentiateLoss, type Batch, type Named } from "../model/backward.ts";
import { pickBatch, type Dataset } from "../model/dataset.ts";
import type { Sizes } from "../model/lines.ts";
import { LECTURE_SEED, initialParameters, lectureSizes, parameterNames, type Parameters } from "../model/parameters.ts";
import { Generator } from "../model/random.ts";
import { judge, type Failure } from "../verdict/judge.ts";
import type { StepResult, TensorLine } from "../verdict/result.ts";
import { judgeTrainingStep, trainingLines, trainingResult, type TrainingQuestion } from "../verdict/training.ts";
import { bundleLibrary, bundleSteps, type Bundle } from "./bundle.ts";
import { readTorch } from "./data.ts";
import { limits } from "./limits.ts";
import { LearnerProcess } from "./process.ts";
import { runFunctionStep, runTraining } from "./run.ts";

/** Every case is asked this often, in shuffled order, so that chance and memory show. */
const ROUNDS = 2;
/** How many steps of training are graded, from the lecture's start. */
export const GRADED_TRAINING_STEPS = 100;
const LEARNING_RATE = 0.1;

export interface GradeOptions {
  /** The folder to grade: exercises/, solutions/, or another of the same shape. */
  root: string;
  steps: readonly Step[];
  /** What part 4 trains on; asked for only when a training loop is graded. */
  dataset: () => Dataset;
  /** What the lecture's line compares with: our own float32 reference, or PyTorch's stored gradients. */
  reference: "ours" | "torch";
}

/**
 * Grades steps of a tree. Learner code runs in a process of its own while the references are computed here; a step
 * that fails in any way leaves the others as they are.
 *
 * @returns a result per step, in the order asked for
 * @throws RunnerError where no process can be started, NamesError where the names cannot be learned from
 */
export async function gradeTree({ root, steps, dataset, reference }: GradeOptions): Promise<StepResult[]> {
  const learner = new LearnerProcess();
  try {
    const bundling = Promise.all([bundleLibrary(), bundleSteps(root, steps)]);
    const training = steps.some((step) => step.kind === "train") ? trainingRun(dataset(), GRADED_TRAINING_STEPS) : null;
    const [library, bundles] = await bundling;
    learner.provide(library);
    const results = new Map<Step, Promise<StepResult>>();
    // training takes longest and needs the least preparation: the process is busy with it while cases are made here
    for (const step of steps) {
      if (step.kind === "train") results.set(step, gradeTraining(learner, step, bundles.get(step.id)!, training!));
    }
    const lecture = lectureBatch(reference);
    for (const step of steps) {
      if (step.kind === "train") continue;
      const question = questionFor(step, root, lecture);
      results.set(step, gradeFunction(learner, step, bundles.get(step.id)!, question, lecture.gradients[step.tensor]!));
      // lets answers in
      await setImmediate();
    }
    return await Promise.all(steps.map((step) => results.get(step)!));
  } finally {
    learner.close();
  }
}

interface LectureBatch {
  sizes: Sizes;
  batch: Batch;
  values: Named<Tensor>;
  gradients: Named<Tensor>;
}

/** The lecture's own batch with float32 values and gradients: computed here, or as PyTorch stored them. */
function lectureBatch(reference: "ours" | "torch"): LectureBatch {
  const { tensors } = readTorch("lecture");
  const batch: Batch = { Xb: tensors["Xb"]!, Yb: tensors["Yb"]! };
  const { block, embd, hidden } = lectureSizes;
  const sizes: Sizes = { n: batch.Yb.size(0), block, embd, hidden, vocab: tensors["C"]!.size(0) };
  if (reference === "torch") {
    const gradients = Object.entries(tensors).filter(([name]) => name.startsWith("grad."));
    return {
      sizes,
      batch,
      values: tensors,
      gradients: Object.fromEntries(gradients.map(([name, value]) => [name.slice("grad.".length), value])),
    };
  }
  const parameters = Object.fromEntries(parameterNames.map((name) => [name, tensors[name]!]));
  return { sizes, batch, ...differentiateLoss<Tensor>(parameters, batch) };
}

interface AskedCases {
  cases: [Case, ...Case[]];
  order: number[];
}

/**
 * What a step is asked. The random cases come from a hash of its file: the same file always gets the same verdict, and
 * no file can know its own cases.
 */
function questionFor(step: FunctionStep, root: string, lecture: LectureBatch): AskedCases {
  const seed = seedFrom(path.join(root, step.file));
  const { sizes, batch, values, gradients } = lecture;
  const cases: [Case, ...Case[]] = [caseFromBatch(step, sizes, batch, values, gradients), ...makeCases(step, seed)];
  const order = new Generator(seed).randperm(ROUNDS * cases.length).map((call) => call % cases.length);
  return { cases, order };
}

function seedFrom(file: string): number {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch {
    return 0; // it is missing, which bundling says
  }
  return createHash("sha256").update(content).digest().readUInt32LE(0);
}

async function gradeFunction(
  learner: LearnerProcess,
  step: FunctionStep,
  bundle: Bundle | Failure,
  { cases, order }: AskedCases,
  reference: Tensor,
): Promise<StepResult> {
  if ("kind" in bundle) return judge(step, { cases, reference }, bundle, { printed: "", milliseconds: 0 });
  const { outcome, ...run } = await runFunctionStep(learner, step, bundle, cases, order);
  return judge(step, { cases, reference }, outcome, run);
}

/** 100 steps, a slice at a time: the next slice runs in the child while this one is judged here. */
async function gradeTraining(
  learner: LearnerProcess,
  step: TrainStep,
  bundle: Bundle | Failure,
  { start, batches }: TrainingRun,
): Promise<StepResult> {
  if ("kind" in bundle) return trainingResult(step, [], bundle, { printed: "", milliseconds: 0 });
  const run = { printed: "", milliseconds: 0 };
  let tensors: TensorLine[] = [];
  const slice = (parameters: Parameters, from: number): ReturnType<typeof runTraining> => {
    const questions = batches
      .slice(from, from + limits.trainSliceSteps)
      .map((batch) => ({ batch, learningRate: LEARNING_RATE }));
    return runTraining(learner, step, bundle, parameters, questions, "all");
  };
  let parameters = start;
  let running = slice(start, 0);
  for (let from = 0; from < batches.length; from += limits.trainSliceSteps) {
    const done = await running;
    run.printed += done.printed;
    run.milliseconds += done.milliseconds;
    const next = from + limits.trainSliceSteps;
    if (!done.failure && next < batches.length) running = slice(done.parameters, next);
    for (const [i, answer] of done.answers.entries()) {
      const question: TrainingQuestion = { parameters, batch: batches[from + i]!, learningRate: LEARNING_RATE };
      if (from + i === 0) tensors = trainingLines(question, answer);
      const parting = judgeTrainingStep(question, answer);
      if (parting) return trainingResult(step, tensors, { step: from + i, parting }, run);
      parameters = answer.updated;
    }
    if (done.failure) return trainingResult(step, tensors, done.failure, run);
  }
  return trainingResult(step, tensors, undefined, run);
}

/** Where training starts, and the batches it sees. */
interface TrainingRun {
  start: Parameters;
  batches: Batch[];
}

/** The lecture's start at hidden 200 and its batches, drawn from the same generator after the parameters. */
export function trainingRun(dataset: Dataset, steps: number): TrainingRun {
  const generator = new Generator(LECTURE_SEED);
  const { block, embd, hiddenInTraining: hidden, batch } = lectureSizes;
  const start = initialParameters(generator, { block, embd, hidden, vocab: dataset.characters.length });
  const examples = dataset.train.Yb.size(0);
  const batches = Array.from({ length: steps }, () => pickBatch(dataset.train, generator.randint(0, examples, batch)));
  return { start, batches };
}

