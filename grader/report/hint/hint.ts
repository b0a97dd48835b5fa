import kleur from "kleur";
import type { Step } from "../../course/steps.ts";
import { smallInstance } from "../../kit/instance.ts";
import type { KnownMistake } from "../../kit/mistake.ts";
import type { StepResult } from "../../verdict/result.ts";
import { contractLines } from "./contract.ts";
import { numberLines, workedLines } from "./numbers.ts";
import { harmless } from "../../runner/harmless.ts";
import { INDENT, paragraph, proseWidth } from "../text.ts";

/** A hint's place: the shapes, the local rule with small numbers, the missing piece (and what to look at before it). */
export type Rung = 1 | 2 | 3;
export const rungs: readonly Rung[] = [1, 2, 3];

const titles: Readonly<Record<Rung, string>> = {
  1: "the shapes",
  2: "the rule, with small numbers",
  3: "the missing piece",
};

/** What stands before the mistake's own advice, and in the heading where there is some. */
const LOOK = "what to look at";

/**
 * One hint, with its heading. None of them holds the answer's code.
 *
 * @param result what grading the step found: the third hint speaks to the mistake that it names, then gives the piece
 * @param columns the terminal's; undefined where the output is no terminal
 */
export function rungLines(step: Step, rung: Rung, result: StepResult | undefined, columns?: number): string[] {
  const width = proseWidth(columns);
  const { hints } = step;
  const prose = (text: string): string[] => paragraph(text, width, INDENT);
  const headed = (title: string): string => `${kleur.bold(step.id)}: hint ${rung} of ${rungs.length}, ${title}`;
  const heading = headed(titles[rung]);
  if (rung === 1) return [heading, "", ...contractLines(step, width), "", ...prose(hints.ask)];
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

/** Whether there is an answer that a hint can speak of. */
function isBegun(result: StepResult | undefined): result is StepResult {
  return result !== undefined && !result.passed && result.verdict !== "not-started" && result.verdict !== "missing";
}

/** The mistake that was named, or what was seen, or the verdict. */
function reportText({ mistake, verdict, message, at }: StepResult): string {
  if (mistake) return `${kleur.yellow(mistake.id.startsWith("seen") ? "seen" : "looks like")}: ${mistake.sentence}`;
  return `${kleur.red(verdict)}: ${harmless(message ?? "")}${at ? ` (line ${at.line})` : ""}`;
}

/** What to look at, for each mistake that was named; nothing where none was. */
function looksAt(step: Step, { mistake, message }: StepResult): string[] {
  const named = mistake?.id.split("+").flatMap((id) => lookFor(step, id) ?? []) ?? [];
  const [first, ...others] = new Set(named.length > 0 ? named : reportLook(step, message));
  return first === undefined ? [] : [`${kleur.bold(LOOK)}: ${first}`, ...others];
}

/** The text for a known mistake, or for anything else that the diagnosis finds. */
function lookFor({ mistakes, looks }: Step, id: string): string | undefined {
  const known: readonly KnownMistake[] = mistakes;
  return known.find((mistake) => mistake.id === id)?.look ?? looks[id];
}

/** The training loop's report names the parameter and what is wrong with it. */
function reportLook({ kind, looks }: Step, message: string | null): string[] {
  if (kind !== "train") return [];
  return Object.entries(looks)
    .filter(([part]) => message?.includes(part))
    .slice(0, 1)
    .map(([, look]) => look);
}
