import { plainCase } from "../../kit/dependence.ts";
import { isLadder } from "../../kit/hint.ts";
import type { Question, WrittenQuestion } from "../../kit/question.ts";
import type { FunctionStep, Step } from "../../kit/step.ts";
import { Generator } from "../../network/random.ts";
import type { Candidate, Kind } from "./candidate.ts";
import { entriesQuestion } from "./entries.ts";
import { equalQuestion } from "./equal.ts";
import { needsQuestion } from "./needs.ts";
import { numberQuestion } from "./number.ts";
import { shapeQuestion } from "./shape.ts";
import { signQuestion } from "./sign.ts";

/** How many questions a step has at most. */
const MOST = 3;

const kinds: readonly Kind[] = [entriesQuestion, signQuestion, needsQuestion, shapeQuestion, equalQuestion];

/**
 * The questions to a step, the same ones each time: its own, then the best of the generated ones, then a number. A step of
 * an exam, with its single hint, has none.
 */
export function questionsOf(step: Step): readonly Question[] {
  if (!hasQuestions(step)) return [];
  const own = step.questions ?? [];
  const generated = step.kind === "function" ? generatedFor(step, own) : [];
  return [...own, ...generated].slice(0, MOST).map((written) => shuffled(step.id, written));
}

/** Whether a step has questions before the code: all of those of a step that is no function are its own. */
export function hasQuestions({ hints, kind, questions }: Step): boolean {
  return isLadder(hints) && (kind === "function" || questions !== undefined);
}

function generatedFor(step: FunctionStep, own: readonly WrittenQuestion[]): WrittenQuestion[] {
  const number = numberQuestion(step);
  const room = MOST - own.length - (number ? 1 : 0);
  if (room <= 0 && !number) return [];
  const found = candidatesFor(step).filter(({ id }) => own.every((other) => other.id !== id));
  const best = found.map((candidate, i) => ({ candidate, weight: candidate.weight + turn(step, i) }));
  const chosen = best.toSorted((a, b) => b.weight - a.weight).slice(0, Math.max(room, 0));
  return [...chosen.map(({ candidate }) => candidate), ...(number ? [number] : [])];
}

/** Every generated question that applies to a step. */
export function candidatesFor(step: FunctionStep): Candidate[] {
  const asked = plainCase(step);
  return kinds.flatMap((kind) => kind(step, asked) ?? []);
}

/** A little weight that changes from step to step, so that questions of the same weight take turns. */
function turn({ number }: FunctionStep, i: number): number {
  return ((number + 2 * i) % 5) / 8;
}

/** A question with its answers in an order of its own. */
function shuffled(id: string, { answer, others, ...question }: WrittenQuestion): Question {
  const all = [{ text: answer }, ...others.map((other) => (typeof other === "string" ? { text: other } : other))];
  const seed = [...`${id} ${question.id}`].map((letter) => letter.codePointAt(0)!);
  const order = new Generator(seed).randperm(all.length);
  return { ...question, options: order.map((i) => all[i]!), right: order.indexOf(0) };
}
