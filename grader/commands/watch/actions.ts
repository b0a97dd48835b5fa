import type { Step } from "../../kit/step.ts";
import type { StepResult } from "../../verdict/result.ts";
import { checkGradient } from "../../grading/check-gradient.ts";
import { nodeHost } from "../../runner/host.ts";
import { gradientCheckLines } from "../../report/gradient-check.ts";
import { diffLines } from "../diff.ts";
import { formLines } from "../../report/forms.ts";
import { rungs } from "../../report/hint/hint.ts";
import { hintLines } from "../hint.ts";
import { hintsShown } from "../../runner/workspace/progress-file.ts";
import { sectionLines } from "../lesson.ts";
import { mistakeLines } from "../mistakes.ts";
import { shownLines } from "../picture.ts";
import { resetStep } from "../reset.ts";
import { solutionLines } from "../solution.ts";
import { roundOf, type Round } from "./round.ts";

/** The situation in which a key is pressed. */
export interface At {
  step: Step;
  /** Its last result; undefined while it is graded for the first time. */
  result: StepResult | undefined;
  /** The watched tree. */
  root: string;
  /** The terminal's width. */
  columns: number;
  /** Whether what this key showed last is still on the screen. */
  isOpen?: boolean;
}

const passes = ({ result }: At): boolean => result?.passed ?? false;

/** A key that does something for the current step and shows lines. */
export interface Action {
  key: string;
  /** Its name in the key line, and the heading of what it shows. */
  name: string;
  isOffered: (at: At) => boolean;
  /** When it is offered, if that is not once the step passes. */
  when?: string;
  /** What the key does next, while what it showed is on the screen; undefined if nothing new. */
  again?: (at: At) => string | undefined;
  /** A question to ask first, answered with y or n. */
  question?: (at: At) => string;
  /** The lines to show, or the questions to ask. */
  run: (at: At) => Promise<string[] | Round>;
}

/** What h does next: the last hint depends on the file. */
function nextHint({ id }: Step): string {
  return hintsShown(id) < rungs.length ? "next hint" : "last hint, for the file as it is now";
}

/** What shows the end of a part: no key does. */
export const recap: Action = { key: "", name: "recap", isOffered: () => false, run: () => Promise.resolve([]) };

/** The commands that call a step's function by hand: they need a terminal of their own. */
function playLines({ id }: Step): string[] {
  return [
    "In another terminal:",
    "",
    "  npm run play -- " + id,
    "      a prompt with the step's small numbers and your function",
    "  npm run debug -- " + id,
    "      your function on these numbers, for breakpoints",
  ];
}

/** The keys in the middle of the key line, in order. */
export const actions: readonly Action[] = [
  {
    key: "t",
    name: "lesson",
    isOffered: () => true,
    run: ({ step, columns }) => sectionLines(step, columns),
  },
  {
    key: "u",
    name: "quiz",
    isOffered: () => true,
    run: ({ step }) => Promise.resolve(roundOf(step)),
  },
  {
    key: "h",
    name: "hint",
    isOffered: () => true,
    again: (at) => (passes(at) ? undefined : nextHint(at.step)),
    // a step that passes shows the hints that have been seen, or the first
    run: (at) =>
      hintLines(at.step, at.root, {
        columns: at.columns,
        how: "",
        asked: passes(at) ? (hintsShown(at.step.id) > 0 ? "all" : "again") : at.isOpen ? "next" : "last",
        ...(at.result && { result: at.result }),
      }),
  },
  {
    key: "v",
    name: "show",
    when: "available once the step is started; a training loop has no answer to draw",
    isOffered: ({ step, result }) =>
      step.kind === "function" && result !== undefined && result.verdict !== "not-started",
    run: ({ step, root, columns }) => shownLines(step, root, columns),
  },
  {
    key: "y",
    name: "play",
    isOffered: ({ step }) => step.kind === "function",
    run: ({ step }) => Promise.resolve(playLines(step)),
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
    run: ({ step, columns }) => Promise.resolve([...solutionLines(step), ...formLines(step, columns)]),
  },
  {
    key: "d",
    name: "diff",
    isOffered: passes,
    run: ({ step, root, columns }) => Promise.resolve(diffLines(step, root, columns)),
  },
  {
    key: "c",
    name: "check",
    isOffered: ({ step, result }) =>
      step.kind === "function" &&
      step.asks === "gradient" &&
      result !== undefined &&
      !["not-started", "missing"].includes(result.verdict),
    when: "available once there is an answer, at a step that asks for a gradient",
    run: async ({ step, root, columns }) =>
      gradientCheckLines(step, await checkGradient(nodeHost(root), step), columns),
  },
  {
    key: "r",
    name: "reset",
    isOffered: () => true,
    question: ({ step }) => `Restore the stub of ${step.id}? Your file is kept next to it as .old.`,
    run: ({ step, root }) => Promise.resolve([resetStep(step, root)]),
  },
];
