import type { Question } from "../../kit/question.ts";
import type { Step } from "../../kit/step.ts";
import { paragraph, proseWidth } from "../../report/text.ts";
import type { Reply } from "../../grading/progress.ts";

/** What is remembered of a question: an option was chosen, or it was skipped. */
export function replyTo({ right }: Question, choice: number | "skip"): Reply {
  if (choice === "skip") return "skipped";
  return choice === right ? "right" : "wrong";
}

/** What to say after a step's last question. */
export interface End {
  /** How many replies were right. */
  right: number;
  count: number;
  /** Why the replies cannot be remembered, if they cannot. */
  problem: string | undefined;
  /** What comes after writing the step. */
  next?: string;
}

/** How a step's questions went, and what to do now. */
export function endLines(
  { id, file }: Step,
  { right, count, problem, next = "" }: End,
  columns: number | undefined,
): string[] {
  const width = proseWidth(columns);
  return [
    ...paragraph(`${right} of ${count} right. Now write ${id}: exercises/${file}${next}.`, width),
    ...(problem === undefined ? [] : paragraph(`${problem}, so these questions will be asked again`, width)),
  ];
}
