import { Tensor } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import type { Check, ProgramQuestion, Truth, Value } from "../kit/program.ts";
import type { ProgramStep } from "../kit/step.ts";
import { describe, sameShape } from "../tensor/shape.ts";
import { difference, lectureLine, position } from "./compare.ts";
import { describeDifference, header, type Failure } from "./judge.ts";
import { passes, type StepResult, type TensorLine, type Verdict } from "./result.ts";

/** What one call of a program gave. */
export type ProgramReply =
  | { kind: "value"; value: Value; /** The names of the given tensors that it changed. */ changed: string[] }
  /** Something that is no value, or contains it, in words; or nothing, "undefined". */
  | { kind: "other"; what: string; isNothing: boolean }
  | Failure;

/** An answer, and the number of the question that it answers. */
export interface ProgramCall {
  question: number;
  reply: ProgramReply;
}

/** What is wrong with a part of an answer. */
export interface Problem {
  verdict: Extract<Verdict, "wrong" | "shape" | "not-finite">;
  text: string;
}

/** What is found in the answers, from which a result is made. */
type Finding = Pick<StepResult, "verdict" | "message" | "at"> & Pick<Partial<StepResult>, "cause">;

/** Judges a program from its answers, or from why it gave none. */
export function judgeProgram(
  step: ProgramStep,
  questions: readonly ProgramQuestion[],
  outcome: readonly ProgramCall[] | Failure,
  run: Pick<StepResult, "printed" | "milliseconds">,
): StepResult {
  const tensors = "kind" in outcome ? [] : exampleLines(step, questions, outcome);
  const found = "kind" in outcome ? failed(outcome, "") : find(step, questions, outcome, tensors);
  const { verdict, message, at, cause } = found;
  return {
    ...header(step),
    verdict,
    passed: passes(verdict),
    tensors,
    message,
    at,
    why: null,
    ...(cause && { cause }),
    ...run,
  };
}

/** The first of these that holds: no answer, another form or shape, changed inputs, not finite, not steady, wrong. */
function find(
  step: ProgramStep,
  questions: readonly ProgramQuestion[],
  calls: readonly ProgramCall[],
  tensors: readonly TensorLine[],
): Finding {
  const where = (i: number): string => ` (with ${questions[i]!.says})`;
  for (const { question, reply } of calls) {
    if (reply.kind === "other") {
      const hint = reply.isNothing ? "; is there a return?" : "";
      const cause = reply.isNothing ? ({ kind: "nothing-returned" } as const) : undefined;
      const message = `returned ${reply.what}, expected ${expected(step.program.right(questions[question]!.given))}`;
      return { verdict: "shape", message: message + hint + where(question), at: null, ...(cause && { cause }) };
    }
    if (reply.kind !== "value") return failed(reply, reply.kind === "not-started" ? "" : where(question));
  }
  const problems = calls.flatMap(({ question, reply }) => {
    const problem = problemOf(step, questions[question]!, reply);
    return problem ? [{ question, ...problem }] : [];
  });
  const first = (verdict: Verdict): Finding | undefined => {
    const problem = problems.find((one) => one.verdict === verdict);
    return problem && { verdict, message: problem.text + where(problem.question), at: null };
  };
  return (
    first("shape") ??
    changedInputs(calls) ??
    first("not-finite") ??
    unsteady(calls) ??
    first("wrong") ?? { verdict: tensors.every(({ exact }) => exact) ? "exact" : "rounding", message: null, at: null }
  );
}

function failed({ kind, message, at, cause }: Failure, where: string): Finding {
  return { verdict: kind, message: message + where, at, ...(cause && { cause }) };
}

function changedInputs(calls: readonly ProgramCall[]): Finding | undefined {
  for (const { reply } of calls) {
    if (reply.kind !== "value" || reply.changed.length === 0) continue;
    const message = `your function changed ${reply.changed.join(" and ")}; operations without _ return a new tensor, and clone() returns a copy`;
    return { verdict: "changed-inputs", message, at: null };
  }
  return undefined;
}

function unsteady(calls: readonly ProgramCall[]): Finding | undefined {
  const firsts = new Map<number, Value>();
  for (const { question, reply } of calls) {
    if (reply.kind !== "value") continue;
    const before = firsts.get(question);
    if (before !== undefined && !sameValue(before, reply.value)) {
      const message = "gave two different answers for the same inputs; the answer must depend only on the inputs";
      return { verdict: "wrong", message, at: null };
    }
    firsts.set(question, reply.value);
  }
  return undefined;
}

/** What is wrong with a reply; undefined if it is right. */
export function problemOf(
  { program }: ProgramStep,
  { given }: ProgramQuestion,
  reply: ProgramReply,
): Problem | undefined {
  if (reply.kind !== "value") return { verdict: "shape", text: "there is no answer" };
  const right = program.right(given);
  if (typeof right !== "function") return problemIn(right, reply.value, [], placesOf(program, given));
  const text = right(reply.value);
  return text === undefined ? undefined : { verdict: "wrong", text };
}

/** What the part of an answer at some indices is called; "" for the answer itself. */
type Places = (at: readonly number[]) => string;

/** Its own names if an answer is a list of several. */
function placesOf({ names, placeOf }: ProgramStep["program"], given: readonly Value[]): Places {
  return (at) => {
    if (placeOf && at.length > 0) return placeOf(at, given);
    return at.length === 1 && names.length > 1 ? names[at[0]!]! : at.map((i) => `[${i}]`).join("");
  };
}

function problemIn(truth: Truth, value: Value, at: readonly number[], places: Places): Problem | undefined {
  const name = places(at);
  const place = name === "" ? "" : `${name}: `;
  if (truth instanceof Measured) {
    if (!(value instanceof Tensor)) return unlike(truth, value, place);
    if (!sameShape(value.shape, truth.shape)) {
      return { verdict: "shape", text: `${place}returned ${describe(value.shape)}, expected ${describe(truth.shape)}` };
    }
    const elements = value.toArray();
    const strange = elements.findIndex((x) => !Number.isFinite(x));
    if (strange >= 0) {
      return {
        verdict: "not-finite",
        text: `${place}${elements[strange]} at ${describe(position(strange, value.shape))}`,
      };
    }
    const found = difference(value, truth);
    return found && { verdict: "wrong", text: `${place}${describeDifference(found)}` };
  }
  if (isList(truth)) {
    if (!isList(value)) return unlike(truth, value, place);
    if (value.length !== truth.length) {
      return { verdict: "shape", text: `${place}returned a list of ${value.length}, expected ${truth.length}` };
    }
    for (const [i, part] of truth.entries()) {
      const problem = problemIn(part, value[i]!, [...at, i], places);
      if (problem) return problem;
    }
    return undefined;
  }
  if (typeof value !== typeof truth) return unlike(truth, value, place);
  return value === truth
    ? undefined
    : { verdict: "wrong", text: `${place}returned ${String(value)}, expected ${truth}` };
}

function unlike(truth: Truth, value: Value, place: string): Problem {
  // nothing was returned where a function leaves its answer in what it is given
  const what = value === null ? "it is missing" : `returned ${kindOf(value)}`;
  return { verdict: "shape", text: `${place}${what}, expected ${expected(truth)}` };
}

/** What an answer should be, in words. */
function expected(right: Truth | Check): string {
  if (typeof right === "function") return "a list";
  if (right instanceof Measured) return `a float32 Tensor ${describe(right.shape)}`;
  if (!isList(right)) return `a ${typeof right}`;
  const parts = (right as readonly Truth[]).map(expected);
  return `a list of ${parts.length}: ${parts.slice(0, 3).join(", ")}${parts.length > 3 ? ", ..." : ""}`;
}

function kindOf(value: Value): string {
  if (value instanceof Tensor) return `a Tensor ${describe(value.shape)}`;
  if (isList(value)) return "a list";
  return `a${typeof value === "object" ? "n" : ""} ${typeof value}`;
}

function isList<T>(value: T): value is T & readonly never[] {
  return Array.isArray(value);
}

/** Whether two answers are the same, bit for bit; NaN is like any other. */
export function sameValue(a: Value, b: Value, isSame = sameElements): boolean {
  if (a instanceof Tensor || b instanceof Tensor) {
    return a instanceof Tensor && b instanceof Tensor && sameShape(a.shape, b.shape) && isSame(a, b);
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  const [one, other] = [Object.entries(a), Object.entries(b)] as [string, Value][][];
  return (
    one!.length === other!.length &&
    one!.every(([key, value], i) => other![i]![0] === key && sameValue(value, other![i]![1], isSame))
  );
}

function sameElements(a: Tensor, b: Tensor): boolean {
  const values = b.toArray();
  return a.toArray().every((x, i) => x === values[i] || Number.isNaN(x));
}

/** A line for each tensor of the answer to the example; a single one for an answer that is no tensor. */
function exampleLines(
  { program }: ProgramStep,
  [example]: readonly ProgramQuestion[],
  calls: readonly ProgramCall[],
): TensorLine[] {
  const reply = calls.find(({ question }) => question === 0)?.reply;
  if (!example || reply?.kind !== "value") return [];
  const right = program.right(example.given);
  if (typeof right === "function") {
    const isRight = right(reply.value) === undefined;
    const maxdiff = isRight ? 0 : null;
    return [{ name: program.names[0]!, shape: [countOf(reply.value)], exact: isRight, approximate: isRight, maxdiff }];
  }
  const [truths, answers] = [measuredIn(right), tensorsOf(reply.value)];
  if (truths.length !== answers.length) return [];
  return truths.map((truth, i) => lectureLine(program.names[i]!, answers[i]!, truth.toTensor()));
}

/** How many numbers an answer consists of. */
function countOf(value: Value): number {
  return isList(value) ? (value as readonly Value[]).reduce<number>((sum, part) => sum + countOf(part), 0) : 1;
}

function measuredIn(truth: Truth): Measured[] {
  if (truth instanceof Measured) return [truth];
  return isList(truth) ? (truth as readonly Truth[]).flatMap(measuredIn) : [];
}

function tensorsOf(value: Value): Tensor[] {
  if (value instanceof Tensor) return [value];
  return isList(value) ? (value as readonly Value[]).flatMap(tensorsOf) : [];
}
