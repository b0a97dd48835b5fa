import { tensorFaultOf } from "../verdict/cause.ts";
import type { Note, StepResult } from "../verdict/result.ts";

/** TypeScript's own errors, by its numbers, about a function without a return, or not with one at every end. */
const NO_RETURN = /^TS(2355|2366|7030):/;

/**
 * The checker's notes without those that repeat what the verdict says more clearly: about the line at which a tensor's
 * operation threw, and about the missing return if nothing was returned.
 */
export function notesBeside({ cause, at }: StepResult, notes: readonly Note[]): Note[] {
  const isTensors = tensorFaultOf(cause) !== undefined;
  const isNothing = cause?.kind === "nothing-returned";
  return notes.filter(({ line, text }) => !(isTensors && line === at?.line) && !(isNothing && NO_RETURN.test(text)));
}
