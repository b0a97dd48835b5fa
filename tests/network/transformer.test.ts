import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Tensor } from "#tensor";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { adamw, learningRateAt } from "../../grader/course/transformer/adamw.ts";
import { transformer } from "../../grader/course/transformer/network.ts";
import { parameterNames } from "../../grader/course/transformer/lines.ts";
import { transformerRun } from "../../grader/course/transformer/run.ts";
import { differentiateLoss } from "../../grader/network/backward.ts";
import type { Named } from "../../grader/network/named.ts";
import { sampleOf } from "../sample.ts";

/** What PyTorch's run gave: see data/torch/transformer.py. */
const torch = JSON.parse(readFileSync(new URL("../../data/torch/transformer.json", import.meta.url), "utf8")) as {
  parameters: number;
  losses: number[];
  norms: number[];
  gradients_at_step_0: Record<string, { sum: number; squares: number; numbers: number[] }>;
};

const run = (): ReturnType<typeof transformerRun> => transformerRun(readNames(shippedNames).dataset());
const normOf = (gradients: Readonly<Named<Tensor>>): number =>
  Math.sqrt(Object.values(gradients).reduce((sum, x) => sum + [...x.toArray()].reduce((s, g) => s + g * g, 0), 0));
const gradientsAt = (
  state: Readonly<Named<Tensor>>,
  batch: Readonly<Named<Tensor>>,
): { loss: number; gradients: Named<Tensor> } => {
  const parameters = Object.fromEntries(parameterNames.map((name) => [name, state[name]!]));
  const { values, gradients } = differentiateLoss<Tensor>(transformer, parameters, batch);
  return {
    loss: values["loss"]!.item(),
    gradients: Object.fromEntries(parameterNames.map((name) => [name, gradients[name]!])),
  };
};

describe("the transformer's training run", () => {
  it("has as many parameters as PyTorch's", () => {
    const { start } = run();
    expect(parameterNames.reduce((sum, name) => sum + start[name]!.numel(), 0)).toBe(torch.parameters);
  });

  it("begins with PyTorch's gradients", () => {
    const { start, nextBatch } = run();
    const { gradients } = gradientsAt(start, nextBatch());
    for (const name of parameterNames) {
      const { squares, numbers } = torch.gradients_at_step_0[name]!;
      const size = Math.sqrt(squares);
      const ours = [...gradients[name]!.toArray()];
      for (const [i, number] of numbers.entries()) expect(Math.abs(ours[i]! - number), name).toBeLessThan(1e-5 * size);
      expect(Math.sqrt(ours.reduce((sum, g) => sum + g * g, 0)) / size, name).toBeCloseTo(1, 5);
    }
  });

  it("has PyTorch's losses, within 1e-4", async () => {
    const { start, nextBatch } = run();
    let state = start;
    let worst = 0;
    for (const [step, expected] of torch.losses.slice(0, sampleOf(torch.losses.length, 20)).entries()) {
      const { loss, gradients } = gradientsAt(state, nextBatch());
      worst = Math.max(worst, Math.abs(loss - expected));
      expect(Math.abs(normOf(gradients) / torch.norms[step]! - 1)).toBeLessThan(1e-3);
      state = adamw<Tensor>(state, gradients, learningRateAt(step));
      // so that the memory of tensors can be freed
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(worst).toBeLessThan(1e-4);
  });
});
