import { inspect } from "loupe";
import * as course from "#course";
import * as tensorModule from "#tensor";
import {
  pack,
  snapshot,
  unpack,
  type CallsRequest,
  type CallsResponse,
  type GuestAnswer,
  type GuestError,
  type TextCodec,
  type TrainRequest,
  type TrainResponse,
} from "./packing.ts";

/**
 * The library script, which runs in each exercise's context before the exercise: it provides #tensor and #course, calls
 * the learner's function and packs what came of it. It shares the context with learner code, so nothing it says is
 * believed: the grader checks every answer.
 */

const { NotStarted } = course;
const { Tensor } = tensorModule;
type Tensor = tensorModule.Tensor;

/** Set by child.mjs: what it asks, and where printed text goes. */
declare let __printed: string;

/** How much a step may print; the rest is dropped. */
const PRINT_LIMIT = 256_000;
const CHUNK = 8192;
/** How many characters of one logged value are shown. */
const SHOWN = 10_000;

const codec: TextCodec = {
  toText({ buffer, byteOffset, byteLength }) {
    const pairs = new Uint16Array(buffer, byteOffset, byteLength / 2);
    let text = "";
    for (let i = 0; i < pairs.length; i += CHUNK) {
      text += String.fromCharCode.apply(null, pairs.subarray(i, i + CHUNK) as unknown as number[]);
    }
    return text;
  },
  toBytes(text) {
    const pairs = new Uint16Array(text.length);
    for (let i = 0; i < pairs.length; i++) pairs[i] = text.charCodeAt(i);
    return pairs.buffer;
  },
};

/** Whether importing the exercise threw, which is then the answer to all requests. */
let importFailed = false;

/** A console that writes to the report under the step. */
function print(...values: unknown[]): void {
  if (__printed.length >= PRINT_LIMIT) return;
  const text = joined(values.map(show));
  __printed = `${__printed}${text}\n`.slice(0, PRINT_LIMIT);
}

/** In one line, but for texts of several lines: those have lines of their own. */
function joined(texts: string[]): string {
  const isBroken = (text: string): boolean => text.includes("\n");
  const between = (before: string, after: string): string => {
    if (before.endsWith("\n")) return "";
    return isBroken(before) || isBroken(after) ? "\n" : " ";
  };
  return texts.map((text, i) => (i === 0 ? "" : between(texts[i - 1]!, text)) + text).join("");
}

/** The inspector tells 0 from -0 by a sign on both. */
const stylize = (text: string): string => (text === "+0" ? "0" : text);

function show(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return inspect(value, { truncate: SHOWN, stylize });
  } catch {
    return "(something that cannot be shown)";
  }
}

/** The console's other methods, which print nothing. */
const silent = Object.fromEntries(
  [
    "assert",
    "clear",
    "count",
    "countReset",
    "dirxml",
    "group",
    "groupCollapsed",
    "groupEnd",
    "time",
    "timeEnd",
    "timeLog",
    "trace",
  ].map((name) => [name, (): void => {}]),
);

Object.assign(globalThis, {
  __tensor: tensorModule,
  __course: course,
  __serve: serve,
  console: { ...silent, log: print, info: print, debug: print, warn: print, error: print, table: print, dir: print },
  /** Called by the bundle where importing the exercise threw. */
  __failed(error: unknown): void {
    importFailed = true;
    const failure = describeError(error);
    answerWith((request) => ("cases" in request ? { answers: [failure] } : { losses: [], failure }));
  },
});

/** Makes the exercise answer the grader's requests. It is undefined where the file exports nothing. */
function serve(exercise: Record<string, unknown> = {}, name: string): void {
  if (importFailed) return;
  const call = exercise[name];
  if (typeof call !== "function") {
    const exported = Object.keys(exercise);
    const found = exported.length > 0 ? `it exports ${exported.join(", ")}` : "it exports nothing";
    const failure: GuestError = { kind: "missing", text: `no function ${name} is exported; ${found}`, stack: "" };
    answerWith((request) => ("cases" in request ? { answers: [failure] } : { losses: [], failure }));
    return;
  }
  answerWith((request, tensors, out) => {
    if (request.kind === "calls") return answerCalls(call as (given: object) => unknown, request, tensors, out);
    return answerTrain(call as TrainFunction, request, tensors, out);
  });
}

type TrainFunction = (parameters: course.Parameters, batch: course.Batch, learningRate: number) => unknown;
type Respond = (
  request: CallsRequest | TrainRequest,
  tensors: Tensor[],
  out: Tensor[],
) => CallsResponse | TrainResponse;

function answerWith(respond: Respond): void {
  Object.assign(globalThis, {
    __answer(text: string): string {
      const { header, tensors } = unpack<CallsRequest | TrainRequest>(codec, text);
      const out: Tensor[] = [];
      return pack(codec, { header: respond(header, tensors, out), tensors: out });
    },
  });
}

function answerCalls(
  exercise: (given: object) => unknown,
  { cases, order }: CallsRequest,
  tensors: Tensor[],
  out: Tensor[],
): CallsResponse {
  const starts = cases.map((_, i) => cases.slice(0, i).reduce((sum, names) => sum + names.length, 0));
  let failed = false;
  const answers = order.map((i, call): GuestAnswer => {
    const before = __printed;
    const names = cases[i]!;
    const inputs = names.map((name, j) => [name, tensors[starts[i]! + j]!.clone()] as const);
    const answer = answerOne(() => exercise(Object.fromEntries(inputs)));
    if (answer instanceof Tensor) out.push(snapshot(answer), ...inputs.map(([, input]) => snapshot(input)));
    // of all that is printed, the first call's is kept, on the lecture's batch, and that of the first call to fail
    const fails = !(answer instanceof Tensor);
    if (call > 0 && (failed || !fails)) __printed = before;
    failed ||= fails;
    return answer instanceof Tensor ? { kind: "tensor" } : answer;
  });
  return { answers };
}

function answerOne(call: () => unknown): Tensor | Exclude<GuestAnswer, { kind: "tensor" }> {
  try {
    const answer = call();
    return isAnswer(answer) ? answer : { kind: "other", what: describeValue(answer) };
  } catch (error) {
    return describeError(error);
  }
}

function answerTrain(
  trainStep: TrainFunction,
  { names, learningRates, keep }: TrainRequest,
  tensors: Tensor[],
  out: Tensor[],
): TrainResponse {
  const parameters = Object.fromEntries(names.map((name, i) => [name, tensors[i]!])) as course.Parameters;
  const losses: number[] = [];
  for (const [i, learningRate] of learningRates.entries()) {
    const [Xb, Yb] = tensors.slice(names.length + 2 * i) as [Tensor, Tensor];
    try {
      const result = trainStep(parameters, { Xb, Yb }, learningRate) as { loss?: unknown; gradients?: unknown };
      const what = problemWith(result, names) ?? problemIn(parameters, names, "parameters");
      if (what !== undefined) return { losses, failure: { kind: "other", what } };
      losses.push(typeof result.loss === "number" ? result.loss : (result.loss as Tensor).item());
      if (keep === "all") {
        const gradients = result.gradients as Record<string, Tensor>;
        out.push(...names.map((name) => snapshot(gradients[name]!)));
        out.push(...names.map((name) => snapshot(parameters[name as keyof course.Parameters])));
      }
    } catch (error) {
      return { losses, failure: describeError(error) };
    }
  }
  if (keep === "last") out.push(...names.map((name) => parameters[name as keyof course.Parameters]));
  return { losses, failure: null };
}

/** What is not as it should be in what trainStep returned; undefined where all is well. */
function problemWith(result: unknown, names: string[]): string | undefined {
  const isRecord = typeof result === "object" && result !== null && !(result instanceof Tensor);
  if (!isRecord || typeof (result as PromiseLike<unknown>).then === "function") {
    return `${describeValue(result)}, expected { loss, gradients }`;
  }
  const { loss, gradients } = result as { loss?: unknown; gradients?: unknown };
  const isLoss = typeof loss === "number" || (isAnswer(loss) && loss.numel() === 1);
  if (!isLoss) return `a loss that is ${describeValue(loss)}, expected a number or a Tensor of one element`;
  if (typeof gradients !== "object" || gradients === null || gradients instanceof Tensor) {
    return `gradients that are ${describeValue(gradients)}`;
  }
  return problemIn(gradients, names, "gradients");
}

function problemIn(record: object, names: string[], what: string): string | undefined {
  for (const name of names) {
    const value = (record as Record<string, unknown>)[name];
    if (isAnswer(value)) continue;
    const other = `d${name}` in record ? `; there is d${name}, but the names are the parameters' own` : "";
    return `${what}.${name} that is ${describeValue(value)}, expected a float32 Tensor${other}`;
  }
  return undefined;
}

function isAnswer(value: unknown): value is Tensor {
  return value instanceof Tensor && value.dtype === "float32";
}

/** What a value is, in words a learner knows. */
function describeValue(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (value instanceof Tensor)
    return `${value.dtype === "int32" ? "an" : "a"} ${value.dtype} Tensor [${value.shape.join(", ")}]`;
  if (Array.isArray(value)) return "an array (tensor(...) makes a Tensor of it)";
  if (typeof value === "object" && typeof (value as PromiseLike<unknown>).then === "function") {
    return "a Promise (the function must not be async)";
  }
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function describeError(error: unknown): GuestError {
  if (error instanceof NotStarted) return { kind: "not-started", text: error.message, stack: stackOf(error) };
  if (error instanceof Error) return { kind: "threw", text: `${error.name}: ${error.message}`, stack: stackOf(error) };
  return { kind: "threw", text: `threw ${inspect(error)}`, stack: "" };
}

function stackOf(error: Error): string {
  return typeof error.stack === "string" ? error.stack : "";
}
