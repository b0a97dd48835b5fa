import { parseArgs } from "node:util";
import { steps } from "../course/steps.ts";
import { nextStep, type StepProgress } from "../grading/progress.ts";
import type { Step } from "../kit/step.ts";
import { questionLines, replyLines } from "../report/quiz/lines.ts";
import { hasQuestions, questionsOf } from "../report/quiz/questions.ts";
import { exercisesFolder } from "../runner/project.ts";
import { quizReplies, readVerdicts, rememberReply } from "../runner/workspace/progress-file.ts";
import { progressIn } from "../runner/workspace/tree.ts";
import { askingHere, type Asking } from "./quiz/asking.ts";
import { endLines, replyTo } from "./quiz/reply.ts";
import { selectSteps } from "./usage.ts";

export const quizHelp = `quiz [step ...]
    Asks two or three questions about a step before you write it: shapes, signs, which entries are summed, a number.
    Without a step: for the step to work on next, or the first one after it that you have not been asked about.
    Nothing depends on your answers; s skips a question, q ends.`;

/** Exit status 0. */
export async function quiz(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const step = stepToAsk();
  const chosen = positionals.length > 0 ? selectSteps(positionals) : step ? [step] : [];
  if (chosen.length === 0) {
    process.stdout.write("You have answered the questions to every step; name one to be asked again.\n");
    return 0;
  }
  const asking = askingHere();
  try {
    for (const [i, one] of chosen.entries()) {
      if (i > 0) process.stdout.write("\n");
      if (!(await askAbout(one, asking))) break;
    }
  } finally {
    asking.close();
  }
  return 0;
}

/** Asks a step's questions; false if the learner wants to stop. */
async function askAbout(step: Step, asking: Asking): Promise<boolean> {
  const questions = questionsOf(step);
  if (questions.length === 0) {
    process.stdout.write(`${step.id} is a step of an exam: it has no questions\n`);
    return true;
  }
  const [{ state } = { state: "not-started" as const }] = progressHere().filter((one) => one.step === step);
  const { columns } = process.stdout;
  const say = (lines: readonly string[]): void => void process.stdout.write(`${lines.join("\n")}\n`);
  let right = 0;
  let problem: string | undefined;
  for (const [i, question] of questions.entries()) {
    say([...questionLines(step, question, `question ${i + 1} of ${questions.length}`, columns), ""]);
    const choice = await asking.choose(question);
    if (choice === "quit") return false;
    const reply = replyTo(question, choice);
    if (reply === "right") right += 1;
    problem = rememberReply(step.id, question.id, reply);
    if (typeof choice === "number") say(["", ...replyLines(question, choice, columns)]);
    say([""]);
  }
  say(
    endLines(
      step,
      { right, count: questions.length, state, problem, next: "; npm run quiz goes on with the next step" },
      columns,
    ),
  );
  return true;
}

function progressHere(): StepProgress[] {
  return progressIn(exercisesFolder, readVerdicts());
}

/** The step to work on next if it has a question without a reply, or the first such step after it, or before. */
function stepToAsk(): Step | undefined {
  const next = nextStep(progressHere());
  const from = next ? steps.indexOf(next.step) : 0;
  const ordered = [...steps.slice(from), ...steps.slice(0, from)];
  return ordered.find((step) => {
    const replies = quizReplies(step.id);
    // no reply at all is the usual case, and then the questions need not be made
    if (Object.keys(replies).length === 0) return hasQuestions(step);
    return questionsOf(step).some(({ id }) => !Object.hasOwn(replies, id));
  });
}
