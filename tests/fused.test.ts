import { describe, expect, it } from "vitest";
import { simdStep, typedArrayStep } from "../bench/fused.ts";
import { readNames, shippedNames } from "../grader/runner/data.ts";
import { trainingRun } from "../grader/course/makemore/run.ts";
import { parameterNames } from "../grader/course/makemore/parameters.ts";
import { trainStep } from "../solutions/4-training-loop/train.ts";

describe.each([
  ["plain typed arrays", typedArrayStep],
  ["one SIMD kernel", simdStep],
])("a training step that the bench compares with: %s", (_, make) => {
  it("trains as the solution does", () => {
    const run = trainingRun(readNames(shippedNames).dataset());
    const fused = make(run.start);
    for (let i = 0; i < 50; i++) {
      const batch = run.nextBatch();
      const loss = fused.step(batch, 0.1);
      const { loss: expected } = trainStep(run.start, batch, 0.1);
      expect(loss).toBeCloseTo(typeof expected === "number" ? expected : expected.item(), 5);
    }
    for (const name of parameterNames) {
      const [ours, its] = [run.start[name].toArray(), fused.parameters()[name]!];
      expect(Math.max(...ours.map((x, i) => Math.abs(x - its[i]!)))).toBeLessThan(1e-5);
    }
  });
});
