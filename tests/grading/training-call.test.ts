import { describe, expect, it } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import { tensorsAfter, trainingArguments } from "../../grader/grading/training-call.ts";
import { smallTraining } from "../../grader/kit/small-training.ts";
import type { TrainStep } from "../../grader/kit/step.ts";
import { reportTraining } from "../../grader/report/answer.ts";
import { trainStep as trainDecoder } from "../../solutions/8-transformer/08-train-transformer.ts";

type Arguments = Parameters<typeof trainDecoder>;

/** What play and debug call a training step with. */
describe("a training step that is called outside of grading", () => {
  const step = steps.find((one): one is TrainStep => one.kind === "train" && one.id === "train-transformer")!;

  /** @param after what is done to the arguments once the solution has run */
  const called = (after: (given: ReturnType<typeof trainingArguments>) => void): ReturnType<typeof reportTraining> => {
    const given = trainingArguments(step, smallTraining(step));
    const returned = trainDecoder(...(Object.values(given) as unknown as Arguments));
    after(given);
    return reportTraining(step, smallTraining(step), { returned, updated: tensorsAfter(step, given) });
  };

  it("is given what its optimizer keeps, which is compared as well", () => {
    expect(called(() => {}).isRight).toBe(true);
    const { lines, isRight } = called(({ averages }) => (averages as Arguments[3]).m.C.mul_(2));
    expect(isRight).toBe(false);
    expect(lines.at(-1)).toContain("m.C");
  });
});
