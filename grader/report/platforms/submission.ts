import type { Step } from "../../kit/step.ts";
import { passes, type StepResult } from "../../verdict/result.ts";
import { countLine } from "../diagnostics.ts";
import { harmless } from "../harmless.ts";
import { mistakeLabel } from "../mistake-label.ts";

/** What a step, or several, earned and could have earned. */
export interface Score {
  readonly earned: number;
  readonly possible: number;
}

/** A graded step of a submission. */
export interface GradedStep {
  readonly step: Step;
  readonly result: StepResult;
  readonly points: Score;
}

/** One submission, as a platform is told of it. */
export interface GradedSubmission {
  readonly steps: readonly GradedStep[];
  /** The grader's version. */
  readonly grader: string;
  /** The names that part 4 trains on, and their SHA-256. */
  readonly data: { readonly names: string; readonly sha256: string };
}

/** How many lines and characters of what a step printed a platform is given. */
const PRINTED_LINES = 20;
const PRINTED_CHARACTERS = 2000;

/** Where a step is in the course, and its name: 1.2 dprobs. */
export function titleOf({ part, number, id }: Step): string {
  return `${part}.${number} ${id}`;
}

/** All points of a submission. */
export function totalOf(steps: readonly GradedStep[]): Score {
  return {
    earned: steps.reduce((sum, { points }) => sum + points.earned, 0),
    possible: steps.reduce((sum, { points }) => sum + points.possible, 0),
  };
}

/** 44 of 45 points: 44 passed, 1 wrong, 0 not started */
export function totalLine({ steps }: GradedSubmission): string {
  const { earned, possible } = totalOf(steps);
  return `${earned} of ${possible} points: ${countLine(steps.map(({ result }) => result))}`;
}

/** The first failed step, or the first open one: what the learner should read first. */
export function firstOpen(steps: readonly GradedStep[]): GradedStep | undefined {
  const open = steps.filter(({ result }) => !result.passed);
  return open.find(({ result }) => result.verdict !== "not-started") ?? open[0];
}

/** Whether a step's file, or one that it imports, does not compile. */
export function isUncompiled({ verdict, source }: StepResult): boolean {
  return verdict === "threw" && source === null;
}

/** Whether a step failed by an error instead of a wrong answer. */
export function isError({ verdict }: StepResult): boolean {
  return verdict === "threw" || verdict === "timeout" || verdict === "out-of-memory";
}

/** One sentence on a result: the diagnosis or, without one, what was seen. */
export function sentenceOf({ verdict, message, mistake }: StepResult): string {
  if (passes(verdict)) return verdict === "exact" ? "passed" : ROUNDING;
  if (verdict === "not-started") return "not started";
  return harmless(mistake ? `${mistakeLabel(mistake)}: ${mistake.sentence}` : `${verdict}: ${message ?? ""}`);
}

const ROUNDING = "passed; another order of operations rounds differently in the last digits";

/** Everything that a learner is told of a result, each line harmless: the verdict, the diagnosis, the place, the lesson. */
export function detailLines({ step, result }: GradedStep): string[] {
  const { verdict, message, mistake, file, at, notes } = result;
  if (result.passed || verdict === "not-started") return [sentenceOf(result)];
  return [
    `${verdict}: ${message ?? ""}`,
    ...(mistake ? [`${mistakeLabel(mistake)}: ${mistake.sentence}`] : []),
    ...notes.map(({ line, column, text }) => `note: ${file}:${line}:${column}: ${text}`),
    `file: ${file}${at ? `:${at.line}:${at.column}` : ""}`,
    ...(step.lesson === undefined ? [] : [`lesson: ${step.lesson}`]),
  ].map((line) => harmless(line));
}

/** What a step printed, in lines that are harmless, and no more of them than a reader wants; none if it printed nothing. */
export function printedLines({ printed }: StepResult): string[] {
  if (printed === "") return [];
  const lines = printed.slice(0, PRINTED_CHARACTERS).replace(/\n$/, "").split("\n");
  const shown = lines.slice(0, PRINTED_LINES).map((line) => harmless(line, true));
  const isWhole = printed.length <= PRINTED_CHARACTERS && lines.length <= PRINTED_LINES;
  return isWhole ? shown : [...shown, "... (cut off here)"];
}

/** The time that a submission's code took, in seconds. */
export function secondsOf(steps: readonly GradedStep[]): number {
  return Math.round(steps.reduce((sum, { result }) => sum + result.milliseconds, 0)) / 1000;
}
