import { tensor } from "#tensor";
import { steps, functionSteps } from "../../grader/course/steps.ts";
import { runExperiment } from "../../grader/course/lab/run.ts";
import { checkGradient } from "../../grader/grading/check-gradient.ts";
import { failureOf, readAnswer } from "../../grader/grading/failures.ts";
import { gradeSteps } from "../../grader/grading/grade.ts";
import type { Host, Learner, SourceStep } from "../../grader/grading/host.ts";
import { limits } from "../../grader/grading/limits.ts";
import type { CallsResponse, GuestRequest, Message } from "../../grader/grading/messages.ts";
import { trainOn, type LongRun } from "../../grader/grading/long-run.ts";
import { isOpen, openStep } from "../../grader/grading/open.ts";
import type { Step, TrainStep } from "../../grader/kit/step.ts";
import type { TrainingRun } from "../../grader/kit/training.ts";
import { gradientCheckReport } from "../../grader/report/gradient-check.ts";
import type { Failure } from "../../grader/verdict/judge.ts";
import { bundle } from "../grader/compile/bundle.ts";
import { courseFor, fetchNames } from "../grader/course.ts";
import { letAnswersIn, memoryStore, pageHost } from "../grader/host.ts";
import { experimentOf } from "./experiments.ts";
import { learnerOf, type Workers } from "../grader/learner.ts";
import type {
  CoachAnswers,
  CoachProgress,
  CoachQuestion,
  Elements,
  FromCoach,
  Scratched,
  ToCoach,
  Trained,
} from "./protocol.ts";

/** Answers the workshop's questions in a grader's worker: loaded when the first is asked. */

/** What an answer is made with. */
interface Coaching {
  readonly files: Readonly<Record<string, string>>;
  readonly startLearner: () => Learner;
  readonly signal: AbortSignal;
  readonly tell: (progress: CoachProgress) => void;
}

const store = memoryStore();

/** What a grader's worker shares with the coach. */
export interface Shared {
  readonly workers: Workers;
  readonly say: (message: FromCoach) => void;
  /** What ends each question that is being answered. */
  readonly underWay: Map<number, () => void>;
}

/** Answers a question of the page, unless it is ended. */
export async function coachedBy({ coach: id, question, files }: ToCoach, shared: Shared): Promise<FromCoach> {
  const { workers, say, underWay } = shared;
  const ending = new AbortController();
  const learners: Learner[] = [];
  underWay.set(id, () => {
    ending.abort();
    // training ends by itself after a few steps, and is answered
    if (question.what === "train") return;
    underWay.delete(id);
    for (const learner of learners) learner.close();
  });
  const startLearner = (): Learner => {
    const learner = learnerOf(workers);
    learners.push(learner);
    return learner;
  };
  try {
    const tell = (progress: CoachProgress): void => say({ coaching: id, progress });
    return { coached: id, answer: await answerTo(question, { files, startLearner, signal: ending.signal, tell }) };
  } finally {
    underWay.delete(id);
  }
}

/** @throws what the host throws if nothing can be run */
function answerTo(question: CoachQuestion, coaching: Coaching): Promise<CoachAnswers[CoachQuestion["what"]]> {
  switch (question.what) {
    case "check":
      return check(question, coaching);
    case "lab":
      return lab(question, coaching);
    case "sentences":
      return Promise.resolve(sentences(question));
    case "scratch":
      return scratch(question, coaching);
    case "train":
      return train(question, coaching);
  }
}

type Asked<What extends CoachQuestion["what"]> = Extract<CoachQuestion, { what: What }>;

function hostOf({ files, startLearner }: Coaching): Host {
  return pageHost(files, startLearner, store);
}

function stepCalled(id: string): Step {
  const step = steps.find((one) => one.id === id);
  if (!step) throw new Error(`there is no step ${id}`);
  return step;
}

async function check({ step: id }: Asked<"check">, coaching: Coaching): Promise<CoachAnswers["check"]> {
  const step = stepCalled(id);
  return gradientCheckReport(step, await checkGradient(hostOf(coaching), step));
}

async function lab({ step: id }: Asked<"lab">, coaching: Coaching): Promise<CoachAnswers["lab"]> {
  const step = functionSteps.find((one) => one.id === id);
  const experiment = step && experimentOf(step);
  if (!experiment) throw new Error(`${id} has no experiment`);
  const host = hostOf(coaching);
  const [dataset, course] = await Promise.all([fetchNames(), courseFor([step])]);
  const [result] = await gradeSteps(host, course, [step], false);
  return runExperiment({
    host,
    step: { ...step, experiment },
    result: result!,
    dataset,
    steps: functionSteps,
    progress(done) {
      coaching.tell({ done });
      return letAnswersIn();
    },
  });
}

function sentences({ step }: Asked<"sentences">): CoachAnswers["sentences"] {
  return Object.fromEntries(stepCalled(step).mistakes.map(({ id, sentence }) => [id, sentence]));
}

/** Where a scratch text is in the tree: beside exercises/, as on the command line. */
const SCRATCH: SourceStep = { id: "scratch", file: "play/scratch.ts", export: "scratch" };

async function scratch({ text }: Asked<"scratch">, { files, startLearner }: Coaching): Promise<Scratched> {
  const exercises = Object.entries(files).map(([file, text]) => [`exercises/${file}`, text] as const);
  const made = bundle({ ...Object.fromEntries(exercises), [SCRATCH.file]: text }, SCRATCH);
  if (!("code" in made)) return { printed: "", failure: made, milliseconds: 0 };
  const learner = startLearner();
  try {
    const request: Message<GuestRequest> = { header: { kind: "calls", cases: [], order: [] }, tensors: [] };
    const answer = await learner.ask(SCRATCH.id, made, request, limits.loadMs);
    const code = { step: SCRATCH as unknown as Step, bundle: made };
    const failure = readAnswer<CallsResponse, Failure | undefined>(answer, code, ({ header: { answers } }) => {
      const [first] = answers;
      // a text need not export anything
      return first === undefined || !("stack" in first) || first.kind === "missing"
        ? undefined
        : failureOf(first, code);
    });
    return { printed: answer.printed, failure, milliseconds: answer.milliseconds };
  } finally {
    learner.close();
  }
}

/** How often the page is told of new losses, and how often of the parameters, in milliseconds. */
const TELL_EVERY = 80;
const TELL_PARAMETERS_EVERY = 5000;

async function train({ step: id, steps: count, from }: Asked<"train">, coaching: Coaching): Promise<Trained> {
  const step = steps.find((one): one is TrainStep => one.kind === "train" && one.id === id);
  if (!step) throw new Error(`there is no training step ${id}`);
  const dataset = await fetchNames();
  const begin = (): TrainingRun => step.training.runOn(dataset);
  const { start } = begin();
  const run: LongRun = {
    begin,
    parameters: from ? withElements(start, from.parameters) : start,
    losses: [...(from?.losses ?? [])],
    steps: count,
  };
  const open = await openStep(hostOf(coaching), step);
  if (!isOpen(open)) return { failure: open };
  let told = run.losses.length;
  let toldAt = 0;
  let parametersAt = performance.now();
  let printed = "";
  const tell = (withParameters: boolean): void => {
    const parameters = withParameters && { parameters: elementsOf(run.parameters) };
    coaching.tell({ losses: run.losses.slice(told), printed, ...parameters });
    [told, printed, toldAt] = [run.losses.length, "", performance.now()];
    if (withParameters) parametersAt = toldAt;
  };
  try {
    const end = await trainOn(open, run, coaching.signal, (more) => {
      printed += more;
      const now = performance.now();
      if (now - toldAt > TELL_EVERY) tell(now - parametersAt > TELL_PARAMETERS_EVERY);
    });
    tell(true);
    if (end === "stopped") return { isStopped: true };
    if (end !== "done") return { failure: end };
    coaching.tell({ isMeasuring: true });
    return { outcome: await step.training.long.outcomeOf(run.parameters, dataset) };
  } finally {
    open.learner.close();
  }
}

function elementsOf(parameters: LongRun["parameters"]): Elements {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [name, Float32Array.from(parameter.toArray())]),
  );
}

/** @throws Error if the elements are those of other parameters, of another version of the course */
function withElements(start: LongRun["parameters"], elements: Elements): LongRun["parameters"] {
  const tensors = Object.entries(start).map(([name, { shape }]) => {
    const own = elements[name];
    if (own?.length !== shape.reduce((product, extent) => product * extent, 1)) throw new Error(OTHER_NETWORK);
    return [name, tensor(own, shape)] as const;
  });
  return Object.fromEntries(tensors);
}

const OTHER_NETWORK = "This run was kept by another version of the course, and cannot go on. Train again.";
