import type { Question } from "../../kit/question.ts";
import type { Step } from "../../kit/step.ts";
import { paragraph, proseWidth } from "../../report/text.ts";
import type { Reply, State } from "../../grading/progress.ts";

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
  /** The step's state: what to do depends on it. */
  state: State;
  /** Why the replies cannot be remembered, if they cannot. */
  problem: string | undefined;
  /** What comes after writing the step. */
  next?: string;
}

/** How a step's questions went, and what to do now. */
export function endLines(
  { id, file }: Step,
  { right, count, state, problem, next = "" }: End,
  columns: number | undefined,
): string[] {
  const width = proseWidth(columns);
  return [
    ...paragraph(`${right} of ${count} right. ${toDo(id, state)}exercises/${file}${next}.`, width),
    ...(problem === undefined ? [] : paragraph(`${problem}, so these questions will be asked again`, width)),
  ];
}

/** What is left to do on a step, up to the name of its file. */
function toDo(id: string, state: State): string {
  switch (state) {
    case "passed":
      return `You have written ${id} already, and it passes: `;
    case "started":
    case "reopened":
      return `Now go on with ${id}: `;
    case "missing":
    case "not-started":
      return `Now write ${id}: `;
  }
}
