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
import type { TensorFault } from "../../tensor/error.ts";
import { backwardOrder } from "../../verdict/training.ts";
import type { Diagnosis, Thrown } from "../symptom.ts";

/** The question to one training step, and its answer. */
export interface TrainingSymptom {
  question: TrainingQuestion;
  answer: TrainingAnswer | Thrown;
}

/** Consecutive steps from one start, by code that has run no other step before. */
export type TrainingSymptoms = readonly TrainingSymptom[];

/** One thing that an answer is compared in. */
export interface Item {
  kind: "gradient" | "update" | "loss";
  name: string;
}

/** Lines other than the correct ones, possibly different ones at each step. */
export interface Candidate extends Diagnosis {
  at: (run: number, step: number) => LoopChanges;
  /** What is certain if the candidate explains only a part of the answers; by default the sentence itself. */
  inPart?: string;
  /** A part of the sentence that is true only if nothing else is wrong: left out if there are other mistakes. */
  alone?: string;
  /** Whether the sentence says that other lines are wrong because of this one. */
  saysWhatFollows?: true;
}

/** What a training step gives for a question: its values, or the error that a tensor's operation throws. */
export interface Prediction {
  values: LoopState | undefined;
  thrown: TensorFault | undefined;
}

/** A symptom, with the correct step's values. */
export interface Told extends TrainingSymptom {
  right: LoopState;
}

/** Everything that a diagnosis is made from: the answers, and what is known about the loop that they should follow. */
export interface Scene {
  readonly training: Training;
  readonly words: Words;
  readonly mistakes: readonly LoopMistake[];
  readonly runs: readonly (readonly Told[])[];
  /** The parameters' names, in the order in which they are reported. */
  readonly names: readonly string[];
  /** In the order of the judge, and of the backward pass: the first wrong one is the cause. */
  readonly items: readonly Item[];
}

export function sceneOf({ network, training, mistakes }: TrainStep, symptoms: readonly TrainingSymptoms[]): Scene {
  const names = parameterNamesOf(network);
  const items = itemsOf(backwardOrder(network), training.optimizer?.keeps);
  const runs = symptoms.map((run) =>
    run
      .filter(({ question }) => isFinitely(question))
      .map((symptom): Told => ({ ...symptom, right: training.run(symptom.question) })),
  );
  return { training, words: network.words, mistakes, runs, names, items: [...items, { kind: "loss", name: "" }] };
}

/** Where an optimizer keeps something, every update depends on all gradients: these come first. */
function itemsOf(order: readonly string[], keeps: readonly string[] | undefined): Item[] {
  const gradients = order.map((name): Item => ({ kind: "gradient", name }));
  const updates = [...(keeps ?? []), ...order].map((name): Item => ({ kind: "update", name }));
  return keeps ? [...gradients, ...updates] : gradients.flatMap((gradient, i) => [gradient, updates[i]!]);
}

function isFinitely({ parameters }: TrainingQuestion): boolean {
  return Object.values(parameters).every((x) => x.toArray().every((value) => Number.isFinite(value)));
}
