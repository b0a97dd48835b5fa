import { glossary, glossaryPage } from "../../grader/commands/glossary.ts";
import { mistakesByLine } from "../../grader/course/4-training-loop/mistakes-by-line.ts";
import { dojo, steps } from "../../grader/course/steps.ts";
import { finishable } from "../../grader/grading/news.ts";
import { isLadder, type StepHints } from "../../grader/kit/hint.ts";
import { smallInstance } from "../../grader/kit/instance.ts";
import type { Step } from "../../grader/kit/step.ts";
import { contractOf } from "../../grader/report/hint/contract.ts";
import { lectureText } from "../../grader/report/hint/hint.ts";
import { answerBlock, inputBlocks, workedText } from "../../grader/report/hint/numbers.ts";
import { recapOf } from "../../grader/report/news.ts";
import { questionsOf } from "../../grader/report/quiz/questions.ts";
import { answerOf, solutionOf } from "../../grader/runner/workspace/stubs.ts";
import type { CourseTexts, Recap, StepTexts } from "../workshop/texts.ts";

/** @param isWanted chooses steps: those of the course proper, or those beyond it; by default all */
export function workshopTexts(isWanted: (step: Step) => boolean = () => true): CourseTexts {
  const { terms } = glossary()!;
  const ends = finishable(dojo).filter(({ steps }) => steps.every(isWanted));
  const recaps = ends.map(({ milestone: { title, can, isRecapped }, steps, next }): Recap => {
    return { title, can, next, steps: steps.map(({ id }) => id), rows: isRecapped ? [] : recapOf(steps) };
  });
  const texts = Object.fromEntries(steps.filter(isWanted).map((step) => [step.id, textsOf(step)]));
  return { steps: texts, recaps, glossary: { terms, file: glossaryPage } };
}

function textsOf(step: Step): StepTexts {
  const instance = smallInstance(step);
  const { hints } = step;
  const { experiment } = step.kind === "function" ? step : { experiment: undefined };
  return {
    contract: contractOf(step),
    hints: wordsOf(hints),
    lecture: lectureText(step),
    inputs: isLadder(hints) ? inputBlocks(hints, instance) : [],
    answer: answerBlock(instance),
    worked: isLadder(hints) ? workedText(hints.worked, instance) : "",
    mistakes: step.mistakes.map(({ id, idea, look }) => ({ id, idea, look })),
    looks: step.looks,
    questions: questionsOf(step),
    wrong: wrongOf(step),
    alsoRight: step.alsoRight ?? [],
    solution: solutionTextOf(step),
    long: longOf(step),
    experiment: experiment && { trap: experiment.trap, setting: experiment.setting },
  };
}

function longOf(step: Step): StepTexts["long"] {
  if (step.kind !== "train") return undefined;
  const { steps, measured, measuring } = step.training.long;
  return { network: step.network.name, steps, measured, measuring };
}

/** What the hints say in words. */
function wordsOf(hints: StepHints): StepTexts["hints"] {
  const { piece } = hints;
  return isLadder(hints) ? { ask: hints.ask, rule: hints.rule, piece } : { piece };
}

function solutionTextOf(step: Step): string | undefined {
  const solution = solutionOf(step);
  return solution && answerOf(solution);
}

function wrongOf(step: Step): StepTexts["wrong"] {
  if (step.kind !== "train") return [];
  return [...mistakesByLine(step)].map(([line, known]) => ({ line, ids: known.map(({ id }) => id) }));
}
