import { describe, expect, it, vi } from "vitest";
import { inScratch } from "../../grader/autograd/float64-memory.ts";
import { Spread } from "../../grader/autograd/spread.ts";
import { rightLoop, trainStepWith, type LoopTensors } from "../../grader/course/makemore/loop.ts";
import { drawTrainingStart } from "../../grader/course/makemore/starts.ts";
import { rightTrainingForms } from "../../grader/course/4-training-loop/forms.ts";
import { differentiateLoss } from "../../grader/network/backward.ts";
import type { Named } from "../../grader/network/named.ts";
import { parameterNames } from "../../grader/course/makemore/parameters.ts";
import { Generator } from "../../grader/network/random.ts";
import { EPSILON, TOLERANCE, worstRatio } from "../../grader/verdict/compare.ts";
import { inDeviations } from "../../grader/autograd/spread.ts";
import { judgeTrainingStep } from "../../grader/verdict/training.ts";
import { ask, passes } from "../diagnosis/training/ask.ts";
import type { TrainingAnswer, TrainingQuestion } from "../../grader/kit/training.ts";
import { makemore } from "../../grader/course/makemore/network.ts";

// loops with get and set take a while, and longer on a busy machine
vi.setConfig({ testTimeout: 180_000 });

const SEEDS = 8;
const STEPS = 3;

/** An answer's largest errors by tensor, in units of the tolerance. */
function ratiosOf(
  { parameters, batch, learningRate }: TrainingQuestion,
  answer: TrainingAnswer,
): Record<string, number> {
  return inScratch(() => {
    const given: Named<Spread> = {};
    for (const name of parameterNames) given[name] = Spread.from(parameters[name]!);
    const { gradients, values } = differentiateLoss(makemore, given, batch);
    const loss = inDeviations(values["loss"]!);
    const ratios: Record<string, number> = {
      loss: Math.abs(answer.loss - loss.value[0]!) / (EPSILON * loss.magnitude[0]!),
    };
    for (const name of parameterNames) {
      const moved = given[name]!.sub(gradients[name]!.mul(learningRate));
      ratios[`d${name}`] = worstRatio(answer.gradients[name]!, inDeviations(gradients[name]!));
      ratios[name] = worstRatio(answer.updated[name]!, inDeviations(moved));
    }
    return ratios;
  });
}

describe("correct training steps", () => {
  it("are accepted in at least 14 forms over many starts, all of them within half of the tolerance", () => {
    expect(rightTrainingForms.length).toBeGreaterThanOrEqual(14);
    const worst: Record<string, number> = {};
    for (const { what, trainStep } of rightTrainingForms) {
      for (let i = 0; i < SEEDS; i++) {
        const start = drawTrainingStart(new Generator(i), i);
        for (const { question, answer } of ask(trainStep, { ...start, steps: start.steps.slice(0, STEPS) })) {
          if ("thrown" in answer) throw new Error(`${what}: ${JSON.stringify(answer.thrown)}`);
          expect(judgeTrainingStep(makemore, question, answer)?.message, what).toBeUndefined();
          for (const [name, ratio] of Object.entries(ratiosOf(question, answer))) {
            worst[name] = Math.max(worst[name] ?? 0, ratio);
          }
        }
      }
    }
    const shown = Object.entries(worst).map(([name, ratio]) => `${name} ${ratio.toFixed(2)}`);
    process.stdout.write(`correct forms, of ${TOLERANCE}: ${shown.join(", ")}\n`);
    for (const [name, ratio] of Object.entries(worst)) expect(ratio, name).toBeLessThan(TOLERANCE / 2);
  });
});

describe("training steps that are almost correct", () => {
  // factors by which each line is off, and is rejected
  const factors: Partial<Record<keyof LoopTensors, number>> = {
    dlogits: 1.0001,
    dW2: 1.0001,
    db2: 1.0001,
    dhpreact: 1.0001,
    dbngain: 1.0001,
    dbnbias: 1.0001,
    dhprebn: 1.0001,
    dW1: 1.0001,
    dC: 1.0001,
  };
  it.each(Object.entries(factors))("are rejected: %s times %d", (line, factor) => {
    const scaled = trainStepWith({
      [line]: (values: never) => rightLoop[line as keyof LoopTensors](values).mul(factor),
    });
    for (let seed = 0; seed < 10; seed++) expect(passes({ what: line, trainStep: scaled }, seed)).toBe(false);
  });

  it.each([0, 1e-7, 5e-6, 0.9e-5, 1.1e-5, 2e-5, 1e-4])("are rejected: epsilon is %d", (epsilon) => {
    const trainStep = trainStepWith({ bnvar_inv: ({ bnvar }) => bnvar.add(epsilon).pow(-0.5) });
    for (let seed = 0; seed < 10; seed++) expect(passes({ what: "epsilon", trainStep }, seed)).toBe(false);
  });

  it("are accepted with a zero gradient of b1, which is zero except for rounding", () => {
    const zeros = rightTrainingForms.find(({ what }) => what.startsWith("b1's gradient"))!;
    for (let seed = 0; seed < 3; seed++) expect(passes(zeros, seed)).toBe(true);
  });
});

describe("the starts", () => {
  const starts = Array.from({ length: 40 }, (_, i) => drawTrainingStart(new Generator(i), i));

  it("are the same for the same seed", () => {
    const [a, b] = [0, 0].map(() => drawTrainingStart(new Generator(5), 2));
    expect(a!.parameters.W1.toArray()).toEqual(b!.parameters.W1.toArray());
    expect(a!.steps.map(({ learningRate }) => learningRate)).toEqual(b!.steps.map(({ learningRate }) => learningRate));
  });

  it("have odd and even batch sizes, smaller and larger than the lecture's, and often differ in every other size", () => {
    const sizes = starts.flatMap(({ steps }) => steps.map(({ batch }) => batch.Xb.size(0)));
    for (const parity of [0, 1]) expect(sizes.filter((n) => n % 2 === parity).length).toBeGreaterThan(40);
    expect(Math.min(...sizes)).toBeLessThan(8);
    expect(Math.max(...sizes)).toBeGreaterThan(40);
    for (const [name, lecture] of Object.entries({ block: 3, embd: 10, hidden: 200, vocab: 27 })) {
      const others = starts.filter(({ sizes }) => sizes[name as "block"] !== lecture);
      expect(others.length, name).toBeGreaterThan(20);
    }
  });

  it("have a neuron whose variance is about as large as epsilon, gains of both signs, and many learning rates", () => {
    for (const { parameters, steps } of starts) {
      const { C, W1, b1, bngain } = parameters;
      const [{ batch }] = steps as [(typeof steps)[0]];
      const hprebn = C.gatherRows(batch.Xb).view(batch.Xb.size(0), -1).matmul(W1).add(b1);
      const variance = hprebn.var(0).get(0);
      expect(variance).toBeGreaterThan(1e-7);
      expect(variance).toBeLessThan(1e-3);
      expect(bngain.get(0, 0) * bngain.get(0, 1)).toBeLessThan(0);
    }
    const rates = starts.flatMap(({ steps }) => steps.map(({ learningRate }) => learningRate));
    expect(Math.min(...rates)).toBeLessThan(0.03);
    expect(Math.max(...rates)).toBeGreaterThan(0.3);
    expect(new Set(rates).size).toBeGreaterThan(100);
  });

  it("include the first and the last character, as context and as label", () => {
    for (const { sizes, steps } of starts) {
      for (const { batch } of steps) {
        const [contexts, labels] = [[...batch.Xb.toArray()], [...batch.Yb.toArray()]];
        for (const character of [0, sizes.vocab - 1]) {
          expect(contexts).toContain(character);
          expect(labels).toContain(character);
        }
        expect(Math.max(...contexts, ...labels)).toBeLessThan(sizes.vocab);
      }
    }
  });
});
