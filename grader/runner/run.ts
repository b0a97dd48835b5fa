import { SourceMap, type SourceMapPayload } from "node:module";
import type { Tensor } from "#tensor";
import type { Case } from "../kit/case.ts";
import type { FunctionStep, Step } from "../kit/step.ts";
import type { TrainingAnswer, TrainingQuestion } from "../kit/training.ts";
import { parameterNames, type Parameters } from "../course/makemore/parameters.ts";
import { describe, sameShape } from "../tensor/shape.ts";
import type { Answer, CallAnswer, Failure, Outcome } from "../verdict/judge.ts";
import type { Position } from "../verdict/result.ts";
import { SOURCE, type Bundle } from "./bundle.ts";
import { placeOfName } from "./caret.ts";
import { LARGEST_FRAME } from "./frames.mjs";
import { limits } from "./limits.ts";
import {
  guestErrorKinds,
  pack,
  unpack,
  type CallsRequest,
  type CallsResponse,
  type GuestAnswer,
  type GuestError,
  type Message,
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

const MEDDLED = "the answer cannot be read; does the exercise change built-in objects?";

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
  cases: readonly Pick<Case, "given">[],
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
  const outcome = readResponse<CallsResponse, Outcome>(
    raw,
    (stack) => locate(stack, step, bundle),
    (response) => readAnswers(step, bundle, cases, order, response),
  );
  return { outcome, printed, milliseconds };
}

function readAnswers(
  step: FunctionStep,
  bundle: Bundle,
  cases: readonly Pick<Case, "given">[],
  order: readonly number[],
  { header: { answers }, tensors }: Message<CallsResponse>,
): Outcome {
  const [only] = answers;
  if (answers.length === 1 && only && isGuestError(only)) return failureOf(only, step, bundle);
  if (answers.length !== order.length) throw new Error("another number of answers than calls");
  const rest = tensors.values();
  const called = answers.map((answer, call): CallAnswer => {
    const i = order[call]!;
    return { case: i, answer: readAnswer(answer, cases[i]!, rest, step, bundle) };
  });
  return called.sort((a, b) => a.case - b.case);
}

function readAnswer(
  answer: GuestAnswer,
  { given }: Pick<Case, "given">,
  tensors: Iterator<Tensor, undefined>,
  step: FunctionStep,
  bundle: Bundle,
): Answer {
  if (isGuestError(answer)) return failureOf(answer, step, bundle);
  if (answer.kind === "other") return { kind: "other", what: String(answer.what).slice(0, limits.messageCharacters) };
  const next = (): Tensor => {
    const { value } = tensors.next();
    if (value === undefined) throw new Error("fewer tensors than answers");
    return value;
  };
  const tensor = next();
  if (tensor.dtype !== "float32") throw new Error("an answer that is not float32");
  const changed = Object.entries(given).filter(([, before]) => !sameBits(before, next()));
  return { kind: "tensor", tensor, changed: changed.map(([name]) => name) };
}

function isGuestError(answer: GuestAnswer): answer is GuestError {
  return guestErrorKinds.includes(answer.kind as GuestError["kind"]);
}

function sameBits(a: Tensor, b: Tensor): boolean {
  const bytes = (t: Tensor): Buffer => Buffer.from(t.toArray().buffer);
  return bytes(a).equals(bytes(b));
}

/** What some steps of training gave. */
export interface TrainingSlice {
  losses: number[];
  /** Each step's answer, where they were asked for. */
  answers: TrainingAnswer[];
  /** The parameters after the last step. */
  parameters: Parameters;
  /** What ended the slice before its last step. */
  failure: Failure | undefined;
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
): Promise<TrainingSlice & Run> {
  const header: TrainRequest = {
    kind: "train",
    names: parameterNames,
    learningRates: questions.map(({ learningRate }) => learningRate),
    keep,
  };
  const tensors = [
    ...parameterNames.map((name) => parameters[name]),
    ...questions.flatMap(({ batch }) => [batch["Xb"]!, batch["Yb"]!]),
  ];
  const raw = await learner.call(step.id, bundle.code, pack(codec, { header, tensors }), limits.trainSliceMs);
  const { printed, milliseconds } = raw;
  const slice = readResponse<TrainResponse, TrainingSlice | Failure>(
    raw,
    (stack) => locate(stack, step, bundle),
    (response) => readTraining(step, bundle, parameters, questions.length, keep, response),
  );
  const none = { losses: [], answers: [], parameters };
  return { ...("kind" in slice ? { ...none, failure: slice } : slice), printed, milliseconds };
}

function readTraining(
  step: Step,
  bundle: Bundle,
  parameters: Parameters,
  asked: number,
  keep: "all" | "last",
  { header, tensors }: Message<TrainResponse>,
): TrainingSlice {
  // JSON has no NaN
  const losses = header.losses.map((loss) => (typeof loss === "number" ? loss : NaN));
  const count = parameterNames.length;
  const sets = Array.from({ length: tensors.length / count }, (_, i) => {
    const set = tensors.slice(i * count, (i + 1) * count);
    return Object.fromEntries(parameterNames.map((name, j) => [name, set[j]!])) as Parameters;
  });
  if (tensors.some(({ dtype }) => dtype !== "float32")) throw new Error("a parameter or gradient that is not float32");
  const failure = header.failure ? trainFailure(header.failure, step, bundle) : undefined;
  const sound =
    (failure ? losses.length <= asked : losses.length === asked) &&
    (keep === "last" || sets.length === 2 * losses.length);
  if (!sound) throw new Error("another number of steps than asked for");
  const answers =
    keep === "last" ? [] : losses.map((loss, i) => ({ loss, gradients: sets[2 * i]!, updated: sets[2 * i + 1]! }));
  const last = sets.at(-1) ?? parameters;
  const reshaped = parameterNames.find((name) => !sameShape(last[name].shape, parameters[name].shape));
  if (reshaped && keep === "last") {
    const [is, was] = [last[reshaped].shape, parameters[reshaped].shape].map(describe);
    return {
      losses,
      answers,
      parameters,
      failure: { kind: "shape", message: `${reshaped} became ${is}, and was ${was}`, at: null },
    };
  }
  return { losses, answers, parameters: last, failure };
}

function trainFailure(failure: NonNullable<TrainResponse["failure"]>, step: Step, bundle: Bundle): Failure {
  if (failure.kind !== "other") return failureOf(failure, step, bundle);
  return {
    kind: "shape",
    message: `trainStep returned ${String(failure.what).slice(0, limits.messageCharacters)}`,
    at: null,
  };
}

/** What `read` makes of the bundle's answer; where there is none, or none that can be read, why not. */
function readResponse<H, R>(
  raw: RawAnswer,
  at: (stack: string) => Position | null,
  read: (response: Message<H>) => R,
): R | Failure {
  switch (raw.status) {
    case "timeout":
      return {
        kind: "timeout",
        message: `timed out after ${raw.limit / 1000} s; is there an endless loop?`,
        at: at(raw.stack),
      };
    case "too-large":
      return { kind: "shape", message: `answered with more than ${LARGEST_FRAME / 1e6} MB`, at: null };
    case "out-of-memory":
      return { kind: "out-of-memory", message: "ran out of memory; does something grow without end?", at: null };
    case "failed":
      return { kind: "threw", message: MEDDLED, at: null };
    case "died":
      return { kind: "threw", message: "ended the process it ran in", at: null };
  }
  try {
    return read(unpack<H>(codec, raw.body.toString("utf16le")));
  } catch {
    // no bundle of ours answers so: the exercise has meddled with the code around it
    return {
      kind: "threw",
      message: MEDDLED,
      at: null,
    };
  }
}

function failureOf({ kind, text, stack }: GuestError, step: Step, bundle: Bundle): Failure {
  if (!guestErrorKinds.includes(kind)) throw new Error("an unknown kind of failure");
  const places = kind === "missing" ? [] : placesIn(String(stack), step, bundle);
  const own = places.find(({ file }) => file === step.file);
  const [innermost] = places;
  // of what the library threw, the name is not in the learner's line
  const isThrownHere = own !== undefined && own === innermost && isOnTop(String(stack), step);
  const at = own ? (isThrownHere && placeOfName(String(text), own.source, own.at)) || own.at : null;
  const elsewhere =
    innermost && innermost.file !== step.file
      ? ` (in ${innermost.file}:${innermost.at.line}:${innermost.at.column})`
      : "";
  if (/Array buffer allocation failed/.test(text)) {
    return { kind: "out-of-memory", message: "ran out of memory; is a tensor far larger than meant?", at };
  }
  return { kind, message: String(text).slice(0, limits.messageCharacters) + elsewhere, at };
}

/** The innermost place of a stack that lies in the learner's own file. */
function locate(stack: string, step: Step, bundle: Bundle): Position | null {
  return placesIn(stack, step, bundle).find(({ file }) => file === step.file)?.at ?? null;
}

/** Whether an error was thrown by a step's own code, not by what that called. */
function isOnTop(stack: string, { id }: Step): boolean {
  const [innermost] = /^ +at .*$/m.exec(stack.slice(0, LONGEST_STACK)) ?? [];
  return innermost !== undefined && innermost.includes(`step:${id}:`);
}

/** Each bundle's map is read once. */
const maps = new WeakMap<Bundle, SourceMap>();
/** How much of a stack is read. */
const LONGEST_STACK = 20_000;
const MOST_PLACES = 50;

/** The places of a stack that lie in files of the tree, from the innermost. */
function placesIn(stack: string, step: Step, bundle: Bundle): { file: string; at: Position; source: string }[] {
  const map = maps.get(bundle) ?? new SourceMap(JSON.parse(bundle.map) as SourceMapPayload);
  maps.set(bundle, map);
  const found = stack.slice(0, LONGEST_STACK).matchAll(new RegExp(`step:${step.id}:(\\d+):(\\d+)`, "g"));
  return [...found].slice(0, MOST_PLACES).flatMap(([, line, column]) => {
    const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
    if (!("originalSource" in entry) || !entry.originalSource.startsWith(SOURCE)) return [];
    const file = entry.originalSource.slice(SOURCE.length);
    const { sources, sourcesContent } = map.payload;
    const source = sourcesContent[sources.indexOf(entry.originalSource)] ?? "";
    return [{ file, at: { line: entry.originalLine + 1, column: entry.originalColumn + 1 }, source }];
  });
}
