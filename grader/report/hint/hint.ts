import kleur from "kleur";
import { isLadder, type HintLadder } from "../../kit/hint.ts";
import type { Step } from "../../kit/step.ts";
import { smallInstance } from "../../kit/instance.ts";
import { clock } from "../../kit/number.ts";
import type { StepResult } from "../../verdict/result.ts";
import { contractLines } from "./contract.ts";
import { glossaryLines, type Glossary } from "./glossary.ts";
import { numberLines, workedLines } from "./numbers.ts";
import { LOOK, pieceOf, proseOf, rungsFor, rungTitles, type Reported, type Rung } from "./piece.ts";
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
  const before = rungsFor(step)
    .filter((other) => other < rung)
    .flatMap((other) => proseOf(step, other, undefined));
  const used = proseOf(step, rung, result);
  return [
    ...linesOf(step, rung, prose, width, result),
    ...(glossary ? glossaryLines(glossary, used.join(" "), before.join(" "), width) : []),
  ];
}

type Prose = (text: string) => string[];

function linesOf(step: Step, rung: Rung, prose: Prose, width: number, result: StepResult | undefined): string[] {
  const { hints } = step;
  if (rung === 3 || !isLadder(hints)) return pieceLines(step, prose, result);
  return rung === 1 ? shapesLines(step, hints, prose, width) : ruleLines(step, hints, prose, width);
}

function headed(step: Step, rung: Rung, title = rungTitles[rung]): string {
  const own = rungsFor(step);
  return `${kleur.bold(step.id)}: hint ${own.indexOf(rung) + 1} of ${own.length}, ${title}`;
}

function shapesLines(step: Step, { ask }: HintLadder, prose: Prose, width: number): string[] {
  return [headed(step, 1), "", ...contractLines(step, width), "", ...prose(ask), ...lectureLines(step, prose)];
}

function ruleLines(step: Step, hints: HintLadder, prose: Prose, width: number): string[] {
  const instance = smallInstance(step);
  return [
    headed(step, 2),
    "",
    ...prose(hints.rule),
    "",
    ...numberLines(hints, instance, width),
    "",
    ...workedLines(hints, instance, width),
  ];
}

function pieceLines(step: Step, prose: Prose, result?: StepResult): string[] {
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

function lectureLines(step: Step, prose: Prose): string[] {
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
