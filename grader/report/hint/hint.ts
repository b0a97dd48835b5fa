import kleur from "kleur";
import type { Step } from "../../kit/step.ts";
import { smallInstance } from "../../kit/instance.ts";
import type { KnownMistake } from "../../kit/mistake.ts";
import { clock } from "../../kit/number.ts";
import type { StepResult } from "../../verdict/result.ts";
import { contractLines } from "./contract.ts";
import { glossaryLines, type Glossary } from "./glossary.ts";
import { numberLines, workedLines } from "./numbers.ts";
import { harmless } from "../harmless.ts";
import { mistakeLabel } from "../mistake-label.ts";
import { INDENT, paragraph, proseWidth } from "../text.ts";

/** A hint's number: the shapes, the local rule with small numbers, the missing piece (and what to look at before it). */
export type Rung = 1 | 2 | 3;
export const rungs: readonly Rung[] = [1, 2, 3];

const titles: Readonly<Record<Rung, string>> = {
  1: "the shapes",
  2: "the rule, with small numbers",
  3: "the missing piece",
};

/** The label of the advice on a mistake; also in the heading if there is such advice. */
const LOOK = "what to look at";

export interface RungOptions {
  /** The step's result: the third hint addresses the mistake that it names, then gives the missing piece. */
  result?: StepResult | undefined;
  /** The terminal's; undefined if the output is not a terminal. */
  columns?: number | undefined;
  /** What explains the terms that a hint is the first to use. */
  glossary?: Glossary | undefined;
}

/** One hint, with its heading. No hint contains the answer's code. */
export function rungLines(step: Step, rung: Rung, { result, columns, glossary }: RungOptions = {}): string[] {
  const width = proseWidth(columns);
  const prose = (text: string): string[] => paragraph(text, width, INDENT);
  const before = rungs.filter((other) => other < rung).flatMap((other) => proseOf(step, other, undefined));
  const used = proseOf(step, rung, result);
  return [
    ...linesOf[rung](step, prose, width, result),
    ...(glossary ? glossaryLines(glossary, used.join(" "), before.join(" "), width) : []),
  ];
}

/** What a hint says in words, without numbers and shapes. */
function proseOf(step: Step, rung: Rung, result: StepResult | undefined): string[] {
  const { ask, rule, piece } = step.hints;
  return { 1: [ask], 2: [rule], 3: [...(isBegun(result) ? looksAt(step, result) : []), piece] }[rung];
}

type RungLines = (
  step: Step,
  prose: (text: string) => string[],
  width: number,
  result: StepResult | undefined,
) => string[];

const linesOf: Readonly<Record<Rung, RungLines>> = { 1: shapesLines, 2: ruleLines, 3: pieceLines };

function headed({ id }: Step, rung: Rung, title = titles[rung]): string {
  return `${kleur.bold(id)}: hint ${rung} of ${rungs.length}, ${title}`;
}

function shapesLines(step: Step, prose: (text: string) => string[], width: number): string[] {
  return [
    headed(step, 1),
    "",
    ...contractLines(step, width),
    "",
    ...prose(step.hints.ask),
    ...lectureLines(step, prose),
  ];
}

function ruleLines(step: Step, prose: (text: string) => string[], width: number): string[] {
  const instance = smallInstance(step);
  return [
    headed(step, 2),
    "",
    ...prose(step.hints.rule),
    "",
    ...numberLines(step.hints, instance, width),
    "",
    ...workedLines(step.hints, instance, width),
  ];
}

function pieceLines(step: Step, prose: (text: string) => string[], _: number, result?: StepResult): string[] {
  const begun = isBegun(result) ? [reportText(result), ...looksAt(step, result)] : [];
  const { piece } = step.hints;
  return [
    begun.length > 1 ? headed(step, 3, `${LOOK}, and ${titles[3]}`) : headed(step, 3),
    "",
    ...[...begun, begun.length === 0 ? piece : `${kleur.bold(titles[3])}: ${piece}`].flatMap((text, i) =>
      (i === 0 ? [] : [""]).concat(prose(text)),
    ),
  ];
}

/** Where the lecture derives it: "The lecture derives it at 26:22 and 28:59." */
function lectureLines({ lecture }: Step, prose: (text: string) => string[]): string[] {
  return lecture ? ["", ...prose(`The lecture derives it at ${lecture.map(clock).join(" and ")}.`)] : [];
}

/** Whether there is an answer that a hint can address. */
function isBegun(result: StepResult | undefined): result is StepResult {
  return result !== undefined && !result.passed && result.verdict !== "not-started" && result.verdict !== "missing";
}

/** The mistake that was named, or what was seen, or the verdict. */
function reportText({ mistake, verdict, message, at }: StepResult): string {
  if (mistake) return `${kleur.yellow(mistakeLabel(mistake))}: ${mistake.sentence}`;
  return `${kleur.red(verdict)}: ${harmless(message ?? "")}${at ? ` (line ${at.line})` : ""}`;
}

/** What to look at, for each mistake that was named; nothing if none was. */
function looksAt(step: Step, { mistake, about }: StepResult): string[] {
  const named = mistake?.id.split("+").flatMap((id) => lookFor(step, id) ?? []) ?? [];
  const look = about === undefined ? undefined : step.looks[about];
  const [first, ...others] = new Set(named.length > 0 ? named : look === undefined ? [] : [look]);
  return first === undefined ? [] : [`${kleur.bold(LOOK)}: ${first}`, ...others];
}

/** The text for a known mistake, or for anything else that the diagnosis finds. */
function lookFor({ mistakes, looks }: Step, id: string): string | undefined {
  const known: readonly KnownMistake[] = mistakes;
  return known.find((mistake) => mistake.id === id)?.look ?? looks[id];
}
