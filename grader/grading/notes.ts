import type { Note, StepResult } from "../verdict/result.ts";

/** The checker's notes on a function without a return, or not with one at every end. */
const NO_RETURN = /^TS(2355|2366|7030):/;

/**
 * The checker's notes without those that repeat what the verdict says more clearly: about the line at which a tensor's
 * operation threw, and about the missing return if nothing was returned.
 */
export function notesBeside({ verdict, message, at }: StepResult, notes: readonly Note[]): Note[] {
  const isTensors = verdict === "threw" && message?.startsWith("TensorError:");
  const isNothing = verdict === "shape" && message?.includes("returned undefined");
  return notes.filter(({ line, text }) => !(isTensors && line === at?.line) && !(isNothing && NO_RETURN.test(text)));
}
