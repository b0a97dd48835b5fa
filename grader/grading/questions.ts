import { Generator } from "../network/random.ts";
import type { Question } from "../verdict/judge.ts";
import { caseFromBatch, exampleCase, makeBatches, makeCase } from "../kit/case.ts";
import type { FunctionStep } from "../kit/step.ts";
import { float32Reference } from "../kit/truth.ts";
import type { RandomBatch } from "../network/batch.ts";
import type { LectureBatch } from "./course.ts";
import type { StepSeed } from "./texts.ts";

/** Every random case but one larger than the lecture's is asked this often, in shuffled order, so that chance and memory show. */
const ROUNDS = 2;

/** What a word more than a step's seed is used for. */
const CASES = 1;
export const PROBES = 2;

/** What a step is asked, and in which order. */
export interface OrderedQuestion extends Question {
  /** Which case each call asks: the lecture's batch, or the step's example, once, the random ones in every round, in shuffled order. */
  order: number[];
}

/** All that decides a step's verdict: the lecture's batch, or the step's example, and random cases. */
export function questionFor(step: FunctionStep, lecture: LectureBatch, seed: StepSeed): OrderedQuestion {
  return questionWith(step, makeBatches(step.network, seed), lecture, new Generator([...seed, CASES]));
}

/** What a step is asked for the chain alone: the lecture's batch, once. */
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
