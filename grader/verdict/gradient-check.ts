import type { Tensor } from "#tensor";
import type { Differences } from "../kit/differences.ts";
import { position } from "./compare.ts";

/** One entry of an answer beside the slope that differences give. */
export interface CheckedEntry {
  /** Its position. */
  readonly at: readonly number[];
  readonly yours: number;
  readonly difference: number;
  /** How far apart the two are, relative to the larger one; to a part of the largest entry if both are below it. */
  readonly relativeError: number;
  /** Whether the loss has a kink there, so that a difference decides nothing. */
  readonly isKink: boolean;
}

/** An answer compared with central differences: no reference gradient is involved. */
export interface GradientCheck {
  readonly entries: readonly CheckedEntry[];
  /** Whether every entry without a kink is within the tolerance. */
  readonly agrees: boolean;
}

/** The relative error up to which an answer in float32 agrees with differences in float64. */
const TOLERANCE = 1e-4;
/** Entries smaller than this part of the largest one are compared relative to that part, unless told otherwise. */
const SMALL = 1e-3;
/** How far forward and backward differences may be apart, relative to the largest, where there is no kink. */
const BEND = 1e-3;

/**
 * Compares an answer with differences, entry by entry.
 *
 * @param answer has the differences' shape
 * @param places the indices of the entries to compare
 * @param small the part of the largest entry below which entries are compared relative to that part
 */
export function checkAgainst(
  answer: Tensor,
  { shape, central, ahead, behind }: Differences,
  places: readonly number[] = [...central.keys()],
  small = SMALL,
): GradientCheck {
  const yours = answer.toArray();
  const largest = Math.max(...[...yours, ...central].filter(Number.isFinite).map(Math.abs), Number.MIN_VALUE);
  const entries = places.map((i): CheckedEntry => {
    const difference = central[i]!;
    const size = Math.max(Math.abs(yours[i]!), Math.abs(difference), small * largest);
    return {
      at: position(i, shape),
      yours: yours[i]!,
      difference,
      relativeError: Math.abs(yours[i]! - difference) / size,
      isKink: Math.abs(ahead[i]! - behind[i]!) > BEND * largest,
    };
  });
  return { entries, agrees: entries.every((entry) => entry.isKink || isWithin(entry)) };
}

/** Whether an entry agrees; a value that is not a number does not. */
export function isWithin({ relativeError }: CheckedEntry): boolean {
  return relativeError <= TOLERANCE;
}
