import type { Experiment } from "./experiment.ts";
import type { StepHints } from "./hint.ts";
import type { Answer, KnownMistake, Mistake } from "./mistake.ts";
import type { Row } from "./row.ts";

/** What a step of any kind has that is its own. */
interface RoomBase {
  /** Names the step everywhere: `dcounts`, `fused-dlogits`, `train`. */
  id: string;
  /** The function that the exercise exports. */
  export: string;
  hints: StepHints;
  /** What to look at where something is found that is none of the known mistakes, by the finding's id. */
  looks: Readonly<Record<string, string>>;
}

/** What people have written for a step, and what its verdicts are tried on: all but its lines. */
export interface RoomContents<Name extends string = string> {
  hints: StepHints;
  /** See RoomBase; those that hold at every step need not be there. */
  looks?: RoomBase["looks"];
  /** The known ways to be wrong, the likeliest first. */
  mistakes: readonly Mistake<Name>[];
  /**
   * Right answers that differ in form from the solution and from each other: other orders of operations, quotients for
   * powers, loops for operations, outputs for inputs. The course's check holds that every one of them is accepted.
   */
  forms: readonly Answer<Name>[];
  /** What `npm run lab` shows of it. */
  experiment?: Experiment;
}

/**
 * All that is one step's own, where the step is a pure function from given tensors to one gradient, or to one value.
 *
 * @typeParam Name the names that the step is given
 */
export interface FunctionRoom<Id extends string = string, Name extends string = string>
  extends Omit<Row, "id" | "given">, RoomBase, RoomContents<Name> {
  kind: "function";
  id: Id;
  given: readonly Name[];
  looks: RoomBase["looks"];
}

/** All that is the training loop's own: a step that updates its parameters. */
export interface TrainRoom<Wrong extends KnownMistake = KnownMistake, Form = unknown> extends RoomBase {
  kind: "train";
  /** The known ways to be wrong, in the order of the backward pass. */
  mistakes: readonly Wrong[];
  /** Right answers that differ in form. */
  forms: readonly Form[];
}
