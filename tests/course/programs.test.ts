import { describe, expect, it } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import { checkPrograms } from "../../grader/diagnosis/check-programs.ts";
import type { ProgramStep } from "../../grader/kit/step.ts";
import { sampleOf } from "../sample.ts";

const programs = steps.filter((step): step is ProgramStep => step.kind === "program");

describe("the programs", () => {
  it("have at least six known mistakes and four correct forms each, all with their own ids", () => {
    for (const { id, mistakes, forms } of programs) {
      expect(mistakes.length, `mistakes of ${id}`).toBeGreaterThanOrEqual(6);
      expect(forms.length, `forms of ${id}`).toBeGreaterThanOrEqual(4);
      expect(new Set(mistakes.map((mistake) => mistake.id)).size, `mistakes of ${id}`).toBe(mistakes.length);
    }
  });

  it.each(programs.map((step) => [step.id, step] as const))(
    "%s: over many seeds every correct form is accepted, every mistake rejected and named",
    (_, step) => {
      expect(checkPrograms([step], sampleOf(25, 8))).toEqual([]);
    },
  );

  it("backward: adding in place never passes, though it changes nothing in the large graphs of these seeds", () => {
    const own = programs.filter(({ id }) => id === "backward");
    expect([42, 524].flatMap((seed) => checkPrograms(own, 1, seed))).toEqual([]);
  });
});
