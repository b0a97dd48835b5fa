import { Generator } from "../network/random.ts";
import type { Question } from "../verdict/judge.ts";
import { caseFromBatch, exampleCase, makeBatches, makeCase, type Case } from "../kit/case.ts";
import { smallCases } from "../kit/instance.ts";
import type { FunctionStep } from "../kit/step.ts";
import { float32Reference } from "../kit/truth.ts";
import type { RandomBatch } from "../network/batch.ts";
import type { LectureBatch } from "./lecture.ts";
import type { StepSeed } from "./texts.ts";

/** Every random case, unless larger than the lecture's, is asked this often, in shuffled order, to reveal chance and memory. */
const ROUNDS = 2;

/** The word that is appended to a step's seed, by what it is used for. */
const CASES = 1;
export const PROBES = 2;

/** The questions to a step, and their order. */
export interface OrderedQuestion extends Question {
  /** The case of each call: once the lecture's batch, or the step's example; the random ones in every round, shuffled; the small numbers. */
  order: number[];
}

/**
 * Everything that decides a step's verdict: the lecture's batch, or the step's example, random cases, and the small numbers
 * of its hints, in which zeros occur.
 */
export function questionFor(step: FunctionStep, lecture: LectureBatch, seed: StepSeed): OrderedQuestion {
  const question = questionWith(step, makeBatches(step.network, seed), lecture, new Generator([...seed, CASES]));
  const small = smallCases(step);
  // at the end: what is drawn for the others does not depend on it
  const { cases, order, reference } = question;
  const calls = small.map((_, i) => cases.length + i);
  return { cases: [...cases, ...small], order: [...order, ...calls], reference };
}

/** The random cases of a step's verdict. */
export function randomCases(step: FunctionStep, seed: StepSeed): Case[] {
  const generator = new Generator([...seed, CASES]);
  return makeBatches(step.network, seed).map((made) => makeCase(step, made, generator));
}

/** The question to a step that is run only for the chain: the lecture's batch, once. */
export function lectureQuestion(step: FunctionStep, lecture: LectureBatch): OrderedQuestion {
  return questionWith(step, [], lecture, new Generator(0));
}

function questionWith(
  step: FunctionStep,
  random: readonly RandomBatch[],
  lecture: LectureBatch,
  generator: Generator,
): OrderedQuestion {
  const { examples } = step.network.words;
  const { sizes, batch, values, gradients } = lecture;
  const cases = random.map((made) => makeCase(step, made, generator));
  const roundsOf = (made: RandomBatch): number => (made.sizes[examples]! > sizes[examples]! ? 1 : ROUNDS);
  const calls = random.flatMap((made, i) => Array.from({ length: roundsOf(made) }, () => i + 1));
  const order = [0, ...generator.randperm(calls.length).map((call) => calls[call]!)];
  if (step.example) {
    const example = exampleCase(step);
    return { cases: [example, ...cases], reference: float32Reference(step, example.given), order };
  }
  const first = caseFromBatch(step, sizes, batch, values, gradients);
  const reference = step.asks === "value" ? float32Reference(step, first.given) : gradients[step.tensor]!;
  return { cases: [first, ...cases], reference, order };
}
