import type { ProgramQuestion } from "../kit/program.ts";
import type { ProgramStep } from "../kit/step.ts";
import { Generator } from "../network/random.ts";
import { problemOf, type ProgramCall } from "../verdict/program.ts";
import { programMistake, programReply } from "./program.ts";

/**
 * Asks every correct form and every known mistake of some programs the questions of many seeds. Large questions are left
 * out: what ends in them never returns.
 *
 * @param first the first of the seeds
 * @returns what went wrong, one line per kind
 */
export function checkPrograms(steps: readonly ProgramStep[], seeds: number, first = 0): string[] {
  const problems = new Set<string>();
  for (let seed = first; seed < first + seeds; seed++) {
    for (const step of steps) for (const problem of checkProgram(step, seed)) problems.add(problem);
  }
  return [...problems];
}

function checkProgram(step: ProgramStep, seed: number): string[] {
  const { example, draw } = step.program;
  const questions = [example, ...draw(new Generator(seed))].filter(({ large }) => large === undefined);
  const forms = step.forms.flatMap((answer, i) => {
    const wrong = callsOf(step, answer, questions).find(({ question, reply }) =>
      problemOf(step, questions[question]!, reply),
    );
    return wrong ? [`${step.id}: correct form ${i + 1} is not accepted with ${questions[wrong.question]!.says}`] : [];
  });
  const ways = step.mistakes.flatMap(({ id, answer, others = [], ends }) =>
    ends ? [] : [answer, ...others].map((way) => ({ id, answer: way })),
  );
  const mistakes = ways.flatMap(({ id, answer }) => {
    const calls = callsOf(step, answer, questions);
    if (calls.every(({ question, reply }) => !problemOf(step, questions[question]!, reply))) {
      return [`${step.id}: the mistake "${id}" passes`];
    }
    const named = programMistake(step, questions, calls)?.id;
    return named === id
      ? []
      : [`${step.id}: the mistake "${id}" is ${named === undefined ? "not recognized" : `taken for "${named}"`}`];
  });
  return [...forms, ...mistakes];
}

function callsOf(
  step: ProgramStep,
  answer: ProgramStep["forms"][number],
  questions: readonly ProgramQuestion[],
): ProgramCall[] {
  return questions.map((question, i) => ({ question: i, reply: programReply(step, { answer }, question) }));
}
