import { describe, expect, it } from "vitest";
import { makeBatches, makeCase } from "../../grader/kit/case.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { Generator } from "../../grader/network/random.ts";
import { propertiesOf } from "./coverage.ts";
import { drawSizes } from "../../grader/course/makemore/sizes.ts";
import { makeBatch } from "../../grader/course/makemore/batches.ts";
import type { RandomBatch } from "../../grader/network/batch.ts";
import { makemore } from "../../grader/course/makemore/network.ts";

const SEEDS = 100;

/**
 * The number of seeds for which no case has a property, by step, tensor and property; only those that are not zero.
 * The table is about the first network; what other networks guarantee is tested with them.
 */
function missing(batchesOf: (seed: number) => readonly RandomBatch[], seeds: number): Map<string, number> {
  const found = new Map<string, number>();
  for (let seed = 0; seed < seeds; seed++) {
    const batches = batchesOf(seed);
    for (const step of functionSteps.filter(({ network }) => network === makemore)) {
      const generator = new Generator(seed + step.number);
      // the first is the large one, which is slow to examine: it comes last
      const cases = batches.map((batch) => makeCase(step, batch, generator)).toReversed();
      for (const name of step.given) {
        for (const { what, holds } of propertiesOf(step, name)) {
          if (cases.some((asked) => holds(asked.given[name]!, asked))) continue;
          const key = `${step.id}: ${name} has ${what}`;
          found.set(key, (found.get(key) ?? 0) + 1);
        }
      }
    }
  }
  return found;
}

describe("the cases of a seed", () => {
  it("have each property of the table at least once, whatever the seed", { timeout: 600_000 }, () => {
    expect([...missing((seed) => makeBatches(makemore, seed * 16), SEEDS)]).toEqual([]);
  });

  it("would not have them by chance: four ordinary batches lack a property for most seeds", () => {
    const ordinary = { sharpness: 1, lift: 0, sizes: (generator: Generator) => drawSizes(generator) };
    const found = missing((seed) => {
      const generator = new Generator(seed);
      return Array.from({ length: 4 }, () => makeBatch(generator, ordinary));
    }, 5);
    for (const what of [
      "dlogits: logits has a row below 0 with a maximum above -1",
      "dC: Xb has the last character",
      "dlogprobs: Yb has all labels equal, of five or more",
      "db: dc has a row below 0",
    ]) {
      expect([...found.keys()]).toContain(what);
    }
  });
});
