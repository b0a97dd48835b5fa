import {
  callThrough,
  type ProgramAnswer,
  type ProgramMistake,
  type ProgramQuestion,
  type Value,
} from "../kit/program.ts";
import type { ProgramStep } from "../kit/step.ts";
import { TensorError, sameFault } from "../tensor/error.ts";
import { tensorFaultOf } from "../verdict/cause.ts";
import { isSame } from "../verdict/compare.ts";
import { problemOf, sameValue, type ProgramCall, type ProgramReply } from "../verdict/program.ts";
import type { NamedMistake } from "../verdict/result.ts";

/** A question with the first answer to it. */
interface Told {
  question: ProgramQuestion;
  reply: ProgramReply;
}

/** The known mistake that the answers of a program show, if they show one. */
export function programMistake(
  step: ProgramStep,
  questions: readonly ProgramQuestion[],
  calls: readonly ProgramCall[],
): NamedMistake | null {
  const told = questions.flatMap((question, i): Told[] => {
    const reply = calls.find((call) => call.question === i)?.reply;
    return reply ? [{ question, reply }] : [];
  });
  if (told.length === 0) return null;
  const found = step.mistakes.find((mistake) => isShown(step, mistake, told)) ?? largestPart(step, told);
  return found ? { id: found.id, sentence: found.sentence } : null;
}

function isShown(step: ProgramStep, mistake: ProgramMistake, told: readonly Told[]): boolean {
  const wrong = told.filter(({ question, reply }) => problemOf(step, question, reply) !== undefined);
  const { ends, shows } = mistake;
  if (ends) {
    return wrong.some(
      ({ question, reply }) => question.large === ends.large && ends.by.some((end) => end === endOf(reply)),
    );
  }
  if (shows) {
    return (
      wrong.length > 0 &&
      wrong.every(({ question, reply }) => reply.kind === "value" && shows(question.given, reply.value))
    );
  }
  const usual = usualOf(told);
  return waysOf(mistake).some((answer) =>
    usual.every(({ question, reply }) => isAlike(reply, programReply(step, { answer }, question))),
  );
}

/** A mistake that shows in large questions only has an ending: it is not looked for in them. */
function usualOf(told: readonly Told[]): readonly Told[] {
  return told.filter(({ question }) => question.large === undefined);
}

/** A mistake's wrong answers: one for each way to make it. */
function waysOf({ answer, others = [] }: ProgramMistake): readonly ProgramAnswer[] {
  return [answer, ...others];
}

/**
 * The mistake that explains most where there are several: wherever it gives a wrong answer, that answer was given, and
 * elsewhere something else may be wrong as well.
 */
function largestPart(step: ProgramStep, told: readonly Told[]): ProgramMistake | undefined {
  const usual = usualOf(told);
  const parts = step.mistakes
    .filter(({ ends, shows }) => !ends && !shows)
    .flatMap((mistake) => waysOf(mistake).map((answer) => ({ mistake, size: explained(step, answer, usual) })));
  return parts.filter(({ size }) => size > 0).sort((one, other) => other.size - one.size)[0]?.mistake;
}

/** How many wrong answers a wrong function explains; none if it gives another wrong answer somewhere. */
function explained(step: ProgramStep, answer: ProgramAnswer, told: readonly Told[]): number {
  let count = 0;
  for (const { question, reply } of told) {
    const wrong = programReply(step, { answer }, question);
    if (isAlike(reply, wrong)) count += problemOf(step, question, wrong) ? 1 : 0;
    else if (problemOf(step, question, wrong)) return 0;
  }
  return count;
}

function endOf(reply: ProgramReply): string {
  return reply.kind === "threw" ? (reply.cause?.kind ?? reply.kind) : reply.kind;
}

function isAlike(a: ProgramReply, b: ProgramReply): boolean {
  if (a.kind === "value" && b.kind === "value") return sameValue(a.value, b.value, isSame);
  if (a.kind === "other" && b.kind === "other") return a.what === b.what;
  if (a.kind !== "threw" || b.kind !== "threw") return false;
  const [one, other] = [tensorFaultOf(a.cause), tensorFaultOf(b.cause)];
  return one !== undefined && other !== undefined && sameFault(one, other);
}

/** What a function gives for a question, as if a learner had written it. */
export function programReply(
  { program }: Pick<ProgramStep, "program">,
  { answer }: Pick<ProgramMistake, "answer">,
  { given }: ProgramQuestion,
): ProgramReply {
  try {
    const value = callThrough(program.frame, answer, copyOf(given) as readonly Value[]);
    if (value === undefined) return { kind: "other", what: "undefined", isNothing: true };
    return { kind: "value", value: value as Value, changed: [] };
  } catch (error) {
    const fault = TensorError.faultOf(error);
    return { kind: "threw", message: String(error), at: null, ...(fault && { cause: fault }) };
  }
}

/** A value with tensors of its own, which a function may change. */
function copyOf(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  if ("clone" in value && typeof value.clone === "function") return (value as unknown as { clone(): Value }).clone();
  return Object.fromEntries(Object.entries(value).map(([name, part]: [string, Value]) => [name, copyOf(part)]));
}
