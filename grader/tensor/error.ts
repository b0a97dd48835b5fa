/** What is wrong with what a tensor was asked to do. */
export const tensorErrorKinds = [
  /** Shapes that do not fit together, or one that the operation does not take: 27 columns meet 32 rows. */
  "shapes",
  /** As above, and the message names the likely cause: a reduction dropped its dimension. */
  "dropped-dimension",
  /** A dimension that the tensor does not have: sum(2) of a matrix. */
  "no-dimension",
  /** An index, a label or a position outside what it points into. */
  "index",
  /** A shape that no tensor can have: an extent that is negative or not whole, too many dimensions or elements. */
  "extent",
  /** An argument that the operation does not take: undefined, a tensor of the other dtype, one argument too many. */
  "argument",
  /** A name that no tensor has: x.negate. */
  "absent",
  /** Brackets, which no tensor has: x[0]. */
  "brackets",
  /** JavaScript's operators, and its functions of numbers: x * y, Math.exp(x). */
  "operator",
] as const;

export type TensorErrorKind = (typeof tensorErrorKinds)[number];

/** What a TensorError is about, in fields: whatever is decided by an error is decided by these, not by its message. */
export interface TensorFault {
  readonly kind: TensorErrorKind;
  /** The operation that was called: `matmul`, `sub_`; "" for what is no operation. */
  readonly operation: string;
  /** The shapes, positions and indices that the message is about, in its order; none for an argument or an absent name. */
  readonly numbers: readonly (readonly number[])[];
}

/** What a tensor was asked to do and cannot. The message names the operation, the shapes and the likely cause. */
export class TensorError extends Error {
  override name = "TensorError";
  /** Private, so that an error that a learner prints shows its message alone. */
  readonly #fault: TensorFault | undefined;

  /** The library's own errors are made by tensorError; one without a fault comes from other code. */
  constructor(message: string, fault?: TensorFault) {
    super(message);
    this.#fault = fault;
  }

  /** What an error is about; undefined if it is none of the library's. Never throws, whatever it is given. */
  static faultOf(error: unknown): TensorFault | undefined {
    return typeof error === "object" && error !== null && #fault in error ? error.#fault : undefined;
  }
}

/**
 * The error of an operation: "matmul: [32, 27] @ [64, 27] does not fit".
 *
 * @param text what is said after the operation's name
 * @param numbers see TensorFault
 */
export function tensorError(
  kind: TensorErrorKind,
  operation: string,
  text: string,
  ...numbers: readonly (readonly number[])[]
): TensorError {
  return new TensorError(`${operation}: ${text}`, { kind, operation, numbers });
}

/** The error of an argument that an operation does not take: "pow: the exponent is a number, got a Tensor [2]". */
export function argumentError(operation: string, text: string): TensorError {
  return tensorError("argument", operation, text);
}

/**
 * Whether two errors are the same: one operation that fails in the same way on the same shapes. An error about no
 * numbers, such as that of an argument, is the same as no other.
 */
export function sameFault(a: TensorFault, b: TensorFault): boolean {
  const isSame = (one: readonly number[], other: readonly number[] | undefined): boolean =>
    one.length === other?.length && one.every((number, i) => Object.is(number, other[i]));
  return (
    a.kind === b.kind &&
    a.operation === b.operation &&
    a.numbers.length > 0 &&
    a.numbers.length === b.numbers.length &&
    a.numbers.every((numbers, i) => isSame(numbers, b.numbers[i]))
  );
}
