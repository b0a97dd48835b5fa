import type { Experiment } from "./experiment.ts";
import type { HintLadder, StepHints } from "./hint.ts";
import type { Answer, KnownMistake, Mistake } from "./mistake.ts";
import type { Program, ProgramAnswer, ProgramMistake } from "./program.ts";
import type { WrittenQuestion } from "./question.ts";
import type { Row } from "./row.ts";
import type { Network } from "../network/network.ts";
import type { Training } from "./training.ts";

/** A correct answer other than our own, for people to read. Tests grade it as a learner's file would be. */
export interface AlsoRight {
  /** The body of the function, as TypeScript. */
  readonly code: string;
  /** What is different about it, and what that is good for. */
  readonly why: string;
}

/** What belongs to one step of any kind. */
interface RoomBase {
  /** Names the step everywhere: `dcounts`, `fused-dlogits`, `train`. */
  id: string;
  /** The function that the exercise exports. */
  export: string;
  /** What the step teaches, in a sentence: the lesson states it, and the recap of the part repeats it. */
  idea?: string;
  hints: StepHints;
  /** Questions before the code, where a generated one would be wrong or dull. */
  questions?: readonly WrittenQuestion[];
  /** Other correct answers that are worth reading once the step passes. */
  alsoRight?: readonly AlsoRight[];
  /** What to look at if something is found that is none of the known mistakes, by the finding's id. */
  looks: Readonly<Record<string, string>>;
  /** Where the lecture derives it, in seconds from its start: for a fan-out, once per branch. */
  lecture?: readonly number[];
}

/** The texts of a step, and the answers that its verdicts are tested with: everything but its lines. */
export interface RoomContents<Name extends string = string> {
  idea?: string;
  /** What the title of its section in the lesson adds to its name: `a sum`; left out if the name is the whole title. */
  title?: string;
  /** The title of the section of the lesson that it shares with other steps; left out if it has one of its own. */
  section?: string;
  hints: StepHints;
  questions?: RoomBase["questions"];
  alsoRight?: RoomBase["alsoRight"];
  lecture?: RoomBase["lecture"];
  /** See RoomBase; those that apply to every step can be left out. */
  looks?: RoomBase["looks"];
  /** The known mistakes, the likeliest first. */
  mistakes: readonly Mistake<Name>[];
  /**
   * Correct answers that differ in form from the solution and from each other: other orders of operations, quotients
   * instead of powers, loops instead of operations, outputs instead of inputs. The course's check makes sure that every
   * one of them is accepted.
   */
  forms: readonly Answer<Name>[];
  /** What `npm run lab` shows of it. */
  experiment?: Experiment;
}

/**
 * Everything that belongs to one step that is a pure function from given tensors to one gradient, or to one value.
 *
 * @typeParam Name the names that the step is given
 */
export interface FunctionRoom<Id extends string = string, Name extends string = string>
  extends Omit<Row, "id" | "given">, RoomBase, RoomContents<Name> {
  kind: "function";
  id: Id;
  given: readonly Name[];
  /** The network whose tensors it names; by default the one that its part is about. */
  network?: Network;
  looks: RoomBase["looks"];
}

/** Everything that belongs to the training loop, a step that updates its parameters. */
export interface TrainRoom<Wrong extends KnownMistake = KnownMistake, Form = unknown> extends RoomBase {
  kind: "train";
  hints: HintLadder;
  /** How the network is trained. */
  training: Training;
  /** The known mistakes, in the order of the backward pass. */
  mistakes: readonly Wrong[];
  /** Correct answers that differ in form. */
  forms: readonly Form[];
}

/** Everything that belongs to a step whose function takes and returns other things than named tensors. */
export interface ProgramRoom<Id extends string = string> extends RoomBase {
  kind: "program";
  id: Id;
  title?: string;
  program: Program;
  /** The task, as the lines of the comment above the function: what is given, and what to return. */
  task: readonly string[];
  /** The known mistakes, the likeliest first. */
  mistakes: readonly ProgramMistake[];
  /** Correct answers that differ in form from the solution and from each other. */
  forms: readonly ProgramAnswer[];
}

/** A room of any kind. */
export type AnyRoom = FunctionRoom | TrainRoom | ProgramRoom;
