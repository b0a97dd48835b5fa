import type { Step } from "../../kit/step.ts";
import type { Question } from "../../kit/question.ts";
import type { State } from "../../grading/progress.ts";
import { optionLines, questionLines, replyLines } from "../../report/quiz/lines.ts";
import { questionsOf } from "../../report/quiz/questions.ts";
import { rememberReply } from "../../runner/workspace/progress-file.ts";
import { optionOf } from "../quiz/asking.ts";
import { endLines, replyTo } from "../quiz/reply.ts";
import type { Pressed } from "./screen.ts";

/** The questions to a step, asked one after another. */
export interface Round {
  readonly step: Step;
  /** The step's state. */
  readonly state: State;
  readonly questions: readonly Question[];
  /** The question on the screen; behind the last one, the end is. */
  readonly at: number;
  /** The option that was chosen, once it was. */
  readonly chosen?: number | undefined;
  /** How many replies were right. */
  readonly right: number;
  /** Why a reply cannot be remembered, if it cannot. */
  readonly problem?: string | undefined;
}

export function roundOf(step: Step, state: State): Round {
  return { step, state, questions: questionsOf(step), at: 0, right: 0 };
}

/** Whether the last question has its reply. */
export function isOver({ at, questions, chosen }: Round): boolean {
  return at + (chosen === undefined ? 0 : 1) >= questions.length;
}

/** The round after a key; undefined if the key does nothing here. */
export function afterKey(round: Round, { name, text }: Pressed): Round | undefined {
  const { chosen, at, questions } = round;
  const question = questions[at];
  if (question === undefined) return undefined;
  if (chosen !== undefined)
    return name === "return" && !isOver(round) ? { ...round, at: at + 1, chosen: undefined } : undefined;
  if (text === "s") return { ...replied(round, question, "skip"), at: at + 1 };
  const option = optionOf(text, question.options.length);
  return option === undefined ? undefined : { ...replied(round, question, option), chosen: option };
}

/** A round whose question has its reply, which is remembered. */
function replied(round: Round, question: Question, choice: number | "skip"): Round {
  const reply = replyTo(question, choice);
  const problem = rememberReply(round.step.id, question.id, reply);
  return { ...round, right: round.right + (reply === "right" ? 1 : 0), problem };
}

/** The question with its options, and what is said to the one that was chosen; after the last one how it all went. */
export function roundLines(round: Round, columns: number): string[] {
  const { step, state, questions, at, chosen, right, problem } = round;
  const question = questions[at];
  const end = isOver(round) ? ["", ...endLines(step, { right, count: questions.length, state, problem }, columns)] : [];
  if (question === undefined) return end.slice(1);
  return [
    ...questionLines(step, question, `question ${at + 1} of ${questions.length}`, columns),
    "",
    ...optionLines(question, columns, chosen),
    ...(chosen === undefined ? [] : ["", ...replyLines(question, chosen, columns)]),
    ...end,
  ];
}

/** The keys that do something now, and their names; after the last question, Enter is one of those that lead back. */
export function roundKeys(round: Round): [string, string][] {
  const question = round.questions[round.at];
  if (question === undefined || isOver(round)) return [];
  if (round.chosen !== undefined) return [["Enter", "next question"]];
  return [
    [`1 to ${question.options.length}`, "answer"],
    ["s", "skip"],
  ];
}
