import type { Step } from "../../course/steps.ts";
import { mistakeLines } from "../mistakes.ts";
import { resetStep } from "../reset.ts";

/** Where a key is pressed. */
export interface At {
  step: Step;
  /** Whether the step passes as it is. */
  passed: boolean;
  /** The watched tree. */
  root: string;
}

/** A key that does something to the current step and has lines to show for it. */
export interface Action {
  key: string;
  /** What the key line calls it, and the heading of what it shows. */
  name: string;
  isOffered: (at: At) => boolean;
  /** What is asked before, to be answered by y or n. */
  question?: (at: At) => string;
  run: (at: At) => Promise<string[]>;
}

/** The keys of the key line's middle, in its order. A command that prints is shown by printedBy. */
export const actions: readonly Action[] = [
  {
    key: "m",
    name: "mistakes",
    isOffered: ({ step, passed }) => passed && mistakeLines(step).length > 0,
    run: ({ step }) => Promise.resolve([`The other ways to be wrong at ${step.id}:`, ...mistakeLines(step)]),
  },
  {
    key: "r",
    name: "reset",
    isOffered: () => true,
    question: ({ step }) => `Write the stub of ${step.id} back? Yours is kept beside it as .old.`,
    run: ({ step, root }) => Promise.resolve([resetStep(step, root)]),
  },
];

/**
 * The lines that a command prints, for an action of its own: `run: ({ step }) => printedBy(() => hint([step.id]))`. The
 * screen writes past it.
 */
export async function printedBy(command: () => Promise<number>): Promise<string[]> {
  const { stdout } = process;
  const write = stdout.write;
  let printed = "";
  stdout.write = ((chunk: string | Uint8Array): boolean => {
    printed += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    return true;
  }) as typeof stdout.write;
  try {
    await command();
  } finally {
    stdout.write = write;
  }
  return printed.replace(/\n$/, "").split("\n");
}
