import type { Tensor } from "#tensor";
import { tensorsOfQuestion, type ProgramQuestion, type Value } from "../kit/program.ts";
import type { ProgramStep } from "../kit/step.ts";
import type { Failure } from "../verdict/judge.ts";
import type { ProgramCall, ProgramReply } from "../verdict/program.ts";
import { limited } from "../verdict/result.ts";
import { failureOf, readAnswer, type AskedCode } from "./failures.ts";
import type { Run } from "./host.ts";
import { limits } from "./limits.ts";
import {
  guestErrorKinds,
  type GuestError,
  type Message,
  type ProgramAnswered,
  type ProgramRequest,
  type ProgramResponse,
} from "./messages.ts";
import type { OpenStep } from "./open.ts";
import { NoValue, packValue, unpackValue, type PackedValue } from "./values.ts";

/**
 * Calls a program with questions in the given order, in one request.
 *
 * @param context names the instance of the code that is asked
 * @returns each call's answer, in the order of the questions
 */
export async function askProgram(
  open: OpenStep<ProgramStep>,
  questions: readonly ProgramQuestion[],
  order: readonly number[],
  context: string = open.step.id,
): Promise<{ outcome: ProgramCall[] | Failure } & Run> {
  const tensors: Tensor[] = [];
  const packed = questions.map(({ given }): PackedValue => {
    const value = packValue(given, tensors, (x) => x);
    if (value instanceof NoValue) throw new Error(`${open.step.id}: a question's ${value.where} is no value`);
    return value;
  });
  const header: ProgramRequest = { kind: "program", questions: packed, order: [...order] };
  const answer = await open.learner.ask(context, open.bundle, { header, tensors }, limits.callsMs);
  const { printed, milliseconds } = answer;
  const code: AskedCode = { bundle: open.bundle, step: { ...open.step, id: context } };
  const outcome = readAnswer<ProgramResponse, ProgramCall[] | Failure>(answer, code, (response) =>
    readCalls(code, open.step, questions, order, response),
  );
  return { outcome, printed, milliseconds };
}

function readCalls(
  code: AskedCode,
  step: ProgramStep,
  questions: readonly ProgramQuestion[],
  order: readonly number[],
  { header: { values }, tensors }: Message<ProgramResponse>,
): ProgramCall[] | Failure {
  const [only] = values;
  // importing the file failed: that is the answer to all calls
  if (values.length === 1 && only && isGuestError(only)) return failureOf(only, code);
  if (values.length !== order.length) throw new Error("the number of answers is not the number of calls");
  const calls = values.map((value, turn): ProgramCall => {
    const question = order[turn]!;
    const { parameters } = step.program;
    const inputs = tensorsOfQuestion(questions[question]!.given, parameters);
    return { question, reply: readReply(value, inputs, tensors, code) };
  });
  return calls.sort((a, b) => a.question - b.question);
}

function readReply(
  answered: ProgramAnswered,
  inputs: readonly [name: string, before: Tensor][],
  tensors: readonly Tensor[],
  code: AskedCode,
): ProgramReply {
  if (isGuestError(answered)) return failureOf(answered, code);
  if (answered.kind === "other") {
    return { kind: "other", what: limited(String(answered.what)), isNothing: answered.isNothing === true };
  }
  const value: Value = unpackValue(answered.value, (i) => tensors[i]);
  const changed = inputs.filter((_, i) => answered.changed.includes(i));
  return { kind: "value", value, changed: changed.map(([name]) => name) };
}

function isGuestError(answer: ProgramAnswered): answer is GuestError {
  return guestErrorKinds.includes(answer.kind as GuestError["kind"]);
}
