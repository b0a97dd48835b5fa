import { readFileSync } from "node:fs";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { tensor, type Tensor } from "#tensor";
import { Measured } from "../../grader/autograd/measured.ts";
import { differentiateLoss } from "../../grader/network/backward.ts";
import type { Named } from "../../grader/network/named.ts";
import { parameterNames } from "../../grader/course/makemore/parameters.ts";
import { trainingRun } from "../../grader/course/makemore/run.ts";
import { readNames } from "../../grader/runner/data.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { TOLERANCE, worstRatio } from "../../grader/verdict/compare.ts";
import { lectureNames, withoutLectureNames } from "../lecture-names.ts";
import { makemore } from "../../grader/course/makemore/network.ts";

interface TorchRun {
  losses: number[];
  gradients_at_step_0: Record<string, number[]>;
}

describe("training as in the lecture, with the reference's gradients,", () => {
  it.skipIf(withoutLectureNames)(
    "gives PyTorch's first 1,000 losses within 1e-5 and its gradients at step 0",
    async () => {
      const file = path.join(projectRoot, "data", "torch", "training.json");
      const torch = JSON.parse(readFileSync(file, "utf8")) as TorchRun;
      const { start: parameters, nextBatch } = trainingRun(readNames(lectureNames).dataset());
      for (let step = 0; step < torch.losses.length; step++) {
        const batch = nextBatch();
        const { values, gradients } = differentiateLoss<Tensor>(makemore, parameters, batch);
        expect(Math.abs(values["loss"]!.item() - torch.losses[step]!)).toBeLessThan(1e-5);
        if (step === 0) {
          const given: Named<Measured> = {};
          for (const name of parameterNames) given[name] = Measured.from(parameters[name]);
          const truth = differentiateLoss(makemore, given, batch, (value) => value.given());
          for (const name of parameterNames) {
            const theirs = tensor(torch.gradients_at_step_0[name]!, parameters[name].shape);
            expect(worstRatio(theirs, truth.gradients[name]!)).toBeLessThan(TOLERANCE);
          }
        }
        for (const name of parameterNames) parameters[name].add_(gradients[name]!.mul(-0.1));
        await setImmediate(); // memory is freed between turns of the event loop
      }
    },
  );
});
