import kleur from "kleur";
import type { Step } from "../../kit/step.ts";
import { smallInstance } from "../../kit/instance.ts";
import { clock } from "../../kit/number.ts";
import type { StepResult } from "../../verdict/result.ts";
import { contractLines } from "./contract.ts";
import { glossaryLines, type Glossary } from "./glossary.ts";
import { numberLines, workedLines } from "./numbers.ts";
import { LOOK, pieceOf, proseOf, rungs, rungTitles, type Reported, type Rung } from "./piece.ts";
import { INDENT, paragraph, proseWidth } from "../text.ts";

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

type RungLines = (
  step: Step,
  prose: (text: string) => string[],
  width: number,
  result: StepResult | undefined,
) => string[];

const linesOf: Readonly<Record<Rung, RungLines>> = { 1: shapesLines, 2: ruleLines, 3: pieceLines };

function headed({ id }: Step, rung: Rung, title = rungTitles[rung]): string {
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
  const { title, reported, looks } = pieceOf(step, result);
  const begun = reported
    ? [reportText(reported), ...looks.map((look, i) => (i === 0 ? `${kleur.bold(LOOK)}: ${look}` : look))]
    : [];
  const { piece } = step.hints;
  return [
    headed(step, 3, title),
    "",
    ...[...begun, begun.length === 0 ? piece : `${kleur.bold(rungTitles[3])}: ${piece}`].flatMap((text, i) =>
      (i === 0 ? [] : [""]).concat(prose(text)),
    ),
  ];
}

function lectureLines(step: Step, prose: (text: string) => string[]): string[] {
  const text = lectureText(step);
  return text === undefined ? [] : ["", ...prose(text)];
}

/** Where the lecture derives it, in a sentence; undefined if it does not. */
export function lectureText({ lecture }: Step): string | undefined {
  return lecture && `The lecture derives it at ${lecture.map(clock).join(" and ")}.`;
}

/** The mistake that was named, or what was seen, or the verdict. */
function reportText({ label, text, isSeen }: Reported): string {
  return `${(isSeen ? kleur.yellow : kleur.red)(label)}: ${text}`;
}
