import type { State } from "../../grading/progress.ts";
import type { Step } from "../../kit/step.ts";
import type { StepResult } from "../../verdict/result.ts";
import { checkGradient } from "../../grading/check-gradient.ts";
import { nodeHost } from "../../runner/host.ts";
import { gradientCheckLines } from "../../report/gradient-check-lines.ts";
import { diffLines } from "../diff.ts";
import { formLines } from "../../report/forms.ts";
import { hasQuestions } from "../../report/quiz/questions.ts";
import { rungsFor } from "../../report/hint/piece.ts";
import { hintText } from "../hint.ts";
import { sideBySide } from "../../report/side-by-side.ts";
import { fold, HANG, INDENT, paragraph, type Layable } from "../../report/text.ts";
import { displayPath, exercisesFolder } from "../../runner/project.ts";
import { hintsShown } from "../../runner/workspace/progress-file.ts";
import { sectionText } from "../lesson.ts";
import { mistakeLines } from "../mistakes.ts";
import { playHere } from "../play.ts";
import { shownText } from "../picture.ts";
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
  /** What it does, for the list of keys: "shows the section of the lesson". */
  does: string;
  /** Why it is not offered, if that is not because the step does not pass yet. */
  when?: (at: At) => string;
  /** What the key does next, while what it showed is on the screen; undefined if nothing new. */
  again?: (at: At) => string | undefined;
  /** A question to ask first, answered with y or n. */
  question?: (at: At) => string;
  /** What is said above the keys while it runs, if that may take a moment in which no key has an effect. */
  meanwhile?: string;
  /** Whether it has the terminal to itself while it runs. */
  takesTerminal?: boolean;
  /** What to show, laid out for any width, or the questions to ask. */
  run: (at: At) => Promise<Layable | Round>;
}

/** A step's state as its last result shows it. */
function stateOf(result: StepResult | undefined): State {
  if (result === undefined || result.verdict === "not-started") return "not-started";
  if (result.verdict === "missing") return "missing";
  return result.passed ? "passed" : "started";
}

/** What h does next: the last hint depends on the file. */
function nextHint(step: Step): string {
  return hintsShown(step.id) < rungsFor(step).length ? "next hint" : "last hint again";
}

/** What shows the end of a part: no key does. */
export const recap: Action = {
  key: "",
  name: "recap",
  does: "shows what has been finished",
  isOffered: () => false,
  run: () => Promise.resolve(() => []),
};

/** The keys that are not actions, before and behind them in the key line. */
export const movingKeys: readonly Pick<Action, "key" | "name" | "does">[] = [
  { key: "n", name: "next", does: "goes to the next step" },
  { key: "p", name: "previous", does: "goes to the step before" },
  { key: "l", name: "list", does: "lists all steps; type to filter them, Enter goes to one" },
];
export const leavingKeys: readonly Pick<Action, "key" | "name" | "does">[] = [
  { key: "e", name: "edit", does: "opens the file in your editor (VISUAL or EDITOR)" },
  { key: "q", name: "quit", does: "ends watch" },
];

/** All keys, also those that are not offered now, with what they do. */
function helpLines(at: At, columns: number): string[] {
  const offered = ({ isOffered, when }: Action): string =>
    isOffered(at) ? "" : ` (${when?.(at) ?? "available once the step passes"})`;
  const rows = [
    ...movingKeys.map(({ key, does }) => [key, does]),
    ...actions.map((action) => [action.key, action.does + offered(action)]),
    ...leavingKeys.map(({ key, does }) => [key, does]),
    ["up, down, Space, Home, End", "scroll; so do Page Up and Page Down"],
    ["Escape", "closes what a key has opened; so does that key"],
  ];
  return [
    "The keys of watch:",
    "",
    ...rows.flatMap(([key = "", does = ""]) =>
      key.length === 1
        ? sideBySide([[INDENT + key], paragraph(does, columns - INDENT.length - 3)], "  ")
        : fold(`${INDENT}${key}: ${does}`, columns, HANG),
    ),
  ];
}

/** The keys in the middle of the key line, in order. */
export const actions: readonly Action[] = [
  {
    key: "t",
    name: "lesson",
    does: "shows the section of the lesson that explains the step",
    isOffered: () => true,
    run: ({ step }) => sectionText(step),
  },
  {
    key: "u",
    name: "quiz",
    does: "asks two or three questions about the step",
    isOffered: ({ step }) => hasQuestions(step),
    when: () => "not at a step of an exam",
    meanwhile: "making the questions ...",
    run: ({ step, result }) => Promise.resolve(roundOf(step, stateOf(result))),
  },
  {
    key: "h",
    name: "hint",
    does: "shows a hint; again, the next one",
    isOffered: () => true,
    again: (at) => (passes(at) ? undefined : nextHint(at.step)),
    // a step that passes shows the hints that have been seen, or the first
    run: (at) =>
      hintText(at.step, at.root, {
        how: "",
        asked: passes(at) ? (hintsShown(at.step.id) > 0 ? "all" : "again") : at.isOpen ? "next" : "last",
        ...(at.result && { result: at.result }),
      }),
  },
  {
    key: "v",
    name: "show",
    does: "draws your answer beside the reference",
    when: ({ step }) =>
      step.kind === "train" ? "a training loop has no answer to draw" : "available once the step is started",
    isOffered: ({ step, result }) =>
      step.kind === "function" && result !== undefined && result.verdict !== "not-started",
    run: ({ step, root }) => shownText(step, root),
  },
  {
    key: "y",
    name: "play",
    does: "opens a prompt with the step's small numbers and your function; .exit returns here",
    // the prompt loads the functions of exercises/
    isOffered: ({ root }) => root === exercisesFolder,
    when: () => `available only for ${displayPath(exercisesFolder)}/`,
    takesTerminal: true,
    run: async ({ step }) => {
      const status = await playHere(step);
      const how = status === 0 ? "" : ` with ${status}`;
      return () => [`play ended${how}; for breakpoints, in another terminal: npm run debug -- ${step.id}`];
    },
  },
  {
    key: "m",
    name: "mistakes",
    does: "lists the known mistakes at the step",
    isOffered: (at) => passes(at) && mistakeLines(at.step).length > 0,
    run: ({ step }) => Promise.resolve(() => [`Known mistakes at ${step.id}:`, ...mistakeLines(step)]),
  },
  {
    key: "s",
    name: "solution",
    does: "shows our answer, and other correct ones",
    isOffered: passes,
    run: ({ step }) => Promise.resolve((columns) => [...solutionLines(step, columns), ...formLines(step, columns)]),
  },
  {
    key: "d",
    name: "diff",
    does: "compares your file with ours",
    isOffered: passes,
    run: ({ step, root }) => Promise.resolve((columns) => diffLines(step, root, columns)),
  },
  {
    key: "c",
    name: "check",
    does: "compares your gradient with central differences",
    meanwhile: "computing the differences ...",
    isOffered: ({ step, result }) =>
      step.kind === "function" &&
      step.asks === "gradient" &&
      result !== undefined &&
      !["not-started", "missing"].includes(result.verdict),
    when: ({ step }) =>
      step.kind === "function" && step.asks === "gradient"
        ? "available once there is an answer"
        : "this step does not ask for one gradient",
    run: async ({ step, root }) => {
      const checked = await checkGradient(nodeHost(root), step);
      return (columns) => gradientCheckLines(step, checked, columns);
    },
  },
  {
    key: "r",
    name: "reset",
    does: "restores the stub, after asking",
    isOffered: () => true,
    question: ({ step }) => `Restore the stub of ${step.id}? Your file is kept next to it as .old.`,
    run: ({ step, root }) => {
      const done = resetStep(step, root);
      return Promise.resolve(() => [done]);
    },
  },
  {
    key: "?",
    name: "keys",
    does: "lists the keys",
    isOffered: () => true,
    run: (at) => Promise.resolve((columns) => helpLines(at, columns)),
  },
];
