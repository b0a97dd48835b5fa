import kleur from "kleur";
import type { Step } from "../../kit/step.ts";
import { smallInstance } from "../../kit/instance.ts";
import type { KnownMistake } from "../../kit/mistake.ts";
import { clock } from "../../kit/number.ts";
import type { StepResult } from "../../verdict/result.ts";
import { contractLines } from "./contract.ts";
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

/**
 * One hint, with its heading. No hint contains the answer's code.
 *
 * @param result the step's result: the third hint addresses the mistake that it names, then gives the missing piece
 * @param columns the terminal's; undefined if the output is not a terminal
 */
export function rungLines(step: Step, rung: Rung, result: StepResult | undefined, columns?: number): string[] {
  const width = proseWidth(columns);
  const { hints } = step;
  const prose = (text: string): string[] => paragraph(text, width, INDENT);
  const headed = (title: string): string => `${kleur.bold(step.id)}: hint ${rung} of ${rungs.length}, ${title}`;
  const heading = headed(titles[rung]);
  if (rung === 1)
    return [heading, "", ...contractLines(step, width), "", ...prose(hints.ask), ...lectureLines(step, prose)];
  if (rung === 2) {
    const instance = smallInstance(step);
    return [
      heading,
      "",
      ...prose(hints.rule),
      "",
      ...numberLines(hints, instance, width),
      "",
      ...workedLines(hints, instance, width),
    ];
  }
  const begun = isBegun(result) ? [reportText(result), ...looksAt(step, result)] : [];
  const piece = begun.length === 0 ? hints.piece : `${kleur.bold(titles[3])}: ${hints.piece}`;
  return [
    begun.length > 1 ? headed(`${LOOK}, and ${titles[3]}`) : heading,
    "",
    ...[...begun, piece].flatMap((text, i) => (i === 0 ? [] : [""]).concat(prose(text))),
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
