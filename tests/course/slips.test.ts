import { describe, expect, it } from "vitest";
import type { Tensor } from "#tensor";
import { makeBatches, makeCase, type Case } from "../../grader/kit/case.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { answerExtents } from "../../grader/kit/step.ts";
import { Generator } from "../../grader/network/random.ts";
import { sameShape } from "../../grader/tensor/shape.ts";
import { difference } from "../../grader/verdict/compare.ts";
import { sampleOf } from "../sample.ts";
import { slipsOf, writtenSlips, type Slip } from "./slips.ts";
import type { Network } from "../../grader/network/network.ts";
import { oncePer } from "../../grader/network/once.ts";

const SEEDS = sampleOf(100, 1);

function isAccepted({ answer }: Slip, cases: readonly Case[]): boolean {
  return cases.every(({ given, truth }) => {
    let answered: Tensor;
    try {
      answered = answer(given);
    } catch {
      return false;
    }
    return sameShape(answered.shape, truth.shape) && difference(answered, truth) === undefined;
  });
}

describe("a slip in a loop", () => {
  it(
    `is rejected: each of more than 5,000, over ${SEEDS} ${SEEDS === 1 ? "seed" : "seeds"}`,
    { timeout: 900_000 },
    () => {
      const accepted = new Set<string>();
      let count = 0;
      for (let seed = 0; seed < SEEDS; seed++) {
        const batchesOf = oncePer((network: Network) => makeBatches(network, 16 * seed));
        for (const step of functionSteps) {
          const generator = new Generator(seed + step.number);
          // most slips show in the first small case; the large case comes last
          const [large, ...small] = batchesOf(step.network).map((batch) => makeCase(step, batch, generator));
          const cases = [...small, large!];
          const slips = [...slipsOf(step, cases[0]!.given), ...writtenSlips.filter((slip) => slip.step === step.id)];
          for (const slip of slips) if (isAccepted(slip, cases)) accepted.add(`${step.id}: ${slip.what}`);
          if (seed === 0) count += slips.length;
        }
      }
      expect([...accepted]).toEqual([]);
      expect(count).toBeGreaterThan(5000);
    },
  );

  it("exists for every step, in what it is given and in its answer", () => {
    const batchesOf = oncePer((network: Network) => makeBatches(network, 0));
    for (const step of functionSteps) {
      const { given } = makeCase(step, batchesOf(step.network)[1]!, new Generator(step.number));
      const slips = slipsOf(step, given).map(({ what }) => what);
      // of an answer that is one number, nothing can be left out
      const isNumber = answerExtents(step).every((extent) => extent === 1);
      expect(
        slips.some((what) => what.startsWith("the answer:")),
        step.id,
      ).toBe(!isNumber);
      // the slips of labels and characters are written out
      const isOfIndices = ["dlogprobs", "uses"].includes(step.id);
      expect(slips.some((what) => !what.startsWith("the answer:"))).toBe(!isOfIndices);
      if (isOfIndices) expect(writtenSlips.filter((slip) => slip.step === step.id).length).toBeGreaterThan(10);
    }
  });
});
