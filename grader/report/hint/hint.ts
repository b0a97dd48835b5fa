import kleur from "kleur";
import { hintsOf } from "../../course/hints/all.ts";
import type { StepHints } from "../../course/hints/hint.ts";
import { smallInstance } from "../../course/hints/instance.ts";
import { looks, valueLooks } from "../../course/hints/mistakes.ts";
import type { Step } from "../../course/steps.ts";
import type { StepResult } from "../../verdict/result.ts";
import { contractLines } from "./contract.ts";
import { numberLines, workedLines } from "./numbers.ts";
import { harmless } from "../../runner/harmless.ts";
import { INDENT, paragraph, proseWidth } from "../text.ts";

/** A hint's place: the shapes, the local rule with small numbers, the missing piece. */
export type Rung = 1 | 2 | 3;
export const rungs: readonly Rung[] = [1, 2, 3];

const titles: Readonly<Record<Rung, string>> = {
  1: "the shapes",
  2: "the rule, with small numbers",
  3: "the missing piece",
};

/**
 * One hint, with its heading. None of them holds the answer's code.
 *
 * @param result what grading the step found: the third hint speaks to the mistake that it names
 * @param columns the terminal's; undefined where the output is no terminal
 */
export function rungLines(step: Step, rung: Rung, result: StepResult | undefined, columns?: number): string[] {
  const width = proseWidth(columns);
  const hints = hintsOf(step.id);
  const prose = (text: string): string[] => paragraph(text, width, INDENT);
  const heading = `${kleur.bold(step.id)}: hint ${rung} of ${rungs.length}, ${titles[rung]}`;
  if (rung === 1) return [heading, "", ...contractLines(step, width), "", ...prose(hints.ask)];
  if (rung === 2) {
    const instance = smallInstance(step, hints);
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
  return [
    heading,
    "",
    ...pieceTexts(step, hints, result).flatMap((text, i) => (i === 0 ? [] : [""]).concat(prose(text))),
  ];
}

/** The mistake that was named, and what to look at; or what stands in the report; or the piece that is usually missing. */
function pieceTexts(step: Step, hints: StepHints, result: StepResult | undefined): string[] {
  if (!result || result.passed || result.verdict === "not-started" || result.verdict === "missing")
    return [hints.piece];
  const { mistake, verdict, message, at } = result;
  if (mistake && !mistake.id.startsWith("seen")) {
    const common = step.kind === "function" && step.asks === "value" ? valueLooks : looks;
    const found = mistake.id.split("+").flatMap((id) => hints.look?.[id] ?? common[id] ?? []);
    const told = found.map((text) =>
      text.replaceAll("{tensor}", step.kind === "function" ? step.tensor : "the parameter"),
    );
    return [`${kleur.yellow("looks like")}: ${mistake.sentence}`, ...(told.length > 0 ? new Set(told) : [hints.piece])];
  }
  if (mistake) return [`${kleur.yellow("seen")}: ${mistake.sentence}`, hints.piece];
  const said = harmless(message ?? "");
  // the training loop's report names the parameter and what is wrong with it
  const look =
    step.kind === "train" ? Object.entries(hints.look ?? {}).find(([part]) => said.includes(part))?.[1] : undefined;
  return [`${kleur.red(verdict)}: ${said}${at ? ` (line ${at.line})` : ""}`, look ?? hints.piece];
}
