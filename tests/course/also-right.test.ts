import { readFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import * as tensors from "#tensor";
import { functionSteps } from "../../grader/course/steps.ts";
import { isLadder } from "../../grader/kit/hint.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";
import { formLines } from "../../grader/report/forms.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { passes } from "../../grader/verdict/result.ts";
import { someSteps } from "../sample.ts";
import { exercise, gradeFiles, stepOf } from "../trees.ts";

const told = functionSteps.filter(({ alsoRight = [] }) => alsoRight.length > 0);
const squeezed = (code: string): string => code.replaceAll(/\s+/g, "");

/** A file with some code as its function's body, and all of #tensor imported. */
function fileOf(step: FunctionStep, code: string): string {
  const names = Object.keys(tensors).join(", ");
  const given = `const { ${step.given.join(", ")} } = given;`;
  return exercise(step.export, `${given}\n  ${code}`).replace(
    /^import \{ Tensor.*$/m,
    `import { ${names} } from "#tensor";`,
  );
}

describe("the other correct forms", () => {
  it("are told for nearly every step that has a lesson, one or two each", () => {
    const taught = functionSteps.filter(({ hints }) => isLadder(hints));
    expect(told.length).toBeGreaterThan(0.8 * taught.length);
    for (const { alsoRight = [] } of told) expect(alsoRight.length).toBeLessThanOrEqual(2);
  });

  for (const place of [0, 1]) {
    it(`pass as a learner's files, the ${place === 0 ? "first" : "second"} of each step`, async () => {
      const tried = someSteps(told, 6).filter(({ alsoRight }) => alsoRight![place]);
      const files = tried.map((step) => [step.id, fileOf(step, step.alsoRight![place]!.code)] as const);
      const results = await gradeFiles(Object.fromEntries(files));
      const failed = files.flatMap(([id]) => {
        const { verdict, message } = results[id]!;
        return passes(verdict) ? [] : [`${id}: ${verdict}: ${message}`];
      });
      expect(failed).toEqual([]);
      for (const step of tried) {
        if (step.alsoRight![place]!.why.includes("bits are the same"))
          expect(results[step.id]!.verdict, step.id).toBe("exact");
      }
    });
  }

  it("differ from our solution and from each other", () => {
    for (const { id, file, alsoRight = [] } of told) {
      const solution = squeezed(readFileSync(path.join(solutionsFolder, file), "utf8"));
      const codes = alsoRight.map(({ code }) => squeezed(code));
      for (const code of codes) expect(solution, id).not.toContain(code);
      expect(new Set(codes).size).toBe(codes.length);
    }
  });

  it("are shown with what is different about them", () => {
    const text = stripVTControlCharacters(formLines(stepOf("dbnvar"), 80).join("\n"));
    expect(text).toMatch(/^\nalso right: from the output: [^]*\n\n {2}return bnvar_inv\.pow\(3\)/);
    expect(formLines(stepOf("train"))).toEqual([]);
  });
});
