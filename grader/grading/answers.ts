import type { Tensor } from "#tensor";
import type { Answer, CallAnswer, Outcome } from "../verdict/judge.ts";
import { limited } from "../verdict/result.ts";
import type { Case } from "../kit/case.ts";
import type { FunctionStep } from "../kit/step.ts";
import { failureOf, readAnswer, type AskedCode } from "./failures.ts";
import type { Run } from "./host.ts";
import { limits } from "./limits.ts";
import {
  guestErrorKinds,
  type CallsRequest,
  type CallsResponse,
  type GuestAnswer,
  type GuestError,
  type Message,
} from "./messages.ts";
import type { OpenStep } from "./open.ts";

/** The part of a case that a learner's function is given. */
export type Asked = Pick<Case, "given">;

/**
 * Calls a step's function with all its cases, in the given order, in one request.
 *
 * @param order which case each call asks
 * @returns each call's answer with the case it answers, in the order of the cases
 */
export async function askFunction(
  open: OpenStep<FunctionStep>,
  cases: readonly Asked[],
  order: readonly number[],
): Promise<{ outcome: Outcome } & Run> {
  const header: CallsRequest = {
    kind: "calls",
    cases: cases.map(({ given }) => Object.keys(given)),
    order: [...order],
  };
  const tensors = cases.flatMap(({ given }) => Object.values(given));
  const { step, bundle, learner } = open;
  const answer = await learner.ask(step.id, bundle, { header, tensors }, limits.callsMs);
  const { printed, milliseconds } = answer;
  const outcome = readAnswer<CallsResponse, Outcome>(answer, open, (response) =>
    readCalls(open, cases, order, response),
  );
  return { outcome, printed, milliseconds };
}

function readCalls(
  code: AskedCode,
  cases: readonly Asked[],
  order: readonly number[],
  { header: { answers }, tensors }: Message<CallsResponse>,
): Outcome {
  const [only] = answers;
  // importing the file failed: that is the answer to all calls
  if (answers.length === 1 && only && isGuestError(only)) return failureOf(only, code);
  if (answers.length !== order.length) throw new Error("the number of answers is not the number of calls");
  const rest = tensors.values();
  const called = answers.map((answer, call): CallAnswer => {
    const i = order[call]!;
    return { case: i, answer: readCall(answer, cases[i]!, rest, code) };
  });
  return called.sort((a, b) => a.case - b.case);
}

function readCall(
  answer: GuestAnswer,
  { given }: Asked,
  tensors: Iterator<Tensor, undefined>,
  code: AskedCode,
): Answer {
  if (isGuestError(answer)) return failureOf(answer, code);
  if (answer.kind === "other") {
    return { kind: "other", what: limited(String(answer.what)), isNothing: answer.isNothing === true };
  }
  const { value: tensor } = tensors.next();
  if (tensor === undefined) throw new Error("fewer tensors than answers");
  if (tensor.dtype !== "float32") throw new Error("an answer that is not float32");
  return { kind: "tensor", tensor, changed: Object.keys(given).filter((name) => answer.changed.includes(name)) };
}

function isGuestError(answer: GuestAnswer): answer is GuestError {
  return guestErrorKinds.includes(answer.kind as GuestError["kind"]);
}
