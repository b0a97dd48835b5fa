import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { Tensor } from "#tensor";
import { caseFromBatch, exampleCase, makeBatches, makeCase, type Case } from "../kit/case.ts";
import { Measured } from "../autograd/measured.ts";
import { course } from "../course/steps.ts";
import { differentiateLoss, type Indices, type Named } from "../network/backward.ts";
import { parameterNamesOf } from "../network/network.ts";
import type { Dataset } from "../course/makemore/dataset.ts";
import { float32Reference } from "../kit/truth.ts";
import type { RandomBatch } from "../network/batch.ts";
import type { FunctionStep, Step } from "../kit/step.ts";
import type { Sizes } from "../network/shape.ts";
import { Generator } from "../network/random.ts";
import { trainingRun } from "../course/makemore/run.ts";
import type { Probed } from "../diagnosis/behaviour.ts";
import { diagnose } from "../diagnosis/diagnose.ts";
import { whereFirstNotFinite } from "../diagnosis/notfinite.ts";
import { makeProbes } from "../diagnosis/probes.ts";
import { isRight, namedMistake, symptomsOf, type Diagnosis } from "../diagnosis/symptom.ts";
import { chainTo } from "../verdict/chain.ts";
import { isSteady, judge, lectureAnswer, type Failure, type Outcome, type Question } from "../verdict/judge.ts";
import { limited, type Note, type StepResult } from "../verdict/result.ts";
import type { Box } from "./box.ts";
import { bundleLibrary, bundleSteps, type Bundle } from "./bundle.ts";
import { gradientFrom, runChain, type OwnAnswer } from "./chain.ts";
import { readTorch } from "./data.ts";
import { gradeTraining } from "./grade-training.ts";
import { graderIdentity } from "./identity.ts";
import { exercisesFolder } from "./project.ts";
import { takeLearner, type LearnerProcess } from "./process.ts";
import { runFunctionStep } from "./run.ts";
import { readSource } from "./source.ts";
import { notesBeside, typeNotes } from "./typecheck.ts";
import { unusedResults } from "./unused.ts";

const { functionSteps } = course;

/** Every random case but one larger than the lecture's is asked this often, in shuffled order, so that chance and memory show. */
const ROUNDS = 2;

export interface GradeOptions {
  /** The folder to grade: exercises/, solutions/, or another of the same shape. */
  root: string;
  steps: readonly Step[];
  /** What part 4 trains on; asked for only when a training loop is graded. */
  dataset: () => Dataset;
  /** What the lecture's line compares with: our own float32 reference, or PyTorch's stored gradients. */
  reference: "ours" | "torch";
  /** What the tree's code runs in; "plain" by default. */
  box?: Box;
  /** Whether types are checked, see typeNotes; by default where the folder is the learner's own exercises/. */
  checkTypes?: boolean;
  /** Whether results are to hold the gradients on the lecture's batch; not by default. */
  keepGradients?: boolean;
}

/**
 * Grades steps of a tree. Learner code runs in a process of its own while the references are computed here; a step
 * that fails in any way leaves the others as they are.
 *
 * @returns a result per step, in the order asked for
 * @throws RunnerError where no process can be started, NamesError where the names cannot be learned from
 */
export async function gradeTree({
  root,
  steps: asked,
  dataset,
  reference,
  box = "plain",
  checkTypes = root === exercisesFolder,
  keepGradients = false,
}: GradeOptions): Promise<StepResult[]> {
  const trainSteps = asked.filter((step) => step.kind === "train");
  const askedFunctions = asked.filter((step) => step.kind === "function");
  // the steps before them are run too, on the lecture's batch alone, for the chain of the learner's own gradients
  const functions = functionSteps.filter((step) =>
    askedFunctions.some((end) => chainTo(end, functionSteps).includes(step)),
  );
  // training takes as long as everything else together, so it has a process of its own, and the first start
  const trainer = trainSteps.length > 0 ? takeLearner(box) : undefined;
  const learner = functions.length > 0 ? takeLearner(box) : undefined;
  try {
    const results = new Map<Step, Promise<StepResult>>();
    const checking: Promise<Map<string, Note[]>>[] = [];
    const sources = new Map<string, StepResult["source"]>();
    const check = (bundles: ReadonlyMap<string, Bundle | Failure>): void => {
      // what does not compile has been told so
      const files = asked.flatMap(({ id, file }) => {
        const bundle = bundles.get(id);
        if (!bundle || "kind" in bundle) return [];
        sources.set(id, { files: bundle.files, texts: bundle.texts });
        return [{ file, texts: ofGrader(bundle.texts) }];
      });
      if (checkTypes) checking.push(typeNotes(root, files));
    };
    const building = bundleLibrary();
    if (trainer) {
      const bundling = bundleSteps(root, trainSteps);
      const training = trainingRun(dataset());
      const [library, bundles] = await Promise.all([building, bundling]);
      trainer.provide(library);
      check(bundles);
      for (const [id, bundle] of bundles) {
        const step = trainSteps.find((step) => step.id === id)!;
        results.set(step, gradeTraining(trainer, step, bundle, training, seedOf(step, bundle)));
      }
    }
    if (learner) {
      const bundling = bundleSteps(root, functions);
      const lecture = lectureBatch(reference);
      const [library, bundles] = await Promise.all([building, bundling]);
      learner.provide(library);
      performance.mark("files bundled");
      check(bundles);
      const graded: Promise<GradedFunction>[] = [];
      for (const step of functions) {
        const bundle = bundles.get(step.id)!;
        const seed = seedOf(step, bundle);
        if (askedFunctions.includes(step)) {
          const question = questionFor(step, makeBatches(step.network, seed), lecture, seed);
          graded.push(gradeFunction(learner, step, bundle, question, seed));
        } else {
          const grade = (): Promise<GradedFunction> =>
            gradeFunction(learner, step, bundle, questionFor(step, [], lecture, seed), undefined);
          graded.push(remembered(`${step.id} ${reference} ${box}`, bundle, grade));
        }
        await setImmediate(); // lets answers in
      }
      const inChain = Promise.all(graded).then((all) => {
        let whole: Named<Measured> | undefined;
        const truths = (): Named<Measured> => (whole ??= truthsOf(lecture));
        return runChain(
          learner,
          all.map(({ own }) => own),
          functionSteps,
          { gradients: lecture.gradients, truths },
        );
      });
      for (const [i, step] of functions.entries()) {
        const finish = async (): Promise<StepResult> => {
          const { result, shown } = await graded[i]!;
          // a warm-up or a trap has no gradient of the lecture's to be drawn
          const gradient = keepGradients &&
            step.chain && {
              gradient: {
                sizes: lecture.sizes,
                batch: lecture.batch,
                reference: lecture.gradients[step.tensor]!,
                answer: shown,
              },
            };
          return { ...result, inChain: (await inChain).get(step) ?? null, ...gradient };
        };
        results.set(step, finish());
      }
    }
    const all = await Promise.all(asked.map((step) => results.get(step)!));
    const notes = new Map((await Promise.all(checking)).flatMap((found) => [...found]));
    performance.mark("graded");
    return all.map((result) => {
      const text = sourceOf(root, result.file);
      const found = [
        ...(result.passed ? [] : unusedResults(text)),
        ...notesBeside(result, notes.get(result.file) ?? []),
      ];
      return {
        ...result,
        message: result.message && limited(result.message),
        excerpt: result.at && (text.split(/\r?\n/)[result.at.line - 1] ?? null),
        source: sources.get(result.id) ?? null,
        notes: found.map((note) => ({ ...note, text: limited(note.text) })),
      };
    });
  } finally {
    trainer?.close();
    learner?.close();
  }
}

/** A hash of some files' texts and of the grader that reads them. */
function ofGrader(texts: string): string {
  return createHash("sha256").update(graderIdentity).update(texts).digest("hex");
}

/** The text of a learner's file; empty where it cannot be read. */
function sourceOf(root: string, file: string): string {
  try {
    return readSource(realpathSync(root), file) ?? "";
  } catch {
    return "";
  }
}

interface LectureBatch {
  sizes: Sizes;
  batch: Indices;
  values: Named<Tensor>;
  gradients: Named<Tensor>;
}

/** The lecture's own batch with float32 values and gradients: computed here, or as PyTorch stored them. */
function lectureBatch(reference: "ours" | "torch"): LectureBatch {
  const { tensors } = readTorch(course.reference.file);
  const { network } = course.reference;
  const batch = Object.fromEntries(Object.keys(network.indices).map((name) => [name, tensors[name]!]));
  const sizes = course.reference.sizesOf(tensors);
  if (reference === "torch") {
    const gradients = Object.entries(tensors).filter(([name]) => name.startsWith("grad."));
    return {
      sizes,
      batch,
      values: tensors,
      gradients: Object.fromEntries(gradients.map(([name, value]) => [name.slice("grad.".length), value])),
    };
  }
  const parameters = Object.fromEntries(parameterNamesOf(network).map((name) => [name, tensors[name]!]));
  return { sizes, batch, ...differentiateLoss<Tensor>(network, parameters, batch) };
}

interface AskedCases extends Question {
  /** Which case each call asks: the lecture's batch, or the step's example, once, the random ones in every round, in shuffled order. */
  order: number[];
}

function questionFor(
  step: FunctionStep,
  random: readonly RandomBatch[],
  lecture: LectureBatch,
  seed: StepSeed,
): AskedCases {
  const { sizes, batch, values, gradients } = lecture;
  const { examples } = step.network.words;
  const generator = new Generator([...seed, CASES]);
  const cases = random.map((made) => makeCase(step, made, generator));
  const roundsOf = (made: RandomBatch): number => (made.sizes[examples]! > sizes[examples]! ? 1 : ROUNDS);
  const calls = random.flatMap((made, i) => Array.from({ length: roundsOf(made) }, () => i + 1));
  const order = [0, ...generator.randperm(calls.length).map((call) => calls[call]!)];
  if (step.example) {
    const example = exampleCase(step);
    return { cases: [example, ...cases], reference: float32Reference(step, example.given), order };
  }
  const first = caseFromBatch(step, sizes, batch, values, gradients);
  const computed = step.asks === "value" ? float32Reference(step, first.given) : gradients[step.tensor]!;
  return { cases: [first, ...cases], reference: computed, order };
}

/** The 32-bit words of a step's seed, and one word more for each use of it. */
type StepSeed = readonly number[];
const CASES = 1;
const PROBES = 2;

/**
 * A step's seed of 128 bits: a hash of its id and of the texts of its file and of those that it imports. So the same
 * text always gets the same cases, whatever other steps are graded and whatever bundles it; and no code can know the
 * cases it will be asked, because they depend on its own text.
 */
function seedOf({ id }: Step, bundle: Bundle | Failure): StepSeed {
  const texts = "texts" in bundle ? bundle.texts : "";
  const digest = createHash("sha256").update(`${id}\0${texts}`).digest();
  return [0, 4, 8, 12].map((start) => digest.readUInt32LE(start));
}

interface GradedFunction {
  result: StepResult;
  own: OwnAnswer;
  /** What it gave on the lecture's batch, of whatever shape. */
  shown: Tensor | undefined;
}

/** What a step that is run for the sake of others gave, by what it was asked: the text it came from, and the result. */
const known = new Map<string, { code: string; graded: Promise<GradedFunction> }>();

/** For a grader that grades again and again: a step whose text is the same, and which passed, is not run again. */
function remembered(
  asked: string,
  bundle: Bundle | Failure,
  grade: () => Promise<GradedFunction>,
): Promise<GradedFunction> {
  if ("kind" in bundle) return grade();
  const before = known.get(asked);
  if (before?.code === bundle.code) return before.graded;
  const graded = grade().then((result) => {
    if (result.result.passed) known.set(asked, { code: bundle.code, graded });
    return result;
  });
  return graded;
}

/** @param seed of the questions that tell mistakes apart; undefined where nobody will read of them */
async function gradeFunction(
  learner: LearnerProcess,
  step: FunctionStep,
  bundle: Bundle | Failure,
  { cases, reference, order }: AskedCases,
  seed: StepSeed | undefined,
): Promise<GradedFunction> {
  const [asked] = cases;
  if ("kind" in bundle) {
    const result = judge({ cases, reference }, bundle, { printed: "", milliseconds: 0 });
    return { result, own: { step, passed: false, bundle: undefined, asked, answer: undefined }, shown: undefined };
  }
  const { outcome, ...run } = await runFunctionStep(learner, step, bundle, cases, order);
  const result = judge({ cases, reference }, outcome, run);
  if (seed !== undefined && isDiagnosable(result))
    result.mistake = namedMistake(await findMistake(learner, step, bundle, cases, outcome, seed));
  return {
    result,
    own: { step, passed: result.passed, bundle, asked, answer: gradientFrom(outcome, reference.shape) },
    shown: lectureAnswer(outcome),
  };
}

/** Whether an answer is wrong in a way that its values, its shape or its error can explain. */
function isDiagnosable({ verdict }: StepResult): boolean {
  return verdict === "wrong" || verdict === "shape" || verdict === "threw" || verdict === "not-finite";
}

/** Names the mistake from the answers to the random cases, and from a dozen questions more. */
async function findMistake(
  learner: LearnerProcess,
  step: FunctionStep,
  bundle: Bundle,
  cases: readonly Case[],
  outcome: Outcome,
  seed: StepSeed,
): Promise<Diagnosis | null> {
  // not by the lecture's batch, the first case, where some mistakes cannot be seen
  const [lecture, ...symptoms] = symptomsOf(cases, outcome);
  if (symptoms.length === 0 || symptoms.includes(undefined) || !isSteady(outcome)) return null;
  // but for what is not finite on the lecture's alone, or on the lesson's numbers, such as a zero divided by zero
  if (lecture && symptoms.every((symptom) => symptom && isRight(symptom))) {
    const found = whereFirstNotFinite(lecture);
    if (found) return found;
  }
  const probes = makeProbes(step, [...seed, PROBES]);
  const asked = probes.map((probe) => probe.case);
  const probed = await runFunctionStep(learner, step, bundle, asked, [...asked.keys()]);
  const answers = symptomsOf(asked, probed.outcome);
  return diagnose(
    symptoms.filter((symptom) => symptom !== undefined),
    probes.flatMap((probe, i): Probed[] => (answers[i] ? [{ ...probe, answer: answers[i].answer }] : [])),
  );
}

/** The whole backward pass on the lecture's batch in float64, with magnitudes. */
function truthsOf({ batch, values }: LectureBatch): Named<Measured> {
  const { network } = course.reference;
  const parameters = Object.fromEntries(parameterNamesOf(network).map((name) => [name, Measured.from(values[name]!)]));
  return differentiateLoss(network, parameters, batch, network.settle).gradients;
}
