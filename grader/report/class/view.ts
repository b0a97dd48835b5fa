import type { Step } from "../../kit/step.ts";
import type { Verdict } from "../../verdict/result.ts";

/** A class as every report of it sees it: names are left out here, or nowhere. Made from result files by class/view.ts. */

/** A mistake of one step, or what was seen of its answer. */
export interface Mistake {
  /** Two mistakes at once have both ids, joined by `+`. */
  readonly id: string;
  readonly sentence: string;
}

/** The result of one step of one submission. */
export interface Cell {
  readonly verdict: Verdict;
  readonly passed: boolean;
  readonly mistake: Mistake | null;
}

/** Somebody who handed in, as the system that collected it names them. */
export interface Named {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly login: string | null;
}

/** What results were made with. Rows of one class share it, unless they were graded differently. */
export interface Made {
  readonly grader: string;
  /** The names that part 4 trains on, by the SHA-256 of their file. */
  readonly data: string;
  /** What `--seed` was given; "" if each step's cases follow from its own text alone. */
  readonly seed: string;
}

/** One submission. */
export interface Row {
  /** Names its result file; `student-3` without names. */
  readonly id: string;
  /** Its people's names, or whatever else tells them apart: `Ada Lovelace, Alan Turing`; `student 3` without names. */
  readonly name: string;
  /** Empty without names. */
  readonly people: readonly Named[];
  /** Where it was found: `canvas`, `folder`. */
  readonly source: string;
  /** ISO 8601; null if unknown, or without names. */
  readonly received: string | null;
  readonly late: boolean;
  readonly points: { readonly earned: number; readonly possible: number };
  /** By the step's id; a step that was not graded has none. */
  readonly cells: ReadonlyMap<string, Cell>;
  /** Why it could not be graded, in a sentence. */
  readonly problem: string | null;
  /** The id of the step behind the last one that passes; null if that is the last step, or if none was started. */
  readonly stallsAt: string | null;
  readonly made: Made;
  /** Equal for the same files, grader and options. */
  readonly key: string;
  /** Which of the results that were read it is, from 0. */
  readonly place: number;
}

/** A mistake at a step, and who made it. */
export interface CountedMistake extends Mistake {
  /** Whether the sentence says only what was seen, and claims no cause. */
  readonly isSeen: boolean;
  readonly rows: readonly Row[];
}

/** What a class made of one step. */
export interface StepCount {
  readonly step: Step;
  /** The submissions of which it was graded. */
  readonly graded: number;
  /** Of these, those with an answer, right or wrong. */
  readonly started: number;
  readonly passed: number;
  /** The most common first. */
  readonly mistakes: readonly CountedMistake[];
  /** Answers that do not pass and of which nothing is known but the verdict. */
  readonly unexplained: ReadonlyMap<Verdict, number>;
  /** The submissions that stall here. */
  readonly stalls: readonly Row[];
}

/** A question worth ten minutes of a lecture, from what the class got wrong. */
export interface Topic {
  /** What those who make the mistake think: "the sum is overlooked"; undefined for a step where many stall. */
  readonly idea: string | undefined;
  readonly sentence: string | undefined;
  /** What to ask the class: about the misunderstanding, or, where its advice asks nothing, about the step. */
  readonly ask: string;
  /** The advice that asks nothing, for after the answer. */
  readonly after: string | undefined;
  /** The question about the step, where the first one is about the misunderstanding. */
  readonly atStep: string | undefined;
  /** The steps that it shows at, each with the submissions, the most first. */
  readonly at: readonly { readonly count: StepCount; readonly rows: readonly Row[] }[];
  /** How many submissions it concerns, each counted once. */
  readonly count: number;
}

/** Points that differ from earlier results. */
export interface Change {
  /** The submission's id. */
  readonly id: string;
  readonly name: string;
  readonly before: number | null;
  readonly after: number | null;
  /** What the difference comes from: another version of the grader, another submission. */
  readonly causes: readonly string[];
  /** The steps whose verdict differs: "5 dcounts: wrong, was exact". */
  readonly steps: readonly string[];
}

export interface ClassView {
  /** The steps that were graded, in the course's order. */
  readonly steps: readonly Step[];
  /** By name. */
  readonly rows: readonly Row[];
  readonly counts: readonly StepCount[];
  readonly topics: readonly Topic[];
  /** Submissions that were found and have no result yet, and people who handed nothing in. */
  readonly missing: readonly string[];
  readonly absent: readonly string[];
  /** What a reader should know before trusting the numbers: results of several graders, unreadable files. A sentence each. */
  readonly remarks: readonly string[];
  readonly isAnonymous: boolean;
  /** What changed since earlier results; undefined if none were given. */
  readonly changes: readonly Change[] | undefined;
}

/** Whether a step was begun: right or wrong, there is an answer. */
export function isStarted({ verdict }: Pick<Cell, "verdict">): boolean {
  return verdict !== "not-started" && verdict !== "missing";
}

/** Whether anybody got a step wrong. */
export function hasMistakes({ mistakes, unexplained }: StepCount): boolean {
  return mistakes.length > 0 || unexplained.size > 0;
}

/** Up to so many students, each mistake says something about the class. */
const SMALL_CLASS = 20;
/** In a larger one, those do that at least two students have made, and this part of it. */
const COMMON_SHARE = 0.01;

/** The mistakes of a step that say something about the class, and the others, that say something about who made them. */
export interface Sorted {
  readonly common: readonly CountedMistake[];
  readonly rare: readonly CountedMistake[];
  /** From how many students on a mistake is common. */
  readonly least: number;
}

/** @param graded how many submissions were graded */
export function commonMistakes({ mistakes }: Pick<StepCount, "mistakes">, graded: number): Sorted {
  const least = graded <= SMALL_CLASS ? 1 : Math.max(2, Math.ceil(COMMON_SHARE * graded));
  const isCommon = ({ rows }: CountedMistake): boolean => rows.length >= least;
  return { common: mistakes.filter(isCommon), rare: mistakes.filter((one) => !isCommon(one)), least };
}

/** The submissions that were graded. */
export function gradedRows(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ problem }) => problem === null);
}

/** The numbers of the parts that a class was graded on. */
export function partsOf(steps: readonly Step[]): number[] {
  return [...new Set(steps.map(({ part }) => part))];
}

/** How many steps of a part pass: "5/9"; "" if none was graded. */
export function passedInPart({ cells }: Row, steps: readonly Step[], part: number): string {
  const own = steps.filter((step) => step.part === part).flatMap(({ id }) => cells.get(id) ?? []);
  return own.length === 0 ? "" : `${own.filter(({ passed }) => passed).length}/${own.length}`;
}

/** A step as a report names it: "5 dcounts", "2.1 fused-dlogits". */
export function stepName({ label, id }: Pick<Step, "label" | "id">): string {
  return `${label} ${id}`;
}

/** "1 student", "1,200 students". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** 1,200 */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}

/** Names in a sentence, up to a number of them. Those of many systems have a comma: "Lovelace, Ada". */
export function listed(names: readonly string[], most = Infinity): string {
  const shown = names.slice(0, most);
  const between = shown.some((name) => name.includes(",")) ? "; " : ", ";
  return shown.join(between) + (names.length > most ? ` and ${grouped(names.length - most)} more` : "");
}
