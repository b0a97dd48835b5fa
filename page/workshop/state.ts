import type { ExperimentDone } from "../../grader/course/lab/run.ts";
import type { Outcome } from "../../grader/kit/training.ts";
import type { GradientCheckReport } from "../../grader/report/gradient-check.ts";
import type { Elements, RunSoFar } from "../coach/protocol.ts";
import type { PageResult } from "../protocol.ts";
import type { CourseDigest, StepDigest } from "../site.ts";
import type { CourseTexts, Recap, StepTexts } from "./texts.ts";

/** What came of a question, as the command line remembers it. */
export type Reply = "right" | "wrong" | "skipped";

/** What is remembered of the steps besides their texts. */
export interface Remembered {
  /** How many of a step's hints have been shown. */
  hints(id: string): number;
  keepHints(id: string, shown: number): void;
  /** What came of a step's questions, by their ids. */
  replies(id: string): Readonly<Record<string, Reply>>;
  keepReply(id: string, question: string, reply: Reply): void;
}

/** What the page knows of the step that is open. */
export interface Shown {
  readonly step: StepDigest;
  /** The learner's texts, by file. */
  readonly files: Readonly<Record<string, string>>;
  /** The result of the step's text as it is now; undefined if that has not been graded. */
  readonly result: PageResult | undefined;
  /** The ids of the steps that pass. */
  readonly passed: ReadonlySet<string>;
  /** What the step's file begins as. */
  readonly stub: string;
  /** The ids of the steps that lead to each recap. */
  readonly ends: CourseDigest["ends"];
}

/** The open step, with what the workshop says of steps. */
export interface Subject extends Shown {
  readonly texts: CourseTexts;
}

/** What can be opened below a result. */
export type Tool = "questions" | "hints" | "check" | "mistakes" | "ours" | "lab" | "train" | "recap";

/** Something that was asked of the coach. */
export type Asked<X> =
  | { readonly is: "running"; readonly done?: number }
  | { readonly is: "answered"; readonly answer: X }
  | { readonly is: "failed"; readonly why: string };

/** The questions to a step, as far as they have been answered. */
export interface Quiz {
  /** The question that is asked, from 0; as many as there are after the last. */
  readonly at: number;
  /** The option that was chosen for it; undefined before. */
  readonly chosen: number | undefined;
  readonly right: number;
  /** Whether questions that were answered right before are asked as well. */
  readonly isAgain: boolean;
}

/** A training run that outlives its page. */
export interface KeptRun extends RunSoFar {
  readonly steps: number;
  readonly printed: string;
  /** Undefined before its last step. */
  readonly outcome: Outcome | undefined;
}

/** Where runs are kept, one for each step that trains. */
export interface KeptRuns {
  /** @returns undefined if there is none */
  read(step: string): Promise<KeptRun | undefined>;
  /** @returns whether the browser keeps it */
  keep(step: string, run: KeptRun): Promise<boolean>;
  forget(step: string): void;
}

/** Training, from its start. */
export interface Training {
  readonly is: "off" | "running" | "pausing" | "paused" | "measuring" | "done" | "failed";
  /** How many steps it has in all; undefined before they are chosen. */
  readonly steps: number | undefined;
  readonly losses: readonly number[];
  /** Where it began or went on last: when, in the milliseconds of performance.now(), and after how many steps. */
  readonly from: { readonly at: number; readonly step: number } | undefined;
  readonly printed: string;
  /** What it goes on with after a pause. */
  readonly parameters: Elements | undefined;
  /** Whether it is there again after the page has been closed. */
  readonly isKept: boolean;
  readonly outcome: Outcome | undefined;
  readonly why: string | undefined;
}

/** Everything that the workshop shows. */
export interface WorkshopState {
  readonly open: Tool | undefined;
  /** Undefined until they are needed. */
  readonly texts: Asked<CourseTexts> | undefined;
  readonly hintsShown: number;
  readonly quiz: Quiz;
  readonly check: Asked<GradientCheckReport | string> | undefined;
  readonly lab: Asked<ExperimentDone> | undefined;
  /** What is said of each known mistake, by its id. */
  readonly sentences: Asked<Readonly<Record<string, string>>> | undefined;
  /** By the ids of the steps whose functions train. */
  readonly trainings: Readonly<Record<string, Training>>;
}

/** The step whose function trains the lecture's network, beside which others are shown. */
export const LECTURES_STEP = "train";

export const noTraining: Training = {
  is: "off",
  steps: undefined,
  losses: [],
  from: undefined,
  printed: "",
  parameters: undefined,
  isKept: false,
  outcome: undefined,
  why: undefined,
};

/** What views ask for. */
export interface WorkshopActions {
  toggle(tool: Tool): void;
  nextHint(): void;
  /** Chooses an option of the question that is asked, or skips it. */
  choose(option: number | "skip"): void;
  nextQuestion(): void;
  askAgain(): void;
  check(): void;
  lab(): void;
  train(steps: number): void;
  pause(): void;
  resume(): void;
  /** Ends training, which then begins anew. */
  stopTraining(): void;
}

export function trainingOf({ trainings }: WorkshopState, { id }: Pick<StepDigest, "id">): Training {
  return trainings[id] ?? noTraining;
}

export function textsOf({ texts, step }: Subject): StepTexts {
  return texts.steps[step.id]!;
}

/** The recaps of what ends with the step, and is passed. */
export function recapsOf(subject: Subject): readonly Recap[] {
  return subject.texts.recaps.filter(({ steps }) => isReached(steps, subject));
}

function isReached(end: readonly string[], { step, passed }: Shown): boolean {
  return end.at(-1) === step.id && end.every((id) => passed.has(id));
}

/** The tools that a step has, in the order in which they are of use. */
export function toolsOf(shown: Shown): readonly Tool[] {
  const { step, ends } = shown;
  const isPassed = shown.passed.has(step.id);
  const has: Readonly<Record<Tool, boolean>> = {
    recap: ends.some((end) => isReached(end, shown)),
    questions: step.hasQuestions,
    hints: true,
    check: step.hasCheck,
    mistakes: isPassed,
    ours: isPassed,
    lab: step.hasExperiment,
    train: step.kind === "train",
  };
  return (Object.keys(has) as Tool[]).filter((tool) => has[tool]);
}
