import type { KnownMistake } from "../../kit/mistake.ts";
import type { Loop } from "../loop.ts";

/** A way to be wrong in the training loop, as lines that can be run. */
export interface LoopMistake extends KnownMistake {
  /** The lines that are other than the right ones. */
  changes: Partial<Loop>;
}
