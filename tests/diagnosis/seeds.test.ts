import type { Tensor } from "#tensor";
import { describe, expect, it } from "vitest";
import { functionSteps, type FunctionStepId } from "../../grader/course/steps.ts";
import { sampled, sampleOf, someSteps } from "../sample.ts";
import { diagnosisOf } from "./ask.ts";
import { heldBack as classes } from "./held-back/classes.ts";
import { heldBack as fifth } from "./held-back/fifth.ts";
import { heldBack as first } from "./held-back/first.ts";
import { heldBack as fourth } from "./held-back/fourth.ts";
import { heldBack as second } from "./held-back/second.ts";
import { heldBack as third } from "./held-back/third.ts";

const seeds = Array.from({ length: sampleOf(20, 8) }, (_, seed) => seed);

interface Answered {
  step: FunctionStepId;
  what: string;
  answer: (given: never) => Tensor;
}

/** The answers that get different names for different seeds. */
function unsteady(answers: readonly Answered[]): string[] {
  return answers.flatMap(({ step, what, answer }) => {
    const ids = new Set(seeds.map((seed) => diagnosisOf(step, answer, seed)?.id ?? "nothing"));
    return ids.size > 1 ? [`${step}: ${what}: ${[...ids].join(", ")}`] : [];
  });
}

describe(`over ${seeds.length} seeds`, () => {
  it("every known mistake always gets its own name", () => {
    const known = someSteps(functionSteps, 4).flatMap(({ id, isOptional, mistakes }) =>
      mistakes.map(({ id: name, answer }) => ({ step: id as FunctionStepId, isOptional, name, answer })),
    );
    for (const { step, isOptional, name, answer } of known) {
      for (const seed of isOptional ? seeds.slice(0, sampleOf(20, 2)) : seeds)
        expect(diagnosisOf(step, answer as never, seed)?.id, `${step}, ${seed}`).toBe(name);
    }
  }, 300_000);

  it("answers keep their name: of some held-back answers, at most one in twenty does not", () => {
    const all = [first, second, third, fourth, fifth, classes].flat();
    const some = sampled(
      all.filter((_, i) => i % 20 === 3),
      2,
    );
    expect(unsteady(some).length).toBeLessThanOrEqual(some.length / 20);
  }, 600_000);
});

describe("the diagnosis of an answer", () => {
  it("does not depend on which answers were diagnosed before it", () => {
    const [a, b] = [classes[1]!, fourth[10]!];
    const alone = diagnosisOf(a.step, a.answer, 5);
    diagnosisOf(b.step, b.answer, 5);
    diagnosisOf(a.step, b.answer, 6);
    expect(diagnosisOf(a.step, a.answer, 5)).toEqual(alone);
  });
});
