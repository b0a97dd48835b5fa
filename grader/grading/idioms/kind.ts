/** What the value of an expression is, as far as that is certain. */
export type Kind =
  TensorKind | { readonly is: "number" } | { readonly is: "extremes"; readonly rank?: number } | Unknown;

export interface TensorKind {
  readonly is: "tensor";
  /** How many dimensions it has; undefined if that is not known. */
  readonly rank?: number | undefined;
}

interface Unknown {
  readonly is: "unknown";
  /** Whether an operator made it, so that it is right only for numbers. */
  readonly isComputed?: true;
  /** What the elements of a list are, if they are all the same. */
  readonly of?: Kind;
}

export const NUMBER: Kind = { is: "number" };
export const UNKNOWN: Kind = { is: "unknown" };

/** A tensor of some rank. */
export function tensorOf(rank?: number): TensorKind {
  return { is: "tensor", rank };
}

/** The rank of two tensors that broadcast. */
export function broadcastRank(a: Kind, b: Kind): number | undefined {
  if (a.is !== "tensor") return rankOf(b);
  if (b.is !== "tensor") return b.is === "number" ? a.rank : undefined;
  return a.rank === undefined || b.rank === undefined ? undefined : Math.max(a.rank, b.rank);
}

export function rankOf(kind: Kind): number | undefined {
  return kind.is === "tensor" ? kind.rank : undefined;
}

/** What is known of the names in a file. */
export interface Names {
  /** What a name is; unknown for one that is not certain. */
  readonly kindOf: (name: string) => Kind;
  /** What a function of the step's own returns; undefined for any other name. */
  readonly resultOf: (name: string) => Kind | undefined;
  /** Whether only numbers are taken, as in x.set(i, j, v). */
  readonly isNumbers?: boolean;
  /** Whether a name is what the step is given. */
  readonly isGiven: (name: string) => boolean;
  /** The given tensor that a name is, also as another name for it, if that must not be changed. */
  readonly keptOf: (name: string) => string | undefined;
  /** Whether a name is declared anywhere in the file, or given. */
  readonly isDeclared: (name: string) => boolean;
}
