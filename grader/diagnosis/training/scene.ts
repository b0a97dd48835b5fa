import type {
  LoopChanges,
  LoopMistake,
  LoopState,
  Training,
  TrainingAnswer,
  TrainingQuestion,
} from "../../kit/training.ts";
import type { TrainStep } from "../../kit/step.ts";
import { parameterNamesOf } from "../../network/network.ts";
import type { Words } from "../../network/words.ts";
import { backwardOrder } from "../../verdict/training.ts";
import type { Diagnosis, Thrown } from "../symptom.ts";

/** What one step was asked, and what it answered. */
export interface TrainingSymptom {
  question: TrainingQuestion;
  answer: TrainingAnswer | Thrown;
}

/** Steps in a row from one start, by code that has run no other step before. */
export type TrainingSymptoms = readonly TrainingSymptom[];

/** One thing that an answer is compared in. */
export interface Item {
  kind: "gradient" | "update" | "loss";
  name: string;
}

/** Lines other than the right ones, which may be others at each step. */
export interface Candidate extends Diagnosis {
  at: (run: number, step: number) => LoopChanges;
  /** What is sure where the candidate explains a part of the answers alone; the sentence itself where none stands here. */
  inPart?: string;
  /** A part of the sentence that is true where nothing else is wrong: left out beside other mistakes. */
  alone?: string;
  /** Whether the sentence says that other lines are wrong because of this one. */
  saysWhatFollows?: true;
}

/** What the step at a question gives, and what it is compared by. */
export interface Prediction {
  values: LoopState | undefined;
  thrown: string | undefined;
}

/** A symptom, with the right step's values. */
export interface Told extends TrainingSymptom {
  right: LoopState;
}

/** All that a diagnosis is made from: the answers, and what is known of the loop they should follow. */
export interface Scene {
  readonly training: Training;
  readonly words: Words;
  readonly mistakes: readonly LoopMistake[];
  readonly runs: readonly (readonly Told[])[];
  /** The parameters' names, in the order in which they are reported. */
  readonly names: readonly string[];
  /** In the order of the judge, and of the backward pass: the first that is wrong is the cause. */
  readonly items: readonly Item[];
}

export function sceneOf({ network, training, mistakes }: TrainStep, symptoms: readonly TrainingSymptoms[]): Scene {
  const names = parameterNamesOf(network);
  const items = backwardOrder(network).flatMap((name): Item[] => [
    { kind: "gradient", name },
    { kind: "update", name },
  ]);
  const runs = symptoms.map((run) =>
    run
      .filter(({ question }) => isFinitely(question))
      .map((symptom): Told => ({ ...symptom, right: training.run(symptom.question) })),
  );
  return { training, words: network.words, mistakes, runs, names, items: [...items, { kind: "loss", name: "" }] };
}

function isFinitely({ parameters }: TrainingQuestion): boolean {
  return Object.values(parameters).every((x) => x.toArray().every((value) => Number.isFinite(value)));
}
