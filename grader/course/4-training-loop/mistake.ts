import type { KnownMistake } from "../../kit/mistake.ts";
import type { Loop } from "../makemore/loop.ts";

/** A known mistake in the training loop, as lines that can be run. */
export interface LoopMistake extends KnownMistake {
  /** A part of the sentence that is true where nothing else is wrong: left out beside other mistakes. */
  alone?: string;
  /** The lines that differ from the correct ones. */
  changes: Partial<Loop>;
}
