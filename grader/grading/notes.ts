import type { Note, StepResult } from "../verdict/result.ts";

/** What is missing where a function has no return, or not at every end. */
const NO_RETURN = /^TS(2355|2366|7030):/;

/**
 * The checker's notes without those that say again what the verdict says more clearly: of the line where a tensor's
 * operation threw, and of the missing return where nothing was returned.
 */
export function notesBeside({ verdict, message, at }: StepResult, notes: readonly Note[]): Note[] {
  const isTensors = verdict === "threw" && message?.startsWith("TensorError:");
  const isNothing = verdict === "shape" && message?.includes("returned undefined");
  return notes.filter(({ line, text }) => !(isTensors && line === at?.line) && !(isNothing && NO_RETURN.test(text)));
}
