import kleur from "kleur";
import { isLadder } from "../../kit/hint.ts";
import { smallInstance } from "../../kit/instance.ts";
import type { Question } from "../../kit/question.ts";
import type { Step } from "../../kit/step.ts";
import { replyOn } from "./reply.ts";
import { inputLines } from "../hint/numbers.ts";
import { sideBySide } from "../side-by-side.ts";
import { INDENT, paragraph, proseWidth } from "../text.ts";

/** What the options of a question begin with: the number to type, and a mark at the one that is selected. */
const OPTION = "  > 1  ";

/** A question with its numbers, if it needs them, but not its options. */
export function questionLines(step: Step, question: Question, place: string, columns?: number): string[] {
  const width = proseWidth(columns);
  return [
    `${kleur.bold(step.id)}: ${place}`,
    "",
    ...paragraph(question.ask, width, INDENT),
    ...(question.withNumbers && isLadder(step.hints)
      ? ["", ...inputLines(step.hints, smallInstance(step), width)]
      : []),
  ];
}

/** The options, numbered from 1. */
export function optionLines({ options }: Question, columns?: number, selected?: number): string[] {
  const room = proseWidth(columns) - OPTION.length;
  return options.flatMap(({ text }, i) => {
    const head = `  ${i === selected ? ">" : " "} ${i + 1}  `;
    const lines = sideBySide([[head], paragraph(text, room)], "");
    return i === selected ? lines.map((line) => kleur.bold(line)) : lines;
  });
}

/** Whether an option is right, and why. */
export function replyLines(question: Question, chosen: number, columns?: number): string[] {
  const { isRight, label, text } = replyOn(question, chosen);
  return paragraph(`${(isRight ? kleur.green : kleur.yellow)(label)} ${text}`, proseWidth(columns), INDENT);
}
