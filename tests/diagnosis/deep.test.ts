import { describe, expect, it } from "vitest";
import { dKWith, dQWith, headMistakes, otherPieces } from "../../grader/course/7-exam/attention/fused.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { WORK, workOf } from "../../grader/diagnosis/by-formula.ts";
import { changedFormulas } from "../../grader/diagnosis/formulas/changed.ts";
import { sampled, sampleOf } from "../sample.ts";
import { casesOf, diagnosisOf } from "./ask.ts";

describe("a known mistake in a whole head", () => {
  const heads = { "attention-fused-dQ": dQWith, "attention-fused-dK": dKWith } as const;

  it.each(Object.keys(heads) as (keyof typeof heads)[])("keeps its name in another order of operations: %s", (id) => {
    for (const pieces of sampled(otherPieces, 2, 1)) {
      for (const { id: name, answer } of headMistakes((others) => heads[id]({ ...pieces, ...others }))) {
        for (let seed = 0; seed < sampleOf(10, 1); seed++) {
          expect(diagnosisOf(id, answer as never, seed)?.id, `${name}, ${seed}`).toBe(name);
        }
      }
    }
  });
});

describe("the work of a diagnosis", () => {
  it("suffices for every changed formula of every long step of the course", () => {
    for (const step of functionSteps.filter(({ runs }) => runs.flat().length > 2)) {
      const [, asked] = casesOf(step, 1);
      const count = [...changedFormulas({ step, unused: new Set() }, asked!)].length;
      expect(count * workOf(asked!), step.id).toBeLessThan(WORK);
    }
  });
});
