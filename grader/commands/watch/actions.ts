import type { Step } from "../../kit/step.ts";
import type { StepResult } from "../../verdict/result.ts";
import { diffLines } from "../diff.ts";
import { rungs } from "../../report/hint/hint.ts";
import { hintLines } from "../hint.ts";
import { hintsShown } from "../hints-shown.ts";
import { mistakeLines } from "../mistakes.ts";
import { resetStep } from "../reset.ts";
import { solutionLines } from "../solution.ts";

/** Where a key is pressed. */
export interface At {
  step: Step;
  /** Its last result; undefined while its first grading runs. */
  result: StepResult | undefined;
  /** The watched tree. */
  root: string;
  /** The terminal's. */
  columns: number;
  /** Whether what this key showed last is still there. */
  isOpen?: boolean;
}

const passes = ({ result }: At): boolean => result?.passed ?? false;

/** A key that does something to the current step and has lines to show for it. */
export interface Action {
  key: string;
  /** What the key line calls it, and the heading of what it shows. */
  name: string;
  isOffered: (at: At) => boolean;
  /** What the key does next while what it showed is there; undefined where it does nothing new. */
  again?: (at: At) => string | undefined;
  /** What is asked before, to be answered by y or n. */
  question?: (at: At) => string;
  run: (at: At) => Promise<string[]>;
}

/** What h does next: the last hint follows the file. */
function nextHint({ id }: Step): string {
  return hintsShown(id) < rungs.length ? "next hint" : "last hint, for the file as it is";
}

/** The keys of the key line's middle, in its order. */
export const actions: readonly Action[] = [
  {
    key: "h",
    name: "hint",
    isOffered: () => true,
    again: (at) => (passes(at) ? undefined : nextHint(at.step)),
    // a step that passes shows the hints that were asked for, or the first
    run: (at) =>
      hintLines(at.step, at.root, {
        columns: at.columns,
        how: "",
        asked: passes(at) ? (hintsShown(at.step.id) > 0 ? "all" : "again") : at.isOpen ? "next" : "last",
        ...(at.result && { result: at.result }),
      }),
  },
  {
    key: "m",
    name: "mistakes",
    isOffered: (at) => passes(at) && mistakeLines(at.step).length > 0,
    run: ({ step }) => Promise.resolve([`The other ways to be wrong at ${step.id}:`, ...mistakeLines(step)]),
  },
  {
    key: "s",
    name: "solution",
    isOffered: passes,
    run: ({ step }) => Promise.resolve(solutionLines(step)),
  },
  {
    key: "d",
    name: "diff",
    isOffered: passes,
    run: ({ step, root, columns }) => Promise.resolve(diffLines(step, root, columns)),
  },
  {
    key: "r",
    name: "reset",
    isOffered: () => true,
    question: ({ step }) => `Write the stub of ${step.id} back? Yours is kept beside it as .old.`,
    run: ({ step, root }) => Promise.resolve([resetStep(step, root)]),
  },
];
