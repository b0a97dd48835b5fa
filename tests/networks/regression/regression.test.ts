import { expect, it } from "vitest";
import { gradeSteps } from "../../../grader/grading/grade.ts";
import { drawnBatch } from "../../../grader/grading/lecture.ts";
import { stepsOf } from "../../../grader/kit/steps.ts";
import type { StepResult } from "../../../grader/verdict/result.ts";
import { inProcessHost } from "../../grading/in-process-host.ts";
import { courseOf } from "../course-of.ts";
import { regression } from "./network.ts";

const steps = stepsOf(regression);
const course = courseOf(steps, drawnBatch(regression));

/** Grades an expression for each step. */
function grade(expressions: readonly string[]): Promise<StepResult[]> {
  const files = steps.map((step, i): [string, string] => {
    const given = `{ ${step.given.join(", ")} }: any`;
    return [step.file, `export function ${step.export}(${given}) { return ${expressions[i]!}; }`];
  });
  return gradeSteps(inProcessHost(Object.fromEntries(files)), course, steps);
}

it("a network of two lines, which reads a batch of numbers, has a step for each tensor with a gradient", () => {
  expect(steps.map(({ id, given }) => [id, given])).toEqual([
    ["dpredicted", ["predicted", "target", "loss"]],
    ["dweights", ["weights", "features", "predicted", "dpredicted"]],
  ]);
});

it("the backward pass by hand is right, step by step and in the chain", async () => {
  const results = await grade(["predicted.sub(target).mul(2 / predicted.numel())", "features.T.matmul(dpredicted)"]);
  for (const { id, passed, inChain } of results) {
    expect({ id, passed }).toEqual({ id, passed: true });
    expect(["exact", "rounding"], id).toContain(inChain!.verdict);
  }
});

it("a transpose that is missing, where the matrices happen to be square, is told", async () => {
  const [, found] = await grade(["predicted", "features.matmul(dpredicted)"]);
  expect(found!.mistake!.sentence).toMatch(/are equal; in that case, .*features should be transposed$/);
});

it("a flipped sign and a division too many are told", async () => {
  const [sign, division] = await grade([
    "target.sub(predicted).mul(2 / predicted.numel())",
    "features.T.matmul(dpredicted).div(features.size(0))",
  ]);
  expect(sign).toMatchObject({ verdict: "wrong", mistake: { id: "sign" } });
  expect(division).toMatchObject({ verdict: "wrong", mistake: { id: "over-samples" } });
});
