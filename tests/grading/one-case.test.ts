import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Tensor } from "#tensor";
import { functionSteps } from "../../grader/course/steps.ts";
import { gradeSteps } from "../../grader/grading/grade.ts";
import { questionFor } from "../../grader/grading/questions.ts";
import type { Case } from "../../grader/kit/case.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";
import { oncePer } from "../../grader/network/once.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { courseOf } from "../../grader/runner/grade.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { sampled } from "../sample.ts";
import { inProcessHost } from "./in-process-host.ts";

const course = courseOf(readNames(shippedNames), "ours");
const lectureOf = oncePer(course.lecture);

/** What a case is recognized by: everything that it gives. */
const keyOf = (given: Readonly<Record<string, Tensor>>): string =>
  Object.values(given)
    .map((x) => x.toArray().join())
    .join(";");

/** The lecture's batch, or the step's example, and the small numbers: the cases that are the same for every file. */
const fixedCases = oncePer((step: FunctionStep): { first: Case; small: Case[] } => {
  const { cases } = questionFor(step, lectureOf(step.network), [0]);
  return { first: cases[0], small: cases.filter((asked) => asked.small !== undefined) };
});

/** The solution, except where `isWrong` (an expression) holds: there every value is off. */
function exceptWhere(step: FunctionStep, isWrong: string): string {
  const text = readFileSync(path.join(solutionsFolder, step.file), "utf8");
  return `${text.replace(`export function ${step.export}(`, "function correct(")}
export function ${step.export}(given: any): any {
  const answer = correct(given);
  const key = Object.values(given).map((x: any) => x.toArray().join()).join(";");
  return ${isWrong} ? answer.mul(1.5).add(0.5) : answer;
}
`;
}

/** Grades all steps in which `isWrong` gives an expression. */
async function graded(isWrong: (step: FunctionStep) => string | undefined): Promise<Map<FunctionStep, StepResult>> {
  const asked = functionSteps.filter((step) => isWrong(step) !== undefined);
  const files = Object.fromEntries(asked.map((step) => [step.file, exceptWhere(step, isWrong(step)!)]));
  const results = await gradeSteps(inProcessHost(files), course, asked);
  return new Map(asked.map((step, i) => [step, results[i]!]));
}

const onlyFor = (cases: readonly Case[]): string | undefined =>
  cases.length === 0 ? undefined : `${JSON.stringify(cases.map(({ given }) => keyOf(given)))}.includes(key)`;

describe("an answer that is wrong in one case alone", () => {
  it("is wrong if that is the lecture's batch, or the lesson's numbers", async () => {
    const some = sampled(functionSteps, 3);
    const results = await graded((step) => (some.includes(step) ? onlyFor([fixedCases(step).first]) : undefined));
    expect(results.size).toBe(some.length);
    for (const [{ id }, { verdict, message }] of results) {
      expect(`${id}: ${verdict}`).toBe(`${id}: wrong`);
      expect(message, id).toMatch(/^shape \[.*\] is right,/);
    }
  });

  it.each(["hints", "hostile"] as const)("is wrong if these are the small numbers: %s", async (which) => {
    const results = await graded((step) => onlyFor(fixedCases(step).small.filter(({ small }) => small === which)));
    expect(results.size).toBeGreaterThan(0);
    const numbers = which === "hints" ? "the hints' small numbers" : "other small numbers";
    for (const [{ id, example, network }, { verdict, message }] of results) {
      expect(`${id}: ${verdict}`).toBe(`${id}: wrong`);
      const right = example
        ? "the lesson's small numbers"
        : network.stored === undefined
          ? "a drawn batch \\([^)]*\\)"
          : "the lecture's batch \\(n = 32\\)";
      const says = `right on ${right}, but not for every input: with ${numbers} and `;
      expect(message, id).toMatch(new RegExp(says));
    }
  });
});

it("an answer that is right on the lecture's batch alone, or at the lesson's numbers, is told so", async () => {
  const some = sampled(functionSteps, 7);
  expect(some.some(({ example }) => example) && some.some(({ example }) => !example)).toBe(true);
  const results = await graded((step) => (some.includes(step) ? `!${onlyFor([fixedCases(step).first])}` : undefined));
  for (const [{ id, example, network }, { verdict, message, tensors }] of results) {
    expect(`${id}: ${verdict}`).toBe(`${id}: wrong`);
    expect(tensors[0], id).toMatchObject({ approximate: true });
    expect(message, id).toMatch(
      example
        ? /^right on the lesson's small numbers, but not for every input: with random ones and \w+ = \d/
        : network.stored === undefined
          ? /^right on a drawn batch \([^)]*\), but not for every input: with random (upstream gradients|numbers) and \w+ = \d/
          : /^right on the lecture's batch \(n = 32\), but not for every input: with random (upstream gradients|numbers) and \w+ = \d/,
    );
  }
});
