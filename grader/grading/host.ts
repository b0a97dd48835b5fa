import type { Failure } from "../verdict/judge.ts";
import type { Note, Position } from "../verdict/result.ts";
import type { GuestRequest, Message } from "./messages.ts";

/**
 * The ports of grading: what it needs from a host that reads a tree and runs its code. Node with boxed processes is one
 * host, a browser with sandboxed workers can be another; equal texts get equal results from each, byte for byte except
 * for times.
 */

/** Reads one tree of steps and runs its code. */
export interface Host {
  /** Identifies everything about the host that results can depend on: the grader, the engine, and the box around it. */
  identity: string;
  sources: Sources;
  /** Starts what runs learner code immediately, so that it is ready by the time there is something to run. */
  startLearner(): Learner;
  /** The 32 bytes of SHA-256 of a text in UTF-8. */
  sha256(text: string): Uint8Array;
  /** Resolves once all answers that have arrived are read; grading pauses here between its own computations. */
  letAnswersIn(): Promise<void>;
  /** Keeps results, so that unchanged steps are not run again. Undefined if everything is run. */
  store?: Store | undefined;
  /** What a type checker says about files, by file: notes, never a verdict. Undefined if types are not checked. */
  notes?: ((files: readonly CheckedFile[]) => Promise<ReadonlyMap<string, Note[]>>) | undefined;
}

/** Keeps texts under names of 32 hexadecimal digits. Any text may be lost at any time, but none is ever damaged. */
export interface Store {
  read(name: string): string | undefined;
  write(name: string, text: string): void;
}

/** A file whose types are checked, and a hash of it and of everything that it imports. */
export interface CheckedFile {
  file: string;
  texts: string;
}

/** The texts of a tree. */
export interface Sources {
  /**
   * Makes each step's file and what it imports ready to run, by step id; a Failure if it is missing or does not compile.
   * A file that fails does not affect the others.
   *
   * @throws if nothing can be bundled, whatever the files contain
   */
  bundle(steps: readonly SourceStep[]): Promise<ReadonlyMap<string, Bundle | Failure>>;
  /** The text of a file as it is now; undefined if there is none, or it cannot be read. */
  text(file: string): string | undefined;
}

/** What a bundler needs to know about a step. */
export interface SourceStep {
  id: string;
  /** Its file, from the tree's folder, with forward slashes. */
  file: string;
  /** The function that the file exports. */
  export: string;
}

/** A step's file with what it imports, ready to run. */
export interface Bundle {
  /** What a learner of the same host runs. */
  code: string;
  /** The tree's own files in it, the step's own first: names relative to the tree's folder, and texts. */
  sources: readonly SourceFile[];
  /** Files that do not exist but, if they did, would be bundled instead of one of these. */
  absent: readonly string[];
  /**
   * Finds a stack trace's positions in the tree's files.
   *
   * @param stack as the engine wrote it, or as learner code forged it
   * @param context the context that the code ran in, see Learner.ask
   */
  locate(stack: string, context: string): Located;
}

export interface SourceFile {
  file: string;
  text: string;
}

/** The positions of a stack trace. */
export interface Located {
  /** The positions in files of the tree, from the innermost. */
  places: readonly { file: string; at: Position }[];
  /** Whether the error was thrown by the tree's own code, not by something it called. */
  isOnTop: boolean;
}

/**
 * Runs learner code separately from everything that judges it, and answers one question after another. A question that
 * never ends, or that ends the process, loses only its own answer.
 */
export interface Learner {
  /**
   * Asks a step's code. Questions can be asked while others wait; answers come in the order of the questions.
   *
   * A host that sends the message elsewhere packs it, see packing.ts: a Tensor does not survive structured clone, as in
   * postMessage, which would leave it without its elements and its operations.
   *
   * @param context names the instance of the code: it is loaded once per name, and the same name asks it again
   * @param limitMs milliseconds that the answer may take, without loading: processor time if the system reports it
   * @throws if nothing can be run at all, whatever the code
   */
  ask(context: string, bundle: Bundle, request: Message<GuestRequest>, limitMs: number): Promise<LearnerAnswer>;
  /**
   * Runs a context's functions apart from all others from now on, if they could answer otherwise then: a host that has them
   * run together may refuse them something there.
   *
   * @returns whether that is so, and they have run together until now: what was answered then counts only if it is right
   */
  apart?(context: string, bundle: Bundle): boolean;
  /** Ends it, whatever it is doing. Open questions stay unanswered. */
  close(): void;
}

/** The answer to a question. Nothing in it can be trusted before it is checked. */
export type LearnerAnswer = Run & (Answered | Unanswered);

/** What learner code printed, and how many milliseconds it took. */
export interface Run {
  printed: string;
  milliseconds: number;
}

interface Answered {
  status: "answered";
  message: Message<unknown>;
}

type Unanswered =
  /** It answered something that cannot be read, or more than `largest` bytes. */
  | { status: "unreadable" }
  | { status: "too-large"; largest: number }
  /** It used up `limitMs` milliseconds; `stack` says where, if the system could find out. */
  | { status: "timeout"; limitMs: number; stack: string }
  | { status: "out-of-memory" }
  /** The engine does not accept the code, although the bundler did: what the engine says, and a stack trace with the place. */
  | { status: "refused"; said: string; stack: string }
  /** It ended the process that it ran in. */
  | { status: "died" };
