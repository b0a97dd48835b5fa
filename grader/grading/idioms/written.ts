import type { Kind } from "./kind.ts";

/** An expression in TypeScript. */
export interface Written {
  readonly text: string;
  readonly kind: Kind;
  /** How tightly its outermost operator binds. */
  readonly level: number;
  /** Whether it means something else, or nothing, as it is in the file. */
  readonly isChanged: boolean;
  /** Whether it is a number without a sign. */
  readonly isLiteral?: boolean;
  /** Of such a number with a minus: the number. */
  readonly negated?: Written;
  /** Whether it is a tensor of ones and zeros, from a comparison. */
  readonly isMask?: boolean;
  /** Of a reduction that drops its dimension: which one, and the same with that dimension kept. */
  readonly kept?: { readonly dim: number; readonly written: Written };
}

/** What a function is called with; with a name only in Python. */
export interface Given {
  readonly name?: string;
  readonly value: Written;
}

/** JavaScript's precedence, of the operators between numbers. */
export const binds = { comparison: 0, sum: 1, product: 2, negative: 3, power: 4, call: 5 } as const;

/** What is written without operators. */
export function atom(text: string, kind: Kind, isChanged = false): Written {
  return { text, kind, level: binds.call, isChanged };
}

/** A part in brackets, if its own operator binds less than what is around it needs. */
export function inBrackets({ text, level }: Written, least: number): string {
  return level < least ? `(${text})` : text;
}

/** The values of a call, or of a list, as they are written. */
export function listed(values: readonly Written[]): string {
  return values.map(({ text }) => text).join(", ");
}
