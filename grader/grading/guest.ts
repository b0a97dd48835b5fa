import { inspect } from "loupe";
import { NotStarted } from "./todo.ts";
import { Tensor, TensorError } from "#tensor";
import { callThrough, tensorsOfQuestion, type Frame, type ProgramAnswer, type Value } from "../kit/program.ts";
import type {
  CallsRequest,
  CallsResponse,
  GuestAnswer,
  GuestError,
  GuestRequest,
  GuestResponse,
  Message,
  ProgramAnswered,
  ProgramRequest,
  ProgramResponse,
  TrainRequest,
  TrainResponse,
} from "./messages.ts";
import { sameBits } from "./bits.ts";
import { snapshot } from "./packing.ts";
import { hasLostTensors, inStep } from "../tensor/places.ts";
import { NoValue, packValue, unpackValue } from "./values.ts";

/**
 * Answers grading's questions next to learner code, whatever host runs it. It shares a context with learner code, so
 * nothing that it says is trusted: grading checks every answer.
 */
export type Guest = (request: Message<GuestRequest>) => Message<GuestResponse>;

/** What the exercise has printed since the last question, kept by the host. */
export interface Printed {
  text: string;
}

type TrainFunction = (parameters: Named, batch: Named, learningRate: number, kept: object) => unknown;
type TrainResult = { loss?: unknown; gradients?: unknown };
type Named = Record<string, Tensor>;

/** How functions are called that plain values do not suffice for, by the functions' names. */
export type Frames = Readonly<Record<string, Frame>>;

/**
 * Answers with what an exercise exports.
 *
 * @param exercise the module's exports; undefined if the file exports nothing
 * @param name the function's name
 */
export function guestOf(
  exercise: Record<string, unknown> | undefined,
  name: string,
  printed: Printed,
  frames: Frames = {},
): Guest {
  const call = exercise?.[name];
  if (typeof call !== "function") {
    const exported = Object.keys(exercise ?? {});
    const found = exported.length > 0 ? `it exports ${exported.join(", ")}` : "it exports nothing";
    const write = `write export function ${name}(...)${exported.includes("default") ? ", without default" : ""}`;
    return failing({ kind: "missing", text: `no function ${name} is exported; ${found}; ${write}`, stack: "" });
  }
  return ({ header, tensors }) => {
    const out: Tensor[] = [];
    const answer = (): GuestResponse => {
      if (header.kind === "calls")
        return answerCalls(call as (given: object) => unknown, header, tensors, out, printed);
      if (header.kind === "train") {
        const trained = answerTrain(call as TrainFunction, header, tensors, out);
        // whatever else went wrong may come from that
        return hasLostTensors() ? { losses: [], failure: { kind: "lost-tensors" } } : trained;
      }
      return answerProgram(call as ProgramAnswer, frames[name], header, tensors, out, printed);
    };
    return { header: answer(), tensors: out };
  };
}

/** Answers everything with what importing the exercise threw. */
export function guestOfFailed(error: unknown): Guest {
  return failing(describeError(error));
}

function failing(failure: GuestError): Guest {
  const responses: Readonly<Record<GuestRequest["kind"], GuestResponse>> = {
    calls: { answers: [failure] },
    train: { losses: [], failure },
    program: { values: [failure] },
  };
  return ({ header: { kind } }) => ({ header: responses[kind], tensors: [] });
}

function answerCalls(
  exercise: (given: object) => unknown,
  { cases, order }: CallsRequest,
  tensors: Tensor[],
  out: Tensor[],
  printed: Printed,
): CallsResponse {
  const starts = cases.map((_, i) => cases.slice(0, i).reduce((sum, names) => sum + names.length, 0));
  let failed = false;
  const answers = order.map((i, call): GuestAnswer => {
    const before = printed.text;
    const names = cases[i]!;
    const given = tensors.slice(starts[i], starts[i]! + names.length);
    const inputs = given.map((tensor) => tensor.clone());
    const answer = answerOne(exercise, Object.fromEntries(names.map((name, j) => [name, inputs[j]!])));
    if (answer instanceof Tensor) out.push(snapshot(answer));
    // only the output of the first call, on the lecture's batch, and of the first call that fails is kept
    const fails = !(answer instanceof Tensor);
    if (call > 0 && (failed || !fails)) printed.text = before;
    failed ||= fails;
    if (!(answer instanceof Tensor)) return answer;
    return { kind: "tensor", changed: names.filter((_, j) => !sameBits(inputs[j]!, given[j]!)) };
  });
  return { answers };
}

function answerOne(
  exercise: (given: object) => unknown,
  given: object,
): Tensor | Exclude<GuestAnswer, { kind: "tensor" }> {
  try {
    const answer = exercise(given);
    if (isAnswer(answer)) return answer;
    const what = answer === exercise ? "the function itself" : describeValue(answer);
    return { kind: "other", what, isNothing: answer === undefined };
  } catch (error) {
    return describeError(error);
  }
}

function answerTrain(
  trainStep: TrainFunction,
  { names, kept: keptNames, batch: batchNames, learningRates, keep, reusesMemory }: TrainRequest,
  tensors: Tensor[],
  out: Tensor[],
): TrainResponse {
  const parameters = Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
  const kept = nested(Object.fromEntries(keptNames.map((name, i) => [name, tensors[names.length + i]!])));
  const before = names.length + keptNames.length;
  const after = (): Tensor[] => [...names.map((name) => parameters[name]!), ...keptNames.map((name) => at(kept, name))];
  const losses: number[] = [];
  const run: <R>(call: () => R) => R = reusesMemory ? inStep : (call) => call();
  try {
    for (const [i, learningRate] of learningRates.entries()) {
      const first = before + batchNames.length * i;
      const batch = Object.fromEntries(batchNames.map((name, j) => [name, tensors[first + j]!]));
      const given = batchNames.map((name) => batch[name]!.clone());
      const result = run(() => trainStep(parameters, batch, learningRate, kept)) as TrainResult;
      const what =
        problemWith(result, names) ?? problemIn(parameters, names, "parameters") ?? problemKept(kept, keptNames);
      const isNothing = result === undefined;
      const changed = batchNames.filter((_, j) => !isUnchanged(tensors[first + j]!, given[j]!));
      if (changed.length > 0) return { losses, failure: { kind: "changed-inputs", changed } };
      if (what !== undefined) return { losses, failure: { kind: "other", what, isNothing } };
      losses.push(typeof result.loss === "number" ? result.loss : (result.loss as Tensor).item());
      if (keep === "all") {
        const gradients = result.gradients as Record<string, Tensor>;
        out.push(...names.map((name) => snapshot(gradients[name]!)));
        out.push(...after().map(snapshot));
      }
    }
    if (keep === "last") out.push(...after().map(snapshot));
    return { losses, failure: null };
  } catch (error) {
    return { losses, failure: describeError(error) };
  }
}

function answerProgram(
  call: ProgramAnswer,
  frame: Frame | undefined,
  { questions, order }: ProgramRequest,
  tensors: readonly Tensor[],
  out: Tensor[],
  printed: Printed,
): ProgramResponse {
  let failed = false;
  const values = order.map((i, turn): ProgramAnswered => {
    const before = printed.text;
    // each call has inputs of its own
    const originals = new Map<Tensor, Tensor>();
    const given = unpackValue(questions[i], (at) => {
      const input = tensors[at]?.clone();
      if (input) originals.set(input, tensors[at]!);
      return input;
    }) as readonly Value[];
    const inputs = tensorsOfQuestion(given);
    const answer = answerValue(call, frame, given, out);
    if (answer.kind === "value") {
      for (const [j, [, input]] of inputs.entries())
        if (!sameBits(input, originals.get(input)!)) answer.changed.push(j);
    }
    // as for calls: only the output of the first one, and of the first that fails
    const fails = answer.kind !== "value";
    if (turn > 0 && (failed || !fails)) printed.text = before;
    failed ||= fails;
    return answer;
  });
  return { values };
}

function answerValue(
  call: ProgramAnswer,
  frame: Frame | undefined,
  given: readonly Value[],
  out: Tensor[],
): ProgramAnswered {
  try {
    const answer = callThrough(frame, call, given);
    const value = packValue(answer, out, (x) => (isAnswer(x) ? snapshot(x) : undefined));
    if (!(value instanceof NoValue)) return { kind: "value", value, changed: [] };
    const { part, where } = value;
    const what = where === "" ? describeValue(part) : `a value whose ${where} is ${describeValue(part)}`;
    return { kind: "other", what, isNothing: answer === undefined };
  } catch (error) {
    return describeError(error);
  }
}

/** Tensors whose names have a dot, in an object for each word before it. */
export function nested(tensors: Named): object {
  const all: Record<string, unknown> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    const [group, rest] = name.split(".") as [string, string?];
    all[group] = rest === undefined ? tensor : { ...(all[group] as object | undefined), [rest]: tensor };
  }
  return all;
}

/** The tensor of a name in nested ones, or whatever is there. */
export function at(all: object, name: string): Tensor {
  return name.split(".").reduce((inner: unknown, word) => (inner as Record<string, unknown>)[word], all) as Tensor;
}

/** What has taken the place of a tensor that the optimizer keeps; undefined if nothing has. */
function problemKept(kept: object, names: readonly string[]): string | undefined {
  const wrong = names.find((name) => !isAnswer(at(kept, name)));
  return wrong === undefined
    ? undefined
    : `left ${wrong} as ${describeValue(at(kept, wrong))}, expected a float32 Tensor`;
}

function isUnchanged(x: Tensor, before: Tensor): boolean {
  const values = before.toArray();
  return x.toArray().every((value, i) => value === values[i]);
}

/** What is wrong with what trainStep returned; undefined if nothing is: then it is { loss, gradients }. */
export function problemWith(result: unknown, names: string[]): string | undefined {
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
    const other = `d${name}` in record ? `; there is d${name}, but gradients have the parameters' own names here` : "";
    return `${what}.${name} that is ${describeValue(value)}, expected a float32 Tensor${other}`;
  }
  return undefined;
}

/** Whether it is a tensor that can be a step's answer. */
export function isAnswer(value: unknown): value is Tensor {
  return value instanceof Tensor && value.dtype === "float32";
}

/** What a value is, in words that learners know. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (value instanceof Tensor)
    return `${value.dtype === "int32" ? "an" : "a"} ${value.dtype} Tensor [${value.shape.join(", ")}]`;
  if (ArrayBuffer.isView(value))
    return "plain numbers, as toArray() gives them (tensor(numbers, shape) makes a Tensor)";
  if (Array.isArray(value)) {
    const isOfTensors = value.some((one) => one instanceof Tensor);
    return isOfTensors ? "an array of tensors (return one tensor)" : "an array (tensor(...) makes it a Tensor)";
  }
  if (typeof value === "object" && typeof (value as PromiseLike<unknown>).then === "function") {
    return "a Promise (the function must not be async)";
  }
  if (typeof value === "function") return "a function (is a () missing?)";
  if (typeof value !== "object") return `a ${typeof value}`;
  if ("shape" in value && "dtype" in value) return "an object without a tensor's numbers (x.clone() copies a tensor)";
  const isAround = Object.values(value).some((one) => one instanceof Tensor);
  return isAround ? "an object with a tensor in it (return the tensor itself)" : "an object";
}

function describeError(error: unknown): GuestError {
  if (error instanceof NotStarted) return { kind: "not-started", text: error.message, stack: stackOf(error) };
  const fault = TensorError.faultOf(error);
  if (error instanceof Error) {
    return { kind: "threw", text: `${error.name}: ${error.message}`, stack: stackOf(error), ...(fault && { fault }) };
  }
  return { kind: "threw", text: `threw ${inspect(error)}`, stack: "" };
}

function stackOf(error: Error): string {
  return typeof error.stack === "string" ? error.stack : "";
}
