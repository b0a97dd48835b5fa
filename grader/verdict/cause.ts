import type { TensorFault } from "../tensor/error.ts";

/**
 * What a message is about, in fields: hints, the diagnosis and the choice of notes are decided by these, never by the
 * message's words. Learner code could forge it, so it never decides whether a step passes.
 */
export type Cause =
  /** A tensor's operation threw. */
  | TensorFault
  /** Calls were nested too deeply; how deep they can go differs between runs. */
  | { readonly kind: "call-stack" }
  /** The file does not compile; `said` is the compiler's own sentence, which is all that it gives. */
  | { readonly kind: "compiler"; readonly said: string }
  /** JavaScript's own errors, a name that is not defined, say; `said` is the engine's own sentence. */
  | { readonly kind: "engine"; readonly said: string }
  /** The function returned nothing. */
  | { readonly kind: "nothing-returned" };

/** The error of a tensor's operation, if that is the cause. */
export function tensorFaultOf(cause: Cause | undefined): TensorFault | undefined {
  return cause && "operation" in cause ? cause : undefined;
}
