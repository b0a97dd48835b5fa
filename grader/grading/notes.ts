import { tensorFaultOf } from "../verdict/cause.ts";
import type { Note, StepResult } from "../verdict/result.ts";

/** TypeScript's own errors, by its numbers, about a function without a return, or not with one at every end. */
const NO_RETURN = /^TS(2355|2366|7030):/;

/** TypeScript's advice on names of Node and of tests: no exercise needs a package, and none would be found. */
const INSTALL = / Do you need to install type definitions for .*$/s;

/**
 * The checker's notes without those that repeat what the verdict says more clearly: about the line at which a tensor's
 * operation threw, and about the missing return if nothing was returned, or an error came before it.
 */
export function notesBeside({ verdict, cause, at }: StepResult, notes: readonly Note[]): Note[] {
  const isTensors = tensorFaultOf(cause) !== undefined;
  const isNothing = cause?.kind === "nothing-returned" || verdict === "threw";
  return notes
    .filter(({ line, text }) => !(isTensors && line === at?.line) && !(isNothing && NO_RETURN.test(text)))
    .map((note) => ({ ...note, text: note.text.replace(INSTALL, "") }));
}
