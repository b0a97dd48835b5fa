import type { Tensor } from "#tensor";
import type { KnownMistake } from "./mistake.ts";
import type { Indices, Named } from "../network/named.ts";
import type { Generator } from "../network/random.ts";
import type { Sizes } from "../network/shape.ts";

/** What one training step begins with. */
export interface TrainingQuestion {
  readonly parameters: Readonly<Named<Tensor>>;
  readonly batch: Indices;
  readonly learningRate: number;
}

/** What a training step made of it. */
export interface TrainingAnswer {
  readonly loss: number;
  readonly gradients: Readonly<Named<Tensor>>;
  readonly updated: Readonly<Named<Tensor>>;
}

/** A place where training may start, other than the lecture's, and what the first steps from there are asked. */
export interface TrainingStart {
  /** Those of the parameters: each step has a batch of its own. */
  readonly sizes: Sizes;
  readonly parameters: Readonly<Named<Tensor>>;
  readonly steps: readonly Omit<TrainingQuestion, "parameters">[];
}

/** Where training starts, and the batches it sees, one after the other. */
export interface TrainingRun {
  readonly start: Readonly<Named<Tensor>>;
  /** A batch of the usual number of examples, or of another. */
  readonly nextBatch: (size?: number) => Indices;
  /** Passes over so many usual batches, as if they had been asked for. */
  readonly skip: (batches: number) => void;
}

/** What is known of a training step once it has run; the values of its lines stand beside, by name. */
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
 * Lines of a training step other than the right ones, by name. A method's type, so that a loop's own lines, which know
 * more of its values, are of this type too.
 */
export type LoopChanges = Readonly<Record<string, { line(values: LoopState): unknown }["line"] | undefined>>;

/** A way to be wrong in a training step, as lines that can be run. */
export interface LoopMistake extends KnownMistake {
  /** A part of the sentence that is true where nothing else is wrong: left out beside other mistakes. */
  readonly alone?: string;
  /** The lines that are other than the right ones. */
  readonly changes: LoopChanges;
}

/** A value that a line of the way back can be multiplied by once too often, or divided by. */
export interface StrayFactor {
  readonly line: string;
  /** What it is called. */
  readonly factor: string;
  readonly of: (values: LoopState) => Tensor;
}

/** How a network is trained, as a training step written a line at a time, and what its diagnosis has to know of the lines. */
export interface Training {
  /**
   * All values of one training step. The parameters stay as they are.
   *
   * @param changes the lines that are other than the right ones
   * @param before see LoopState
   * @param base the values of the right step at the same question: what no change can reach is taken from there
   * @throws TensorError where the changed lines' shapes do not fit
   */
  readonly run: (
    question: TrainingQuestion,
    changes?: LoopChanges,
    before?: readonly LoopState[],
    base?: LoopState,
  ) => LoopState;
  /** What the right line gives at some values. */
  readonly right: (line: string, values: LoopState) => Tensor;
  /** What parameters move by after the right line, at some values. */
  readonly moving: (values: LoopState) => Readonly<Named<Tensor>>;
  /** The line that a parameter's gradient is computed by. */
  readonly ownLine: Readonly<Record<string, string>>;
  /** The lines of the way back that each show first in a parameter's gradient. */
  readonly linesBehind: Readonly<Record<string, readonly string[]>>;
  /** The lines that more than one gradient is made from. */
  readonly shared: ReadonlySet<string>;
  readonly strayFactors: readonly StrayFactor[];
  /**
   * The parameters whose gradient is zero but for rounding, and the line whose columns it is the sum of: it is compared by
   * what was added up, and says nothing beside others.
   */
  readonly vanishing: Readonly<Record<string, string>>;
  /** Which lines are left where a gradient is the first that is wrong, by what is right besides: follows a semicolon. */
  readonly whereFrom: (name: string, isRight: (other: string) => boolean, isLossRight: () => boolean) => string;
  readonly sizesOf: (question: TrainingQuestion) => Sizes;
  /** A start whose sizes are none of the lecture's; i says which of the kinds there are, counted around. */
  readonly drawStart: (generator: Generator, i: number) => TrainingStart;
  /** The starts at which mistakes are told apart. */
  readonly drawProbes: (generator: Generator) => readonly TrainingStart[];
  /** A learning rate that is no round number. */
  readonly drawRate: (generator: Generator) => number;
}

/** A line's value in a training step. */
export function lineValue(values: LoopState, line: string): Tensor {
  return (values as unknown as Readonly<Named<Tensor>>)[line]!;
}
