import type { Tensor } from "#tensor";
import type { Operations } from "../autograd/operations.ts";
import type { KnownMistake } from "./mistake.ts";
import type { Indices, Named } from "../network/named.ts";
import type { Generator } from "../network/random.ts";
import type { Sizes } from "../network/shape.ts";

/** The inputs of one training step. */
export interface TrainingQuestion {
  /** What the optimizer keeps is among them, where it keeps anything. */
  readonly parameters: Readonly<Named<Tensor>>;
  readonly batch: Indices;
  readonly learningRate: number;
}

/** The outputs of a training step. */
export interface TrainingAnswer {
  readonly loss: number;
  readonly gradients: Readonly<Named<Tensor>>;
  readonly updated: Readonly<Named<Tensor>>;
}

/** How parameters move, where it is not by the learning rate times their gradients alone. */
export interface Optimizer {
  /** What the training step calls its fourth argument. */
  readonly called: string;
  /**
   * The tensors that it keeps from step to step, by name: the training step is given them as a fourth argument, and updates
   * them as it does the parameters. What comes before a dot in a name is an object that holds the rest.
   */
  readonly keeps: readonly string[];
  /** Parameters and kept tensors after a step. */
  readonly moved: <X extends Operations<X>>(
    before: Readonly<Named<X>>,
    gradients: Readonly<Named<X>>,
    learningRate: number,
  ) => Readonly<Named<X>>;
}

/** How a training step is graded from the network's usual start. */
export interface TrainingPlan {
  /** How often the grader turns to another start and back. */
  readonly turns: number;
  /** Steps from the usual start in each turn. */
  readonly steps: number;
  readonly rate: number;
  readonly batch: number;
  /** Now and then a batch has another number of examples. */
  readonly batches: { readonly from: number; readonly to: number };
}

/** A start of training other than the lecture's, and the questions of its first steps. */
export interface TrainingStart {
  /** Those of the parameters: each step has a batch of its own. */
  readonly sizes: Sizes;
  readonly parameters: Readonly<Named<Tensor>>;
  readonly steps: readonly Omit<TrainingQuestion, "parameters">[];
}

/** Where training starts, and the batches that follow one another. */
export interface TrainingRun {
  readonly start: Readonly<Named<Tensor>>;
  /** A batch of the usual number of examples, or of another. */
  readonly nextBatch: (size?: number) => Indices;
  /** Skips this many usual batches, as if they had been drawn. */
  readonly skip: (batches: number) => void;
}

/** What is known about a training step once it has run; the values of its lines are there as well, by name. */
export interface LoopState {
  readonly parameters: Readonly<Named<Tensor>>;
  readonly learningRate: number;
  /** The steps before this one, the newest first; none at the first. */
  readonly before: readonly LoopState[];
  /** What each parameter moves by: the gradients as the update uses them. */
  readonly moving: Readonly<Named<Tensor>>;
  /** The parameters after the step. */
  readonly moved: Readonly<Named<Tensor>>;
  /** The gradients that are returned. */
  readonly returned: Readonly<Named<Tensor>>;
  /** The loss that is returned. */
  readonly returnedLoss: Tensor;
}

/**
 * Replacements for lines of a training step, by name. A method's type, so that a loop's own lines, which know more of its
 * values, are of this type too.
 */
export type LoopChanges = Readonly<Record<string, { line(values: LoopState): unknown }["line"] | undefined>>;

/** A known mistake in a training step, as lines that can be run. */
export interface LoopMistake extends KnownMistake {
  /** A part of the sentence that is true only if nothing else is wrong: left out if there are other mistakes. */
  readonly alone?: string;
  /** The wrong lines. */
  readonly changes: LoopChanges;
}

/** A value by which a line of the backward pass can be multiplied one time too many, or divided. */
export interface StrayFactor {
  readonly line: string;
  /** What it is called. */
  readonly factor: string;
  readonly of: (values: LoopState) => Tensor;
}

/** A line that may be computed from other lines' values instead of again: what is wrong in these is then wrong there. */
export interface Reuse {
  /** The lines whose values are used again. */
  readonly of: readonly string[];
  /** The line that uses them, in that form. */
  readonly changes: LoopChanges;
  /** What is said if one of them is wrong; follows a mistake's sentence. */
  readonly says: string;
}

/** A method's type, so that a course can say what its data are. */
type RunOn = { runOn(data: object): TrainingRun }["runOn"];

/** What a long run has learned. */
export interface Outcome {
  /** The mean loss over each split of the data. */
  readonly splits: readonly { readonly split: string; readonly loss: number }[];
  /** What it makes up, each with what is nearest to it in the data. */
  readonly samples: readonly { readonly name: string; readonly nearest: string }[];
}

/** A method's type, so that a course can say what its data are. */
type OutcomeOf = { outcomeOf(parameters: Readonly<Named<Tensor>>, data: object): Promise<Outcome> }["outcomeOf"];

/** How a network is trained for thousands of steps. */
export interface LongTraining {
  /** How many steps a run has by default. */
  readonly steps: number;
  readonly rateAt: (step: number) => number;
  /** What the losses of an outcome are, and what is done to find them. */
  readonly measured: string;
  readonly measuring: string;
  /** May load what it needs first. */
  readonly outcomeOf: OutcomeOf;
}

/** How a network is trained: a training step written line by line, and what the diagnosis has to know about the lines. */
export interface Training {
  /** The training run on the course's data. */
  readonly runOn: RunOn;
  readonly long: LongTraining;
  readonly plan: TrainingPlan;
  /** By default, each parameter moves against its gradient by the learning rate times it. */
  readonly optimizer?: Optimizer;
  /**
   * All values of one training step. The parameters stay as they are.
   *
   * @param changes the lines that replace the correct ones
   * @param before see LoopState
   * @param base the values of the correct step for the same question: what no change affects is taken from there
   * @throws TensorError if the changed lines' shapes do not fit
   */
  readonly run: (
    question: TrainingQuestion,
    changes?: LoopChanges,
    before?: readonly LoopState[],
    base?: LoopState,
  ) => LoopState;
  /** What the correct line gives at some values. */
  readonly right: (line: string, values: LoopState) => Tensor;
  /** What the correct line moves the parameters by, at some values. */
  readonly moving: (values: LoopState) => Readonly<Named<Tensor>>;
  /** The line that computes a parameter's gradient. */
  readonly ownLine: Readonly<Record<string, string>>;
  /** The lines of the backward pass whose errors show first in a parameter's gradient. */
  readonly linesBehind: Readonly<Record<string, readonly string[]>>;
  /** The lines on which more than one gradient depends. */
  readonly shared: ReadonlySet<string>;
  readonly strayFactors: readonly StrayFactor[];
  readonly reuses: readonly Reuse[];
  /**
   * The parameters whose gradient is zero except for rounding, and the line whose columns it sums: it is compared relative
   * to its magnitude, and says nothing next to others.
   */
  readonly vanishing: Readonly<Record<string, string>>;
  /** Where to look if a gradient is the first wrong one, judging by what else is right: begins with a semicolon. */
  readonly whereFrom: (name: string, isRight: (other: string) => boolean, isLossRight: () => boolean) => string;
  readonly sizesOf: (question: TrainingQuestion) => Sizes;
  /** A start whose sizes are none of the lecture's; i selects its kind, modulo the number of kinds. */
  readonly drawStart: (generator: Generator, i: number) => TrainingStart;
  /** The starts that tell mistakes apart. */
  readonly drawProbes: (generator: Generator) => readonly TrainingStart[];
  /** A learning rate that is not a round number. */
  readonly drawRate: (generator: Generator) => number;
}

/** A line's value in a training step. */
export function lineValue(values: LoopState, line: string): Tensor {
  return (values as unknown as Readonly<Named<Tensor>>)[line]!;
}
