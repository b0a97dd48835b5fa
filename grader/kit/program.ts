import { Tensor } from "#tensor";
import type { Measured } from "../autograd/measured.ts";
import type { Generator } from "../network/random.ts";
import type { KnownMistake } from "./mistake.ts";

/** A value that a learner's function takes or returns: plain, with tensors in it. */
export type Value = Tensor | number | string | boolean | null | readonly Value[] | ValueRecord;

export interface ValueRecord {
  readonly [name: string]: Value;
}

/** What an answer should be: tensors in float64, with the magnitudes that tolerances are based on; all else as it is. */
export type Truth = Measured | number | string | readonly Truth[];

/** Says what is wrong with an answer, where more than one is right; undefined if nothing is. */
export type Check = (answer: Value) => string | undefined;

/** One question to a program. */
export interface ProgramQuestion {
  /** What it is about, in words that follow "with": `a gradient [4, 3] and the shape [3]`. */
  readonly says: string;
  /** The arguments, or what the frame makes them from. */
  readonly given: readonly Value[];
  /** A large question, by its kind: it is asked by itself, so that the answers to the others are known if it never ends. */
  readonly large?: string;
}

/** A learner's function, or one that stands for it. A method's type, so that lists of them have a common type. */
export type ProgramAnswer = { call(...given: never[]): unknown }["call"];

/**
 * Calls a learner's function where plain values do not suffice: it builds the arguments from the question, and returns
 * what is to be judged. It runs next to learner code, so it computes no reference.
 */
export type Frame = (call: (...given: unknown[]) => unknown, given: readonly Value[]) => unknown;

/** How a function is called: by its frame, or with the question's values. */
export function callThrough(frame: Frame | undefined, call: ProgramAnswer, given: readonly Value[]): unknown {
  const own = call as (...given: unknown[]) => unknown;
  return frame ? frame(own, given) : own(...given);
}

/** What a function is called with first for a question. */
export function argumentsOf(frame: Frame | undefined, given: readonly Value[]): readonly unknown[] {
  if (!frame) return given;
  let first: readonly unknown[] = [];
  frame((...args) => {
    if (first.length === 0) first = args;
  }, given);
  return first;
}

/** What a step asks for whose function takes and returns other things than named tensors. */
export interface Program {
  /** The lesson's small question, the first that is asked. */
  readonly example: ProgramQuestion;
  /** Draws the others. */
  readonly draw: (generator: Generator) => readonly ProgramQuestion[];
  /** What the answer to a question should be. */
  readonly right: (given: readonly Value[]) => Truth | Check;
  /** What the values of a question are called, in order; "" for a record, whose own names suffice. */
  readonly parameters: readonly string[];
  /** What the answer's tensors are called, in order, or the answer itself, for the example's lines in the report. */
  readonly names: readonly string[];
  /** What the part of an answer at some indices is called, with its article; by default, its indices are given. */
  readonly placeOf?: (at: readonly number[], given: readonly Value[]) => string;
  readonly frame?: Frame;
}

/** How learner code ends that gives no answer to a large question. */
export type Ending = "timeout" | "call-stack" | "out-of-memory";

/** A known mistake in a program. */
export interface ProgramMistake extends KnownMistake {
  /** The wrong answer, as a learner's function would give it. */
  readonly answer: ProgramAnswer;
  /** The same mistake, made in other ways. */
  readonly others?: readonly ProgramAnswer[];
  /** For a mistake that shows in a large question only: its kind, and how it ends. */
  readonly ends?: { readonly large: string; readonly by: readonly Ending[] };
  /** Recognizes the mistake in a wrong answer, for a mistake that can be made in many ways. */
  readonly shows?: (given: readonly Value[], answer: Value) => boolean;
}

/** The tensors of a question, with their names: `gradient`, `upstream`, `graph[2].value`. */
export function tensorsOfQuestion(given: readonly Value[], parameters: readonly string[] = []): [string, Tensor][] {
  return given.flatMap((value, i) => tensorsIn(value, parameters[i] ?? ""));
}

function tensorsIn(value: Value, name: string): [name: string, tensor: Tensor][] {
  if (value instanceof Tensor) return [[name, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, Value]) => {
    const at = Array.isArray(value) ? `${name}[${key}]` : name === "" ? key : `${name}.${key}`;
    return tensorsIn(inner, at);
  });
}
