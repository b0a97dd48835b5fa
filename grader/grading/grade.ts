import type { Tensor } from "#tensor";
import { chainTo } from "../verdict/chain.ts";
import { limited, type LectureGradient, type Note, type StepResult } from "../verdict/result.ts";
import { runChain } from "./chain.ts";
import type { FunctionStep, Step, TrainStep } from "../kit/step.ts";
import type { TrainingRun } from "../kit/training.ts";
import type { Course, LectureBatch } from "./course.ts";
import { gradeFunction, ungradedFunction, type GradedFunction } from "./grade-function.ts";
import { gradeTraining, ungradedTraining } from "./grade-training.ts";
import type { Host } from "./host.ts";
import { remembered } from "./memory.ts";
import { notesBeside } from "./notes.ts";
import { isOpen, openSteps, type OpenSteps } from "./open.ts";
import { lectureQuestion, questionFor, type OrderedQuestion } from "./questions.ts";
import { seedOf } from "./texts.ts";
import { unusedResults } from "./unused.ts";

/** What is graded, and with what. */
interface Grading {
  host: Host;
  course: Course;
  open: OpenSteps;
}

/**
 * Grades steps of a tree. Learner code runs separately while the references are computed here; a step that fails in any
 * way does not affect the others.
 *
 * @param keepGradients whether results include the gradients on the lecture's batch
 * @returns a result per step, in the order asked for
 * @throws what the host throws if nothing can be run, and the course if there is nothing to train on
 */
export async function gradeSteps(
  host: Host,
  course: Course,
  asked: readonly Step[],
  keepGradients = false,
): Promise<StepResult[]> {
  const loops = asked.filter((step) => step.kind === "train");
  const functions = asked.filter((step) => step.kind === "function");
  const members = membersOf(functions, course);
  // training takes as long as everything else together, so it has a learner of its own, and the first start
  const opening = openSteps(host, loops, members);
  try {
    const training = loops.length > 0 ? course.training() : undefined;
    const lecture = members.length > 0 ? course.lecture() : undefined;
    const grading: Grading = { host, course, open: await opening };
    performance.mark("files bundled");
    const [notes, ...results] = await Promise.all([
      notesOn(grading, asked),
      training ? gradeLoops(grading, loops, training) : [],
      lecture ? gradeFunctions(grading, functions, members, lecture, keepGradients) : [],
    ]);
    performance.mark("graded");
    const found = new Map(results.flat().map((result) => [result.id, result]));
    return asked.map((step) => finished(grading, step, found.get(step.id)!, notes.get(step.file) ?? []));
  } finally {
    await opening.then(
      (open) => open.close(),
      () => {},
    );
  }
}

/** Functions together with the steps before them, which are run on the lecture's batch only, for the chain. */
function membersOf(functions: readonly FunctionStep[], { steps }: Course): FunctionStep[] {
  const all = steps.filter((step) => step.kind === "function");
  const members = new Set(functions.flatMap((step) => chainTo(step, all)));
  return all.filter((step) => members.has(step));
}

function gradeLoops(
  { host, open }: Grading,
  steps: readonly TrainStep[],
  training: TrainingRun,
): Promise<StepResult[]> {
  const grade = async (step: TrainStep): Promise<StepResult> => {
    const opened = open.of(step);
    if (!isOpen(opened)) return ungradedTraining(step, opened);
    return gradeTraining(opened, training, seedOf(host, step.id, opened.texts));
  };
  return Promise.all(steps.map(grade));
}

/** @param members those asked for and the steps before them */
async function gradeFunctions(
  grading: Grading,
  asked: readonly FunctionStep[],
  members: readonly FunctionStep[],
  lecture: LectureBatch,
  keepGradients: boolean,
): Promise<StepResult[]> {
  const asking: Promise<GradedFunction>[] = [];
  for (const step of members) {
    const graded = asked.includes(step) ? gradeAlone(grading, step, lecture) : gradeForChain(grading, step, lecture);
    // all of them are awaited below
    graded.catch(() => {});
    asking.push(graded);
    await grading.host.letAnswersIn();
  }
  const graded = await Promise.all(asking);
  const chain = await runChain(
    graded.map(({ own }) => own),
    lecture,
  );
  return graded.flatMap(({ result, own: { step }, shown }) => {
    if (!asked.includes(step)) return [];
    const inChain = chain.get(step) ?? null;
    // a warm-up or a trap has no gradient of the lecture's to be drawn
    const isDrawn = keepGradients && step.chain;
    return [{ ...result, inChain, ...(isDrawn && { gradient: lectureGradient(step, lecture, shown) }) }];
  });
}

async function gradeAlone({ host, open }: Grading, step: FunctionStep, lecture: LectureBatch): Promise<GradedFunction> {
  const opened = open.of(step);
  if (!isOpen(opened)) return ungradedFunction(step, lectureQuestion(step, lecture), opened);
  const seed = seedOf(host, step.id, opened.texts);
  return gradeFunction(opened, questionFor(step, lecture, seed), seed);
}

/** A step that is run only because later ones need it. */
async function gradeForChain(
  { host, course, open }: Grading,
  step: FunctionStep,
  lecture: LectureBatch,
): Promise<GradedFunction> {
  const opened = open.of(step);
  const question = (): OrderedQuestion => lectureQuestion(step, lecture);
  if (!isOpen(opened)) return ungradedFunction(step, question(), opened);
  return remembered(opened, `${host.identity} ${course.identity}`, () => gradeFunction(opened, question(), undefined));
}

function lectureGradient(
  { tensor }: FunctionStep,
  { sizes, batch, gradients }: LectureBatch,
  answer: Tensor | undefined,
): LectureGradient {
  return { sizes, batch, reference: gradients[tensor]!, answer };
}

/** What the host's type checker says about the files that compile, by file. */
async function notesOn({ host, open }: Grading, steps: readonly Step[]): Promise<ReadonlyMap<string, Note[]>> {
  // a file that does not compile has its message already
  const files = steps.flatMap((step) => {
    const opened = open.of(step);
    return isOpen(opened) ? [{ file: step.file, texts: opened.texts }] : [];
  });
  return (await host.notes?.(files)) ?? new Map<string, Note[]>();
}

/** A result, together with the line of its file and the notes on it. */
function finished({ host, open }: Grading, step: Step, result: StepResult, notes: readonly Note[]): StepResult {
  const opened = open.of(step);
  const text = host.sources.text(step.file);
  const found = [...(result.passed ? [] : unusedResults(text)), ...notesBeside(result, notes)];
  return {
    ...result,
    message: result.message && limited(result.message),
    excerpt: result.at && (text.split(/\r?\n/)[result.at.line - 1] ?? null),
    source: isOpen(opened) ? { files: opened.bundle.sources.map(({ file }) => file), texts: opened.texts } : null,
    notes: found.map((note) => ({ ...note, text: limited(note.text) })),
  };
}
