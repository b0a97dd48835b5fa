import { SourceMap, type SourceMapPayload } from "node:module";
import path from "node:path";
import type { Tensor } from "#tensor";
import type { Case } from "../course/cases.ts";
import type { FunctionStep, Step } from "../course/steps.ts";
import { parameterNames, type Parameters } from "../model/parameters.ts";
import type { Answer, CallAnswer, Failure, Outcome } from "../verdict/judge.ts";
import type { Position } from "../verdict/result.ts";
import type { TrainingAnswer, TrainingQuestion } from "../verdict/training.ts";
import type { Bundle } from "./bundle.ts";
import { limits } from "./limits.ts";
import {
  pack,
  unpack,
  type CallsRequest,
  type CallsResponse,
  type GuestAnswer,
  type GuestError,
  type TextCodec,
  type TrainRequest,
  type TrainResponse,
} from "./packing.ts";
import type { LearnerProcess, RawAnswer } from "./process.ts";

/** What a learner's code printed and how long it took, beside what it answered. */
export interface Run {
  printed: string;
  milliseconds: number;
}

const codec: TextCodec = {
  toText: ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength).toString("utf16le"),
  toBytes(text) {
    const { buffer, byteOffset, byteLength } = Buffer.from(text, "utf16le");
    // a Buffer can be a part of a larger piece of memory, at any place
    return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  },
};

/**
 * Asks a step all its cases, in the given order, in one request.
 *
 * @param order which case each call asks
 * @returns each call's answer with the case it answers, in the order of the cases
 */
export async function runFunctionStep(
  learner: LearnerProcess,
  step: FunctionStep,
  bundle: Bundle,
  cases: readonly Case[],
  order: readonly number[],
): Promise<{ outcome: Outcome } & Run> {
  const header: CallsRequest = {
    kind: "calls",
    cases: cases.map(({ given }) => Object.keys(given)),
    order: [...order],
  };
  const tensors = cases.flatMap(({ given }) => Object.values(given));
  const raw = await learner.call(step.id, bundle.code, pack(codec, { header, tensors }), limits.callsMs);
  const { printed, milliseconds } = raw;
  const response = readResponse<CallsResponse>(raw, limits.callsMs);
  const outcome = "kind" in response ? response : readAnswers(step, bundle, cases, order, response);
  return { outcome, printed, milliseconds };
}

function readAnswers(
  step: FunctionStep,
  bundle: Bundle,
  cases: readonly Case[],
  order: readonly number[],
  response: { header: CallsResponse; tensors: Tensor[] },
): Outcome {
  const { answers } = response.header;
  const [only] = answers;
  if (answers.length === 1 && only && only.kind !== "tensor" && only.kind !== "other")
    return failureOf(only, step, bundle);
  if (answers.length !== order.length) return unreadable();
  const tensors = response.tensors.values();
  const called: CallAnswer[] = [];
  for (const [call, answer] of answers.entries()) {
    const i = order[call]!;
    const read = readAnswer(answer, cases[i]!, tensors, step, bundle);
    if (read === undefined) return unreadable();
    called.push({ case: i, answer: read });
  }
  return called.sort((a, b) => a.case - b.case);
}

function readAnswer(
  answer: GuestAnswer,
  { given }: Case,
  tensors: Iterator<Tensor>,
  step: FunctionStep,
  bundle: Bundle,
): Answer | undefined {
  if (answer.kind === "other") return { kind: "other", what: String(answer.what) };
  if (answer.kind !== "tensor") return failureOf(answer, step, bundle);
  const tensor = tensors.next().value as Tensor | undefined;
  const after = Object.entries(given).map(([name, before]) => [name, before, tensors.next().value] as const);
  if (!tensor || after.some(([, , value]) => value === undefined)) return undefined;
  return {
    kind: "tensor",
    tensor,
    changed: after.filter(([, a, b]) => !sameBits(a, b as Tensor)).map(([name]) => name),
  };
}

function sameBits(a: Tensor, b: Tensor): boolean {
  const bytes = (t: Tensor): Buffer => Buffer.from(t.toArray().buffer);
  return bytes(a).equals(bytes(b));
}

/**
 * Some steps of training from given parameters, all of them at one go.
 *
 * @param keep "all" for each step's answer; "last" for the losses and the parameters after the last step
 */
export async function runTraining(
  learner: LearnerProcess,
  step: Step,
  bundle: Bundle,
  parameters: Parameters,
  questions: readonly Omit<TrainingQuestion, "parameters">[],
  keep: "all" | "last",
): Promise<
  { losses: number[]; answers: TrainingAnswer[]; parameters: Parameters; failure: Failure | undefined } & Run
> {
  const header: TrainRequest = {
    kind: "train",
    names: parameterNames,
    learningRates: questions.map(({ learningRate }) => learningRate),
    keep,
  };
  const tensors = [
    ...parameterNames.map((name) => parameters[name]),
    ...questions.flatMap(({ batch }) => [batch.Xb, batch.Yb]),
  ];
  const raw = await learner.call(step.id, bundle.code, pack(codec, { header, tensors }), limits.trainSliceMs);
  const { printed, milliseconds } = raw;
  const none = { losses: [], answers: [], parameters, printed, milliseconds };
  const response = readResponse<TrainResponse>(raw, limits.trainSliceMs);
  if ("kind" in response) return { ...none, failure: response };
  const { losses, failure: guestFailure } = response.header;
  const count = parameterNames.length;
  const sets = Array.from({ length: Math.floor(response.tensors.length / count) }, (_, i) => {
    const set = response.tensors.slice(i * count, (i + 1) * count);
    return Object.fromEntries(parameterNames.map((name, j) => [name, set[j]!])) as Parameters;
  });
  const failure = guestFailure ? trainFailure(guestFailure, step, bundle) : undefined;
  const done = guestFailure ? losses.length : questions.length;
  if (losses.length !== done || (keep === "all" && sets.length !== 2 * done)) return { ...none, failure: unreadable() };
  const answers =
    keep === "all" ? losses.map((loss, i) => ({ loss, gradients: sets[2 * i]!, updated: sets[2 * i + 1]! })) : [];
  return { losses, answers, parameters: sets.at(-1) ?? parameters, failure, printed, milliseconds };
}

function trainFailure(failure: NonNullable<TrainResponse["failure"]>, step: Step, bundle: Bundle): Failure {
  if (failure.kind !== "other") return failureOf(failure, step, bundle);
  return { kind: "threw", message: `trainStep returned ${failure.what}`, at: null };
}

/** The bundle's answer where there is one that can be read; else why not. */
function readResponse<H>(raw: RawAnswer, limit: number): { header: H; tensors: Tensor[] } | Failure {
  switch (raw.status) {
    case "timeout":
      return { kind: "timeout", message: `timed out after ${limit / 1000} s; is there an endless loop?`, at: null };
    case "out-of-memory":
      return { kind: "out-of-memory", message: "ran out of memory; does something grow without end?", at: null };
    case "died":
      return { kind: "threw", message: "ended the process it ran in", at: null };
  }
  try {
    return unpack<H>(codec, raw.body.toString("utf16le"));
  } catch {
    return unreadable();
  }
}

/** An answer that no bundle of ours would give: the exercise has meddled with the code around it. */
function unreadable(): Failure {
  return { kind: "threw", message: "the answer cannot be read; does the exercise change built-in objects?", at: null };
}

function failureOf({ kind, text, stack }: GuestError, step: Step, bundle: Bundle): Failure {
  const at = kind === "missing" ? null : locate(stack, step, bundle);
  if (/Array buffer allocation failed/.test(text)) {
    return { kind: "out-of-memory", message: "ran out of memory; is a tensor far larger than meant?", at };
  }
  return { kind, message: text, at };
}

/** The innermost place of a stack that lies in the learner's own file. */
function locate(stack: string, step: Step, bundle: Bundle): Position | null {
  const map = new SourceMap(JSON.parse(bundle.map) as SourceMapPayload);
  for (const [, line, column] of stack.matchAll(new RegExp(`step:${step.id}:(\\d+):(\\d+)`, "g"))) {
    const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
    if (!("originalSource" in entry)) continue;
    // sources are relative to the tree, where the bundle would have been written
    const file = path.resolve(bundle.file.slice(0, -step.file.length), entry.originalSource);
    if (file === bundle.file) return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  }
  return null;
}
