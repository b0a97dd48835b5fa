import { listed } from "../kit/listed.ts";
import type { Tensor } from "#tensor";
import { answerShape, type Case } from "../kit/case.ts";
import { sizeNamesOf, upstreamsOf, type FunctionStep, type Step } from "../kit/step.ts";
import { ownBatchOf } from "../network/network.ts";
import type { TensorErrorKind } from "../tensor/error.ts";
import { describe, sameShape } from "../tensor/shape.ts";
import { tensorFaultOf, type Cause } from "./cause.ts";
import { closeDifference, difference, lectureLine, position, type Difference } from "./compare.ts";
import { explainRounding } from "./why.ts";
import { significant } from "../kit/number.ts";
import { passes, type Position, type StepResult, type TensorLine, type Verdict } from "./result.ts";

/** What one call of a learner's function gave. */
export type Answer =
  | { kind: "tensor"; tensor: Tensor; /** The inputs whose elements are no longer what was given. */ changed: string[] }
  /** Something other than a float32 tensor, in words: "an array", "a Promise"; or nothing, "undefined". */
  | { kind: "other"; what: string; isNothing: boolean }
  | Failure;

/** Why there is no answer. */
export interface Failure {
  kind: "threw" | "timeout" | "out-of-memory" | "not-started" | "missing" | "shape" | "changed-inputs";
  message: string;
  at: Position | null;
  /** What the message is about, if that is known. */
  cause?: Cause;
}

/** An answer, and the index of the case that it answers. */
export interface CallAnswer {
  case: number;
  answer: Answer;
}

/** The outcome of running a step: an answer to each call, or why the step as a whole gave none. */
export type Outcome = CallAnswer[] | Failure;

/** A finding, from which a result is made. */
interface Finding {
  verdict: Verdict;
  message: string | null;
  at: Position | null;
  cause?: Cause | undefined;
}

/** What a step was asked, in order. The first case is the lecture's batch, or the step's example. */
export interface Question {
  cases: readonly [Case, ...Case[]];
  /** The float32 reference for the first case. */
  reference: Tensor;
}

/**
 * Judges one step from its answers.
 *
 * @param outcome an answer per call, in the order of the cases
 */
export function judge(
  question: Question,
  outcome: Outcome,
  run: { printed: string; milliseconds: number },
): StepResult {
  const { step } = question.cases[0];
  const tensors = lectureLines(question, outcome);
  const { verdict, message, at, cause } = find(question, outcome, tensors);
  const why = verdict === "rounding" ? whyRounding(question, outcome) : null;
  return {
    ...header(step),
    verdict,
    passed: passes(verdict),
    tensors,
    message,
    at,
    why,
    ...(cause && { cause }),
    ...run,
  };
}

function whyRounding({ cases: [lecture], reference }: Question, outcome: Outcome): string | null {
  const answer = lectureAnswer(outcome);
  return answer ? explainRounding(answer, reference, lecture.truth) : null;
}

/** The fields of a result that say which step it is, and those that are filled in later. */
export function header(
  step: Step,
): Pick<StepResult, "id" | "part" | "number" | "file" | "inChain" | "mistake" | "excerpt" | "notes" | "source"> {
  const { id, part, number, file } = step;
  return { id, part, number, file, inChain: null, mistake: null, excerpt: null, notes: [], source: null };
}

function lectureLines({ cases: [{ step }], reference }: Question, outcome: Outcome): TensorLine[] {
  const answer = lectureAnswer(outcome);
  return answer ? [lectureLine(step.tensor, answer, reference)] : [];
}

/** The answer on the lecture's batch, the first case; undefined if it is no tensor. */
export function lectureAnswer(outcome: Outcome): Tensor | undefined {
  const answer = Array.isArray(outcome) ? outcome.find((call) => call.case === 0)?.answer : undefined;
  return answer?.kind === "tensor" ? answer.tensor : undefined;
}

/** An answer that is a tensor, and the case it answers. */
interface CallTensor {
  case: number;
  tensor: Tensor;
  changed: string[];
}

/** The first of these that holds: no answer, no tensor, another shape, changed inputs, not finite, not steady, wrong. */
function find(question: Question, outcome: Outcome, tensors: TensorLine[]): Finding {
  const { cases } = question;
  if (!Array.isArray(outcome)) {
    const { kind, message, at, cause } = outcome;
    return { verdict: kind, message, at, cause };
  }
  const answers: CallTensor[] = [];
  for (const { case: i, answer } of outcome) {
    if (answer.kind !== "tensor") return noTensor(cases, i, answer);
    answers.push({ case: i, ...answer });
  }
  return (
    anotherShape(cases, answers) ??
    changedInputs(answers) ??
    notFinite(cases, answers) ??
    unsteady(outcome) ??
    wrongOrRight(question, answers, tensors)
  );
}

function noTensor(cases: readonly Case[], i: number, answer: Exclude<Answer, { kind: "tensor" }>): Finding {
  if (answer.kind === "other") {
    const expected = `a float32 Tensor ${describe(answerShape(cases[i]!))}`;
    const hint = answer.isNothing ? "; is there a return?" : "";
    const cause: Cause | undefined = answer.isNothing ? { kind: "nothing-returned" } : undefined;
    return { ...finding("shape", `returned ${answer.what}, expected ${expected}${hint}`), cause };
  }
  const { kind, message, at, cause } = answer;
  const where = kind === "not-started" ? "" : inCase(cases, i, isAboutSizes(cause));
  return { verdict: kind, message: message + where, at, cause };
}

function anotherShape(cases: readonly Case[], answers: readonly CallTensor[]): Finding | undefined {
  return firstProblem(answers, ({ case: i, tensor }) => {
    const expected = answerShape(cases[i]!);
    if (sameShape(tensor.shape, expected)) return undefined;
    const where = inCase(cases, i, true);
    return finding("shape", `returned ${describe(tensor.shape)}, expected ${describe(expected)}${where}`);
  });
}

function changedInputs(answers: readonly CallTensor[]): Finding | undefined {
  return firstProblem(answers, ({ changed }) => {
    if (changed.length === 0) return undefined;
    return finding(
      "changed-inputs",
      `your function changed ${listed(changed)}; operations without _ return a new tensor, and clone() returns a copy`,
    );
  });
}

function notFinite(cases: readonly Case[], answers: readonly CallTensor[]): Finding | undefined {
  return firstProblem(answers, ({ case: i, tensor }) => {
    const values = tensor.toArray();
    const at = values.findIndex((x) => !Number.isFinite(x));
    if (at < 0) return undefined;
    return finding("not-finite", `${values[at]} at ${describe(position(at, tensor.shape))}${inCase(cases, i, false)}`);
  });
}

function unsteady(outcome: Outcome): Finding | undefined {
  if (isSteady(outcome)) return undefined;
  return finding("wrong", "gave two different answers for the same inputs; the answer must depend only on the inputs");
}

function wrongOrRight(question: Question, answers: readonly CallTensor[], tensors: readonly TensorLine[]): Finding {
  const exact = tensors.length > 0 && tensors.every((line) => line.exact);
  const wrong = (among: readonly CallTensor[]): string | undefined =>
    firstProblem(among, ({ case: i, tensor }) => {
      // bit for bit equal to the float32 reference: nothing to measure
      if (i === 0 && exact) return undefined;
      const found = difference(tensor, question.cases[i]!.truth);
      return found && describeWrong(question, i, found, tensor, tensors);
    });
  // a mistake that does not show in the lecture's line is shown on a random batch, where it is obvious
  const hidden = tensors.some((line) => line.approximate);
  const found = (hidden ? wrong(answers.filter((answer) => answer.case !== 0)) : undefined) ?? wrong(answers);
  if (found !== undefined) return finding("wrong", found);
  return finding(exact ? "exact" : "rounding", null);
}

/** Whether the same inputs always got the same answer. */
export function isSteady(outcome: Outcome): boolean {
  if (!Array.isArray(outcome)) return true;
  return outcome.every(({ case: i, answer }) => {
    const first = outcome.find((call) => call.case === i)!.answer;
    if (answer.kind !== "tensor" || first.kind !== "tensor") return answer.kind === first.kind;
    const values = first.tensor.toArray();
    return (
      sameShape(answer.tensor.shape, first.tensor.shape) &&
      answer.tensor.toArray().every((x, j) => x === values[j] || Number.isNaN(x))
    );
  });
}

function finding(verdict: Verdict, message: string | null): Finding {
  return { verdict, message, at: null };
}

/** The first problem that `check` finds in an answer. */
function firstProblem<A, P>(answers: readonly A[], check: (answer: A) => P | undefined): P | undefined {
  for (const answer of answers) {
    const problem = check(answer);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** On the lecture's batch in the lecture's terms; otherwise with the sizes, so that it can be reproduced. */
function describeWrong(
  question: Question,
  i: number,
  found: Difference,
  tensor: Tensor,
  tensors: readonly TensorLine[],
): string {
  const { step } = question.cases[0];
  const shape = `shape ${describe(tensor.shape)} is right${describeRowSum(step, tensor)}`;
  if (i === 0) {
    // what the lecture's line shows, if it shows the difference
    const shown = closeDifference(tensor, question.reference) ?? found;
    return `${shape}, ${describeDifference(shown)}`;
  }
  const [first] = question.cases;
  const { examples } = step.network.words;
  const sizes = describeSizes(question.cases[i]!);
  const random = upstreamsOf(step).length > 0 ? "random upstream gradients" : "random numbers";
  const { small } = question.cases[i]!;
  const [where, drawn] = step.example
    ? ["on the lesson's small numbers", "random ones"]
    : [`on ${ownBatchOf(step.network)} (${examples} = ${first.sizes[examples]})`, random];
  const otherwise = `with ${small ? SMALL[small] : drawn} and ${sizes}`;
  const right = tensors.every((line) => line.approximate)
    ? `right ${where}`
    : `right within rounding ${where}, where little else is left (so approximate: false)`;
  return `${right}, but not for every input: ${otherwise}${describeRowSum(step, tensor)}, ${describeDifference(found)}`;
}

/** Row sums further off than this are reported. */
const ROW_SUM_OFF = 1e-4;

/** If the rows of an answer should sum to a number: the first row that does not. */
function describeRowSum({ rowSums }: FunctionStep, tensor: Tensor): string {
  if (rowSums === undefined) return "";
  const sums = [...tensor.sum(1).toArray()];
  const row = sums.findIndex((sum) => !(Math.abs(sum - rowSums) <= ROW_SUM_OFF));
  return row < 0 ? "" : `, row ${row} sums to ${significant(sums[row]!)} but should sum to ${rowSums}`;
}

/** 812 of 864 values differ; the largest at [3, 14]: yours 0.0213, reference 0 */
export function describeDifference({ count, total, at, yours, reference }: Difference): string {
  const values =
    total === 1 ? "the value differs" : `${count} of ${total} values differ; the largest at ${describe(at)}`;
  const digits =
    [3, 4, 5, 6, 7, 8].find((digits) => significant(yours, digits) !== significant(reference, digits)) ?? 9;
  return `${values}: yours ${significant(yours, digits)}, reference ${significant(reference, digits)}`;
}

/** The errors that a size written as a number leads to. */
const aboutSizes: ReadonlySet<TensorErrorKind> = new Set(["shapes", "dropped-dimension", "index", "extent"]);

function isAboutSizes(cause: Cause | undefined): boolean {
  const fault = tensorFaultOf(cause);
  return fault !== undefined && aboutSizes.has(fault.kind);
}

/** The small numbers of a step, in words. */
export const SMALL = { hints: "the hints' small numbers", hostile: "other small numbers" } as const;

function inCase(cases: readonly Case[], i: number, hint: boolean): string {
  if (i === 0) return "";
  const asked = cases[i]!;
  const random = asked.small ? SMALL[asked.small] : asked.step.example ? "random numbers" : "a random batch";
  return ` (on ${random}: ${describeSizes(asked)}${hint ? "; take sizes from the tensors" : ""})`;
}

/** The sizes that the step's tensors have. */
export function describeSizes({ step, sizes }: Pick<Case, "step" | "sizes">): string {
  const wanted = sizeNamesOf(step);
  const names = Object.keys(sizes).filter((name) => wanted.includes(name));
  return names.map((name) => `${name} = ${sizes[name]}`).join(", ");
}
