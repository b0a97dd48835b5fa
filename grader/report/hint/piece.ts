import type { HintWords } from "../../kit/hint.ts";
import type { KnownMistake } from "../../kit/mistake.ts";
import type { StepResult } from "../../verdict/result.ts";
import { harmless } from "../harmless.ts";
import { mistakeLabel } from "../mistake-label.ts";

/** What the hints say, before any layout: their titles, and what the third one says of a result. */

/** A hint's number: the shapes, the local rule with small numbers, the missing piece (and what to look at before it). */
export type Rung = 1 | 2 | 3;
export const rungs: readonly Rung[] = [1, 2, 3];

/** The hints that a step has: a single one is the third. */
export function rungsFor({ hints }: Pick<Hinted, "hints">): readonly Rung[] {
  return hints.ask === undefined ? [3] : rungs;
}

export const rungTitles: Readonly<Record<Rung, string>> = {
  1: "the shapes",
  2: "the rule, with small numbers",
  3: "the missing piece",
};

/** The label of the advice on a mistake; also in the heading if there is such advice. */
export const LOOK = "what to look at";

/** What hints need of a result. */
export type HintedResult = Pick<StepResult, "passed" | "verdict" | "mistake" | "message" | "at" | "about">;

/** The third hint's title. */
function pieceTitle(looks: readonly string[]): string {
  return looks.length > 0 ? `${LOOK}, and ${rungTitles[3]}` : rungTitles[3];
}

/** Whether there is an answer that a hint can address. */
function isBegun<R extends HintedResult>(result: R | undefined): result is R {
  return result !== undefined && !result.passed && result.verdict !== "not-started" && result.verdict !== "missing";
}

/** The mistake that was named, or what was seen, or the verdict. */
export interface Reported {
  readonly label: string;
  readonly text: string;
  /** Whether a mistake was named, or something seen; otherwise the label is the verdict. */
  readonly isSeen: boolean;
}

function reportOf({ mistake, verdict, message, at }: HintedResult): Reported {
  if (mistake) return { label: mistakeLabel(mistake), text: mistake.sentence, isSeen: true };
  return { label: verdict, text: `${harmless(message ?? "")}${at ? ` (line ${at.line})` : ""}`, isSeen: false };
}

/** The third hint, before any layout. */
export interface Piece {
  readonly title: string;
  /** What grading found, if there is an answer that the hint can address. */
  readonly reported: Reported | undefined;
  /** What to look at before the piece. */
  readonly looks: readonly string[];
}

export function pieceOf(step: Looks, result: HintedResult | undefined): Piece {
  if (!isBegun(result)) return { title: pieceTitle([]), reported: undefined, looks: [] };
  const looks = looksAt(step, result);
  return { title: pieceTitle(looks), reported: reportOf(result), looks };
}

/** What hints say in words, in a step. */
export interface Hinted extends Looks {
  readonly hints: HintWords;
}

/** What a hint says in words, without numbers and shapes. */
export function proseOf(step: Hinted, rung: Rung, result: HintedResult | undefined): readonly string[] {
  const { ask, rule, piece } = step.hints;
  return { 1: [ask ?? ""], 2: [rule ?? ""], 3: [...pieceOf(step, result).looks, piece] }[rung];
}

/** What is known to look at, in a step: by mistake, and by anything else that the diagnosis finds. */
export interface Looks {
  readonly mistakes: readonly Pick<KnownMistake, "id" | "look">[];
  readonly looks: Readonly<Record<string, string>>;
}

/** What to look at, for each mistake that was named; nothing if none was. */
function looksAt(step: Looks, { mistake, about }: HintedResult): readonly string[] {
  const named = mistake?.id.split("+").flatMap((id) => lookFor(step, id) ?? []) ?? [];
  const look = about === undefined ? undefined : step.looks[about];
  return [...new Set(named.length > 0 ? named : look === undefined ? [] : [look])];
}

/** The text for a known mistake, or for anything else that the diagnosis finds. */
function lookFor({ mistakes, looks }: Looks, id: string): string | undefined {
  return mistakes.find((mistake) => mistake.id === id)?.look ?? looks[id];
}
