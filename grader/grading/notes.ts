import { inShort } from "../tensor/absent.ts";
import { tensorFaultOf } from "../verdict/cause.ts";
import type { Note, StepResult } from "../verdict/result.ts";

/**
 * TypeScript's own errors, by its numbers, that follow from an idiom of Python: operators and names that do not fit, and
 * values of another type because of them.
 */
const FOLLOWS = /^TS(2322|2339|2345|2349|2362|2363|2365|2367|2461|2488|2532|2554|2630|2683|2695|6234):/;

/** TypeScript's own errors, by its numbers, about a function without a return, or not with one at every end. */
const NO_RETURN = /^TS(2355|2366|7030):/;

/** TypeScript's advice on names of Node and of tests: no exercise needs a package, and none would be found. */
const INSTALL = / Do you need to install type definitions for .*$/s;

/**
 * The checker's notes without those that repeat what the verdict says more clearly: about the line at which a tensor's
 * operation threw, about the missing return if nothing was returned or an error came before it, and about what follows
 * from the idioms that the learner is told of.
 */
export function notesBeside(
  { verdict, cause, at }: StepResult,
  notes: readonly Note[],
  idioms: readonly Note[] = [],
): Note[] {
  const isTensors = tensorFaultOf(cause) !== undefined;
  const isNothing = cause?.kind === "nothing-returned" || verdict === "threw";
  const lines = idioms.map(({ line }) => line);
  return notes
    .filter(({ line, text }) => {
      if ((isTensors && line === at?.line) || lines.includes(line)) return false;
      return !(isNothing && NO_RETURN.test(text)) && !(idioms.length > 0 && FOLLOWS.test(text));
    })
    .map((note) => ({ ...note, text: note.text.replace(INSTALL, "") }));
}

/** What a tensor's error says without what to write instead, for which there is a note. */
export function shortMessage({ cause }: StepResult): string | undefined {
  const fault = tensorFaultOf(cause);
  const short = fault && inShort[fault.kind];
  // the name as errors have it: a class may be renamed where code is made small
  return short && `TensorError: ${short}`;
}
