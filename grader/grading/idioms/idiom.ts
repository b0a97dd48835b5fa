import type { TensorErrorKind } from "../../tensor/error.ts";

/**
 * What people write who know Python, NumPy or PyTorch, and what to write here. An idiom is recognized by two things
 * together: what the compiler, the engine or a tensor said of a line, and the line itself. Where either does not fit,
 * nothing is said: a false remark is worse than none. Expressions are translated as a whole; see translate.ts.
 */
export interface Idiom {
  /** Who complains of it. */
  by: "compiler" | "engine" | TensorErrorKind;
  /** What the compiler or the engine says, which is all that it gives. */
  said?: RegExp;
  /** What the line contains, its strings and comments left out. */
  line?: RegExp;
  /** What to write; undefined if it is not certain. */
  write: (seen: Seen) => string | undefined;
}

export interface Seen {
  /** The groups of `said` and of `line`. */
  said: readonly string[];
  line: readonly string[];
  /** The line's code. */
  code: string;
  place: Around;
}

/** What is known of the file and the step around a line. */
export interface Around extends Task {
  /** How a size is written that is no name here: n as counts.size(0). Undefined if it is declared, or no size. */
  sizeOf: (name: string) => string | undefined;
  /** Whether a name is certainly that of a tensor with one dimension. */
  isList: (name: string) => boolean;
  /** Whether a name is certainly a tensor's. */
  isTensor: (name: string) => boolean;
  /** The tensor in scope that a name misspells. */
  meant: (name: string) => string | undefined;
}

/** The function that a step asks for, the upstream gradients that it is given, and the tensors of its lines. */
export interface Task {
  own?: string;
  upstreams: readonly string[];
  tensors?: readonly string[];
}

/** What is known of a complaint. */
export interface Complaint {
  by: Idiom["by"];
  said: string;
}
