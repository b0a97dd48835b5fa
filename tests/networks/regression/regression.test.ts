import { expect, it } from "vitest";
import type { Course } from "../../../grader/grading/course.ts";
import { gradeSteps } from "../../../grader/grading/grade.ts";
import { lectureBatch } from "../../../grader/grading/lecture.ts";
import { gradientRow, taskOf } from "../../../grader/kit/derive.ts";
import type { FunctionStep } from "../../../grader/kit/step.ts";
import { gradedTensorsOf, startNamesOf } from "../../../grader/network/network.ts";
import { Generator } from "../../../grader/network/random.ts";
import type { StepResult } from "../../../grader/verdict/result.ts";
import { inProcessHost } from "../../grading/in-process-host.ts";
import { regression } from "./network.ts";

const steps: readonly FunctionStep[] = gradedTensorsOf(regression).map((tensor, i) => ({
  ...taskOf(regression, gradientRow(regression, tensor)),
  kind: "function",
  chain: "link",
  part: 1,
  number: i + 1,
  label: `${i + 1}`,
  file: `regression/d${tensor}.ts`,
  export: `d${tensor}`,
  hints: { ask: "", rule: "", worked: "", piece: "" },
  looks: {},
  mistakes: [],
  forms: [],
}));

/** The steps as a course, whose lecture is a plain batch. */
function courseOf(seed: number): Course {
  const batch = regression.batches.plain(new Generator(seed));
  const tensors = Object.fromEntries(startNamesOf(regression).map((name) => [name, batch.value(name)]));
  const reference = { network: regression, file: "", sizesOf: () => batch.sizes };
  return {
    setting: { lecture: `regression ${seed}`, training: "none" },
    steps,
    lecture: () => lectureBatch(reference, tensors, "ours"),
    training: () => {
      throw new Error("this course has no training loop");
    },
  };
}

/** Grades an expression for each step. */
function grade(expressions: readonly string[]): Promise<StepResult[]> {
  const files = steps.map((step, i): [string, string] => {
    const given = `{ ${step.given.join(", ")} }: any`;
    return [step.file, `export function ${step.export}(${given}) { return ${expressions[i]!}; }`];
  });
  return gradeSteps(inProcessHost(Object.fromEntries(files)), courseOf(1), steps);
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

it("a flipped sign and a division too many are told", async () => {
  const [sign, division] = await grade([
    "target.sub(predicted).mul(2 / predicted.numel())",
    "features.T.matmul(dpredicted).div(features.size(0))",
  ]);
  expect(sign).toMatchObject({ verdict: "wrong", mistake: { id: "sign" } });
  expect(division).toMatchObject({ verdict: "wrong", mistake: { id: "over-samples" } });
});
