import type { Tensor } from "#tensor";
import type { Case } from "../kit/case.ts";
import type { FunctionStep } from "../kit/step.ts";
import type { Extent } from "../network/shape.ts";
import { plural, wordFor } from "../network/words.ts";
import { sameFault, type TensorFault } from "../tensor/error.ts";
import { sameShape } from "../tensor/shape.ts";
import { tensorFaultOf } from "../verdict/cause.ts";
import { difference } from "../verdict/compare.ts";
import type { Outcome } from "../verdict/judge.ts";
import type { NamedMistake } from "../verdict/result.ts";

/** One answer to be explained: a tensor, or what was thrown. */
export interface Symptom {
  case: Case;
  answer: Tensor | Thrown;
}

/** An error that was thrown. */
export interface Thrown {
  /** What it is about, if a tensor's operation threw it; null for any other error. */
  thrown: TensorFault | null;
}

/** Whether a tensor's operation threw both times, and the same. */
export function isSameThrown({ thrown: a }: Thrown, { thrown: b }: Thrown): boolean {
  return a !== null && b !== null && sameFault(a, b);
}

/** A symptom that is a tensor. */
export interface Seen {
  case: Case;
  answer: Tensor;
}

/** What a wrong answer shows, in one sentence. */
export interface Diagnosis extends NamedMistake {
  /** The strategy that found it. */
  by?: string;
  /** Whether the sentence itself says which branch of the gradient it is about. */
  namesBranch?: true;
  /** The mistakes that the sentence lists, each complete without the others. */
  several?: readonly string[];
}

/** Whether there are examples in a batch; a step with lines of its own has only inputs. */
export function hasBatch({ step, sizes }: Pick<Case, "step" | "sizes">): boolean {
  return step.network.words.examples in sizes;
}

/** A diagnosis that says only what was seen, without a cause. */
export function seenOnly(id: string, sentence: string): Diagnosis {
  return { id: `seen${id === "" ? "" : "-"}${id}`, sentence, isSeen: true };
}

/** The part of a diagnosis that a result contains. */
export function namedMistake(diagnosis: Diagnosis | null): NamedMistake | null {
  if (!diagnosis) return null;
  const { id, sentence, isSeen } = diagnosis;
  return { id: plainId(id), sentence, ...(isSeen && { isSeen }) };
}

/** An id that begins with words of a sentence, as one word: "the mean's term:double" is the-mean-term:double. */
function plainId(id: string): string {
  return id.replaceAll(/'s?(?=\W)/g, "").replaceAll(" ", "-");
}

/** The diagnosis, if it claims a cause. */
export function claimed(diagnosis: Diagnosis | null): Diagnosis | null {
  return diagnosis?.isSeen ? null : diagnosis;
}

/** What is known about answers apart from their numbers. */
export interface About {
  step: FunctionStep;
  /** The given tensors on which the answer was seen not to depend: no sentence says that they are in it. */
  unused: ReadonlySet<string>;
  /** The upstream gradients that are zero in all questions, which are about another branch: nothing is said of them. */
  silent?: ReadonlySet<string>;
}

/** The first answer to each case that is a tensor or an error, at the case's index. */
export function symptomsOf(cases: readonly Case[], outcome: Outcome): (Symptom | undefined)[] {
  return cases.map((asked, i) => {
    const answer = Array.isArray(outcome) ? outcome.find((call) => call.case === i)?.answer : undefined;
    if (answer?.kind === "tensor") return { case: asked, answer: answer.tensor };
    return answer?.kind === "threw"
      ? { case: asked, answer: { thrown: tensorFaultOf(answer.cause) ?? null } }
      : undefined;
  });
}

/** The answers, if all of them are tensors; else undefined. */
export function allSeen(symptoms: readonly Symptom[]): Seen[] | undefined {
  const seen = symptoms.filter((symptom): symptom is Seen => "shape" in symptom.answer);
  return seen.length > 0 && seen.length === symptoms.length ? seen : undefined;
}

/** The correct answer, each value rounded once. */
export function rightAnswer({ truth }: Case): Tensor {
  return truth.toTensor();
}

export function isRight({ case: { truth }, answer }: Symptom): boolean {
  return "shape" in answer && sameShape(answer.shape, truth.shape) && difference(answer, truth) === undefined;
}

/** Whether all answers are right within rounding. */
export function areRight(symptoms: readonly Symptom[]): boolean {
  return symptoms.every(isRight);
}

/** Whether no number of a tensor is NaN or infinite. */
export function allFinite(x: Tensor): boolean {
  return x.toArray().every((value) => Number.isFinite(value));
}

export function hasRightShape({ case: { truth }, answer }: Seen): boolean {
  return sameShape(answer.shape, truth.shape);
}

/** Begins the sentence of a correct formula with one thing changed; left out if there is another mistake as well. */
export const ONE_THING = "only one thing is wrong: ";

/** The mistakes that a diagnosis names, one sentence each. */
export function mistakesOf({ sentence, several }: Diagnosis): readonly string[] {
  return several ?? [sentence];
}

/** Several mistakes as one sentence; each one's sentence is complete without the others. */
export function several(sentences: readonly string[]): string {
  const [count, places] = [
    ["", "", "two", "three", "four"][sentences.length] ?? sentences.length,
    ["first", "second", "third", "fourth"],
  ];
  if (sentences.length < 2) return sentences.join("");
  const parts = sentences.map((text, i) => `${places[i] ?? "then"}, ${text.replace(ONE_THING, "")}`);
  return `${count} things: ${parts.join("; ")}`;
}

/** What one entry along a dimension is called, in a step. */
export function wordIn({ network }: FunctionStep, extent: Extent): string {
  return wordFor(network.words, extent);
}

/** What several entries along a dimension are called, in a step. */
export function severalIn(step: FunctionStep, extent: Extent): string {
  return plural(wordIn(step, extent));
}

/** The names of the given float32 tensors: forward values and gradients, not indices. */
export function givenFloats({ given, roles }: FunctionStep): string[] {
  return given.filter((name) => roles[name] !== "index");
}

/** The step that the answers belong to. */
export function stepOf([first]: readonly Symptom[]): FunctionStep {
  return first!.case.step;
}
