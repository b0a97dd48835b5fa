import type { Tensor } from "#tensor";
import { answerShape, type Case } from "../course/cases.ts";
import type { FunctionStep, Step } from "../course/steps.ts";
import { describe, sameShape } from "../tensor/shape.ts";
import { closeDifference, difference, lectureLine, type Difference } from "./compare.ts";
import { passes, type Position, type StepResult, type TensorLine, type Verdict } from "./result.ts";

/** What one call of a learner's function gave. */
export type Answer =
  | { kind: "tensor"; tensor: Tensor; /** The inputs whose elements are no longer what was given. */ changed: string[] }
  /** Something else than a float32 tensor, in words: "undefined", "a Promise". */
  | { kind: "other"; what: string }
  | Failure;

/** Why there is no answer. */
export interface Failure {
  kind: "threw" | "timeout" | "out-of-memory" | "not-started" | "missing";
  message: string;
  at: Position | null;
}

/** What running a step gave: an answer for each call, or why there is none for the step as a whole. */
export type Outcome = Answer[] | Failure;

/** A finding, before it is dressed as a result. */
interface Finding {
  verdict: Verdict;
  message: string | null;
  at: Position | null;
}

/** What a step was asked, in order. The first case is the lecture's batch. */
export interface Question {
  cases: readonly [Case, ...Case[]];
  /** The float32 reference on the lecture's batch. */
  reference: Tensor;
}

/**
 * Judges one step from its answers.
 *
 * @param outcome an answer per call; call i asked case i modulo the number of cases, so that every case is asked as
 *   often as there are rounds
 */
export function judge(
  step: FunctionStep,
  question: Question,
  outcome: Outcome,
  run: { printed: string; milliseconds: number },
): StepResult {
  const tensors = lectureLines(step, question, outcome);
  const { verdict, message, at } = find(step, question, outcome, tensors);
  return { ...header(step), verdict, passed: passes(verdict), tensors, message, at, ...run };
}

/** The fields of a result that say which step it is, and those that nothing fills yet. */
export function header(step: Step): Pick<StepResult, "id" | "part" | "number" | "file" | "inChain" | "mistake"> {
  const { id, part, number, file } = step;
  return { id, part, number, file, inChain: null, mistake: null };
}

function lectureLines(step: FunctionStep, { reference }: Question, outcome: Outcome): TensorLine[] {
  const answer = Array.isArray(outcome) ? outcome[0] : undefined;
  return answer?.kind === "tensor" ? [lectureLine(step.tensor, answer.tensor, reference)] : [];
}

/** The first of these that holds: no answer, no tensor, changed inputs, not finite, wrong, not the same twice. */
function find(step: FunctionStep, question: Question, outcome: Outcome, tensors: TensorLine[]): Finding {
  const { cases } = question;
  if (!Array.isArray(outcome)) return { verdict: outcome.kind, message: outcome.message, at: outcome.at };

  for (const [i, answer] of outcome.entries()) {
    const { sizes } = caseOf(cases, i);
    if (answer.kind === "tensor") continue;
    if (answer.kind !== "other") {
      const where = i % cases.length === 0 || answer.kind === "not-started" ? "" : ` (${describeSizes(cases, i)})`;
      return { verdict: answer.kind, message: answer.message + where, at: answer.at };
    }
    const expected = `a float32 Tensor ${describe(answerShape(step, sizes))}`;
    const hint = answer.what === "undefined" ? "; is there a return?" : "";
    return finding("shape", `returned ${answer.what}, expected ${expected}${hint}`);
  }

  const answers = outcome.filter((answer) => answer.kind === "tensor");
  const wrongShape = firstProblem(answers, ({ tensor }, i) => {
    const expected = answerShape(step, caseOf(cases, i).sizes);
    if (sameShape(tensor.shape, expected)) return undefined;
    return `returned ${describe(tensor.shape)}, expected ${describe(expected)}${inCase(cases, i)}`;
  });
  if (wrongShape !== undefined) return finding("shape", wrongShape);

  const changed = firstProblem(answers, ({ changed }) => changed.length > 0 && changed.join(" and "));
  if (changed !== undefined) {
    return finding("changed-inputs", `your function changed ${changed}; work on a copy: clone()`);
  }

  const notFinite = firstProblem(answers, ({ tensor }, i) => {
    const bad = tensor.toArray().find((x) => !Number.isFinite(x));
    return bad !== undefined && `${bad} among the values${inCase(cases, i)}`;
  });
  if (notFinite !== undefined) return finding("not-finite", notFinite);

  const wrong = firstProblem(answers, ({ tensor }, i) => {
    const found = difference(tensor, caseOf(cases, i).truth);
    return found && { i, found, tensor };
  });
  if (wrong !== undefined) return finding("wrong", describeWrong(question, wrong.i, wrong.found, wrong.tensor));

  const unsteady = firstProblem(answers, ({ tensor }, i) => {
    const first = answers[i % cases.length]!.tensor.toArray();
    return tensor.toArray().some((x, j) => x !== first[j]) || undefined;
  });
  if (unsteady) return finding("wrong", "gave two answers for the same inputs; the answer may depend on them alone");

  return finding(tensors.every((line) => line.exact) ? "exact" : "rounding", null);
}

function finding(verdict: Verdict, message: string | null): Finding {
  return { verdict, message, at: null };
}

/** The first truthy thing that `check` says of an answer. */
function firstProblem<A, P>(answers: readonly A[], check: (answer: A, i: number) => P | undefined | false): P | undefined {
  for (const [i, answer] of answers.entries()) {
    const problem = check(answer, i);
    if (problem !== undefined && problem !== false) return problem;
  }
  return undefined;
}

function caseOf(cases: readonly [Case, ...Case[]], call: number): Case {
  return cases[call % cases.length] ?? cases[0];
}

/** On the lecture's batch in the lecture's terms; elsewhere with the sizes, so that it can be tried. */
function describeWrong(question: Question, i: number, found: Difference, tensor: Tensor): string {
  const shape = `${describe(tensor.shape)} is right`;
  if (i % question.cases.length === 0) {
    // what the lecture's line shows, where it shows it
    const shown = closeDifference(tensor, question.reference) ?? found;
    return `${shape}, ${describeDifference(shown)}`;
  }
  const [lecture] = question.cases;
  return (
    `right on the lecture's batch (n = ${lecture.sizes.n}), not for every input: with random gradients from above and ` +
    `${describeSizes(question.cases, i)}, ${describeDifference(found)}`
  );
}

/** 812 of 864 values differ; the largest at [3, 14]: yours 0.0213, reference 0 */
export function describeDifference({ count, total, at, yours, reference }: Difference): string {
  const values = total === 1 ? "the value differs" : `${count} of ${total} values differ; the largest at ${describe(at)}`;
  return `${values}: yours ${number(yours)}, reference ${number(reference)}`;
}

/** Three significant digits, as many as a reader compares. */
export function number(x: number): string {
  return String(Number(x.toPrecision(3)));
}

function inCase(cases: readonly [Case, ...Case[]], i: number): string {
  return i % cases.length === 0 ? "" : ` (${describeSizes(cases, i)})`;
}

function describeSizes(cases: readonly [Case, ...Case[]], i: number): string {
  const { n, block, embd, hidden, vocab } = caseOf(cases, i).sizes;
  return `n = ${n}, block = ${block}, embd = ${embd}, hidden = ${hidden}, vocab = ${vocab}`;
}
