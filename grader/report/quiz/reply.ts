import type { Question } from "../../kit/question.ts";

/** What is said of a choice, before any layout. */
export interface Replied {
  readonly isRight: boolean;
  /** "Right." or "No:" */
  readonly label: string;
  readonly text: string;
}

/** Whether an option is right, and why. */
export function replyOn({ options, right, why }: Question, chosen: number): Replied {
  if (chosen === right) return { isRight: true, label: "Right.", text: why };
  const { text, mistake, elsewhere } = options[chosen]!;
  const place = elsewhere === undefined ? "" : ` ${text} is ${elsewhere}.`;
  const cause = mistake === undefined ? "" : ` ${text} ${place && "also "}comes from a known mistake: ${mistake}.`;
  return { isRight: false, label: "No:", text: `the answer is ${options[right]!.text}.${place}${cause} ${why}` };
}
