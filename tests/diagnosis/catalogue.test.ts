import { beforeAll, describe, expect, it } from "vitest";
import { makeBatches, makeCase } from "../../grader/kit/case.ts";
import { functionSteps, dojo } from "../../grader/course/steps.ts";
import { Generator } from "../../grader/network/random.ts";
import { isSame, TOLERANCE } from "../../grader/verdict/compare.ts";
import { diagnose } from "../../grader/diagnosis/diagnose.ts";
import { answerOf } from "../../grader/diagnosis/formulas/formula.ts";
import { isSameThrown } from "../../grader/diagnosis/symptom.ts";
import { checkVerdicts, type SelfCheck } from "../../grader/diagnosis/self-check.ts";
import type { Network } from "../../grader/network/network.ts";
import { oncePer } from "../../grader/network/once.ts";
import { sampled, sampleOf } from "../sample.ts";

const all = functionSteps.flatMap((step) => step.mistakes.map((mistake) => ({ step, mistake })));

describe("the catalogue of mistakes", () => {
  it("contains at least 150, at least 5 per step, each with its own id", () => {
    expect(all.length).toBeGreaterThanOrEqual(150);
    for (const { id, mistakes } of functionSteps) {
      const ids = mistakes.map((mistake) => mistake.id);
      expect(ids.length, `mistakes of ${id}`).toBeGreaterThanOrEqual(5);
      expect(new Set(ids).size, `mistakes of ${id}`).toBe(ids.length);
    }
  });

  it("states observations: a sentence of some length, and no code", () => {
    for (const { step, mistake } of all) {
      expect(mistake.sentence.length, `${step.id}: ${mistake.id}`).toBeGreaterThan(15);
      expect(mistake.sentence).not.toMatch(/\.(mul|add|sub|div|sum|pow|matmul|T|view)\b|=>|\bjust\b|\bsimply\b/);
      expect(mistake.idea, `${step.id}: ${mistake.id}`).not.toBe("");
    }
  });
});

const kinds = [
  { what: "the lecture's steps", steps: functionSteps.filter(({ isOptional }) => !isOptional), seeds: sampleOf(25, 4) },
  {
    what: "the steps beyond it",
    steps: sampled(
      functionSteps.filter(({ isOptional }) => isOptional),
      4,
    ),
    seeds: sampleOf(25, 1),
  },
];

describe.each(kinds)("over many seeds, for $what,", ({ steps, seeds }) => {
  let found: SelfCheck;
  beforeAll(() => {
    found = checkVerdicts({ ...dojo, functionSteps: steps }, seeds);
  }, 600_000);

  it("every correct formula is accepted, at least three per step, and with a wide margin", () => {
    for (const { id, forms } of steps) expect(forms.length, `forms of ${id}`).toBeGreaterThanOrEqual(3);
    expect(found.problems.filter((problem) => problem.includes("right form"))).toEqual([]);
    expect(found.accepted).toBe(found.forms * seeds);
    expect(found.worstRatio).toBeLessThan(TOLERANCE / 2);
  });

  it("every mistake is rejected, and recognized as itself: no two are alike", () => {
    expect(found.problems).toEqual([]);
    expect(found.rejected).toBe(found.mistakes * seeds);
    expect(found.nearest).toBeGreaterThan(100 * TOLERANCE);
    expect(found.named).toBe(found.mistakes * seeds);
  });
});

describe("any two mistakes of a step", () => {
  it("are distinguished by at least one case", () => {
    const batchesOf = oncePer((network: Network) => makeBatches(network, 7));
    const alike = functionSteps.flatMap((step) => {
      const cases = batchesOf(step.network).map((batch) => makeCase(step, batch, new Generator(7)));
      const known = step.mistakes.map((mistake) => ({
        id: mistake.id,
        answers: cases.map((asked) => answerOf(mistake, asked.given)),
      }));
      return known.flatMap((one, i) =>
        known
          .slice(i + 1)
          .filter((other) => one.answers.every((answer, j) => isAlike(answer, other.answers[j]!)))
          .map((other) => `${step.id}: ${one.id}, ${other.id}`),
      );
    });
    // an epsilon added behind the power differs from none by a millionth of the largest value: the closer one is named
    expect(alike).toEqual([
      "dbnvar: epsilon-forgotten, epsilon-outside",
      "ratio: epsilon-on-biased, epsilon-outside-unbiased",
      "ratio: epsilon-on-unbiased, epsilon-outside-biased",
    ]);
  });

  function isAlike(a: ReturnType<typeof answerOf>, b: ReturnType<typeof answerOf>): boolean {
    if ("shape" in a && "shape" in b) return isSame(a, b);
    return !("shape" in a) && !("shape" in b) && isSameThrown(a, b);
  }
});

describe("two mistakes at once", () => {
  it("are both named if the second is a factor", () => {
    for (const { step, mistake } of all.filter(({ step: { id } }) => ["dcounts", "dbndiff", "dC"].includes(id))) {
      if (["sign", "halved", "divided"].includes(mistake.id)) continue;
      const cases = makeBatches(step.network, 3).map((batch) => makeCase(step, batch, new Generator(3)));
      const symptoms = cases.map((asked) => {
        const answer = answerOf(mistake, asked.given);
        return { case: asked, answer: "shape" in answer ? answer.mul(asked.sizes["n"]!) : answer };
      });
      expect(diagnose(symptoms)?.sentence).toContain("n times too large");
    }
  });
});
