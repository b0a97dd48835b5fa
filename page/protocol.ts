import type { Trace } from "../grader/report/ladder/ladder.ts";
import type { NamedLadder } from "../grader/report/ladder/ladders.ts";
import type { LadderAnswer } from "../grader/report/ladder/panels.ts";
import type { FromCoach, ToCoach } from "./coach/protocol.ts";
import type { FileNotes } from "./types/protocol.ts";
import type { StepResult } from "../grader/verdict/result.ts";

/**
 * What the parts of the page say to one another. The page shows, the grader's worker judges, the frame runs workers with
 * learner code: it and they are of another origin, without network and storage, and nothing that they say is trusted.
 *
 *     page  <--ToGrader, FromGrader-->  grader  <--ToFrame, FromFrame-->  frame  <--ToLearner, FromLearner-->  worker
 */

/** From the page to the grader's worker. */
export type ToGrader =
  /** Grades steps of a tree. Its files are by name, from the tree's folder. */
  | {
      grade: number;
      files: Readonly<Record<string, string>>;
      steps: readonly string[];
      notes?: FileNotes | undefined;
      keepGradients: boolean;
    }
  /** Asks for anything else that is done with the learner's code. */
  | ToCoach
  /** Asks for the ladder that a step is on. */
  | { ladder: number; step: string }
  /** Follows an element of a ladder that was asked for. */
  | { follow: number; of: string; tensor: string; place: number }
  /** Ends a grading, whatever it is doing; it gets no result. Training ends by itself soon, and is answered. */
  | { cancel: number }
  /** A frame that was asked for: the port to it comes with the message. */
  | { frame: MessagePort }
  /** Why there is no frame. */
  | { noFrame: string };

/** From the grader's worker to the page. */
export type FromGrader =
  /** It listens: browsers lose what is said to a module worker whose modules are still waited for. */
  | { ready: true }
  /** A step of a grading has been asked something, and has answered. */
  | { progress: number; step: string }
  | { result: number; results: readonly PageResult[] }
  /** Undefined if the step is on no ladder. */
  | { ladderOf: number; found: NamedLadder | undefined }
  | { traceOf: number; trace: Trace }
  | FromCoach
  /** A request could not be met, whatever the files contain: why, for people. */
  | { failed: number; why: string }
  /** A frame is needed, the first or because one is dead. */
  | { frameNeeded: true };

/** What grading one step found, as messages can hold it. */
export interface PageResult extends Omit<StepResult, "gradient"> {
  /** The numbers that it returned, if they were asked for, for drawing. */
  readonly answer?: LadderAnswer;
}

/** From the page to a frame, once; a port comes with it, whose other end the grader's worker gets. */
export interface FrameStart {
  /** The script that each worker runs before a learner's code. */
  library: string;
}

/** From the grader's worker to a frame. Workers are known by numbers. */
export type ToFrame =
  /** Starts a worker. */
  | { start: number }
  /** Passes a script to a worker, which loads it. */
  | { load: number; script: string }
  /** Passes a request to a worker. */
  | { call: number; request: string }
  /** Ends a worker, whatever it is doing. */
  | { end: number }
  /** Asks whether the frame is alive. */
  | { ping: number };

/** From a frame to the grader's worker. */
export type FromFrame =
  /** What a worker said. */
  | { from: number; said: FromLearner }
  /** A worker cannot be started, or has broken down. */
  | { broken: number; why: string }
  | { pong: number };

/** From a frame to a worker. */
export type ToLearner = { load: string } | { call: string };

/** From a worker to its frame: what learner code could have forged. */
export type FromLearner =
  /** The worker can load a script. */
  | { ready: true }
  /** A script is about to be loaded, or called. */
  | { started: "load" | "call" }
  /** A script has been loaded, which stack traces may call by this URL; what it printed is in the next answer. */
  | { loaded: string }
  /** A script was refused by the engine: its message, and where in the script, as far as the engine says so. */
  | { refused: string; line: number; column: number }
  | Said;

/** The answer to a request. */
export interface Said {
  status: "answered" | "failed" | "too-large";
  /** A packed message, if it was answered. */
  answer: string;
  printed: string;
  milliseconds: number;
}
