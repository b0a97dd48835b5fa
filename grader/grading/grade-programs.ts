import { programMistake } from "../diagnosis/program.ts";
import type { ProgramQuestion } from "../kit/program.ts";
import type { ProgramStep } from "../kit/step.ts";
import { Generator } from "../network/random.ts";
import { judgeProgram, type ProgramCall } from "../verdict/program.ts";
import type { StepResult } from "../verdict/result.ts";
import { caseSeed, checkTypes, sourceOf, type Grading } from "./grading.ts";
import { findStep, isRepeatable, keepStep } from "./kept-steps.ts";
import { isOpen, openSteps, watched, type OpenStep, type OpenSteps } from "./open.ts";
import { askProgram } from "./program-answers.ts";
import type { StepSeed } from "./texts.ts";

/** Every question that is not large is asked this often, in shuffled order, to reveal chance and memory. */
const ROUNDS = 2;

/** Grades programs, except those whose texts have not changed since their result was kept. */
export async function gradePrograms(grading: Grading, asked: readonly ProgramStep[]): Promise<StepResult[]> {
  const { host, kept } = grading;
  const before = new Map(
    asked.map((step) => [step, findStep(kept, host.sources, step, settingOf(grading), "whole")?.result]),
  );
  const open = openSteps(
    host,
    asked.filter((step) => !before.get(step)),
  );
  try {
    const checking = checkTypes(
      grading,
      asked,
      async (step) => before.get(step)?.source ?? sourceOf(await open.of(step)),
    );
    const results = await Promise.all(asked.map((step) => before.get(step) ?? gradeNow(grading, step, open)));
    const notes = await checking;
    return results.map((result) => ({ ...result, notes: notes.get(result.file) ?? [] }));
  } finally {
    open.close();
  }
}

/** What programs are graded against besides their own texts: the seed, if the course is given one. */
function settingOf({ course: { seed } }: Grading): string {
  return JSON.stringify({ seed });
}

async function gradeNow(grading: Grading, step: ProgramStep, open: OpenSteps): Promise<StepResult> {
  const { host, kept } = grading;
  const opened = await open.of(step);
  await host.letAnswersIn();
  if (!isOpen(opened)) return judgeProgram(step, [], opened, { printed: "", milliseconds: 0 });
  const asked = watched(opened);
  const graded = await gradeProgram(asked.open, caseSeed(grading, opened));
  const result: StepResult = { ...graded, source: sourceOf(opened) };
  if (asked.answeredAll() && isRepeatable(result, opened.bundle)) {
    keepStep(kept, opened.bundle, step, settingOf(grading), "whole", () => ({ result }));
  }
  return result;
}

/** The questions of a seed: the example first, the large ones last. */
export function programQuestions({ program }: ProgramStep, seed: StepSeed): readonly ProgramQuestion[] {
  const drawn = program.draw(new Generator([...seed]));
  const isLarge = ({ large }: ProgramQuestion): boolean => large !== undefined;
  return [program.example, ...drawn.filter((one) => !isLarge(one)), ...drawn.filter(isLarge)];
}

/** Asks the usual questions together and then, if these are right, each large one by itself. */
async function gradeProgram(open: OpenStep<ProgramStep>, seed: StepSeed): Promise<StepResult> {
  const { step } = open;
  const questions = programQuestions(step, seed);
  const usual = questions.flatMap(({ large }, i) => (large === undefined ? [i] : []));
  const generator = new Generator([...seed, ROUNDS]);
  const turns = usual.slice(1).flatMap((i) => Array.from({ length: ROUNDS }, () => i));
  const order = [0, ...generator.randperm(turns.length).map((turn) => turns[turn]!)];
  const { outcome, ...run } = await askProgram(open, questions, order);
  const result = judgeProgram(step, questions, outcome, run);
  const calls: ProgramCall[] = "kind" in outcome ? [] : [...outcome];
  if (!result.passed) return { ...result, mistake: programMistake(step, questions, calls) };
  let { milliseconds } = run;
  for (const [i, question] of questions.entries()) {
    if (question.large === undefined) continue;
    // in a context of its own: nothing is left there of what it was asked before
    const alone = await askProgram(open, [question], [0], `${step.id}-${question.large}`);
    milliseconds += alone.milliseconds;
    calls.push(
      ...("kind" in alone.outcome
        ? [{ question: i, reply: alone.outcome }]
        : alone.outcome.map(({ reply }) => ({ question: i, reply }))),
    );
  }
  const whole = judgeProgram(step, questions, calls, { ...run, milliseconds });
  return whole.passed ? whole : { ...whole, mistake: programMistake(step, questions, calls) };
}
