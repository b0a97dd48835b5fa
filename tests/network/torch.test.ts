import { afterAll, describe, expect, it } from "vitest";
import type { Tensor } from "#tensor";
import { Measured } from "../../grader/autograd/measured.ts";
import type { Batch } from "../../grader/course/makemore/lines.ts";
import { differentiateLoss, forward } from "../../grader/network/backward.ts";
import type { Named } from "../../grader/network/named.ts";
import { lines } from "../../grader/course/makemore/lines.ts";
import { parameterNames } from "../../grader/course/makemore/parameters.ts";
import { readTorch } from "../../grader/runner/data.ts";
import { EPSILON, TOLERANCE } from "../../grader/verdict/compare.ts";
import { gradedTensorsOf } from "../../grader/network/network.ts";
import { makemore } from "../../grader/course/makemore/network.ts";

/** The largest |ours - PyTorch's| of all elements, in units of epsilon times magnitude. */
function worstRatio(ours: Tensor, torch: Tensor, { magnitude }: Measured): number {
  const [a, b] = [ours.toArray(), torch.toArray()];
  expect(ours.shape).toEqual(torch.shape);
  return magnitude.reduce((worst, size, i) => {
    const difference = Math.abs(a[i]! - b[i]!);
    return difference === 0 ? worst : Math.max(worst, difference / (EPSILON * size));
  }, 0);
}

describe("our float32 reference agrees with PyTorch within c * epsilon * magnitude", () => {
  const worst: string[] = [];
  for (const name of ["lecture", "random-1", "random-2", "random-3", "random-4", "random-5", "random-6"]) {
    const { tensors, metadata } = readTorch(name);
    const batch: Batch = { Xb: tensors["Xb"]!, Yb: tensors["Yb"]! };
    const parameters = Object.fromEntries(parameterNames.map((parameter) => [parameter, tensors[parameter]!]));
    const measured: Named<Measured> = {};
    for (const parameter of parameterNames) measured[parameter] = Measured.from(parameters[parameter]!);
    const ours = differentiateLoss<Tensor>(makemore, parameters, batch);

    it(`in every forward tensor of ${name}`, () => {
      const sizes = forward<Measured>(makemore.lines, measured, batch);
      const ratios = lines.map(({ output }) => {
        return { output, ratio: worstRatio(ours.values[output]!, tensors[output]!, sizes[output]!) };
      });
      const largest = ratios.reduce((a, b) => (b.ratio > a.ratio ? b : a));
      worst.push(`${name} (${metadata["n"]} examples): forward ${largest.ratio.toFixed(2)} (${largest.output})`);
      expect(largest.ratio).toBeLessThan(TOLERANCE);
    });

    it(`in all 26 gradients of ${name}`, () => {
      const { gradients } = differentiateLoss(makemore, measured, batch, (value) => value.given());
      const ratios = gradedTensorsOf(makemore).map((graded) => {
        return { graded, ratio: worstRatio(ours.gradients[graded]!, tensors[`grad.${graded}`]!, gradients[graded]!) };
      });
      expect(ratios).toHaveLength(26);
      const largest = ratios.reduce((a, b) => (b.ratio > a.ratio ? b : a));
      worst.push(`${name}: gradients ${largest.ratio.toFixed(2)} (d${largest.graded})`);
      expect(largest.ratio).toBeLessThan(TOLERANCE);
    });
  }

  afterAll(() => {
    console.log(`worst ratios against PyTorch, of ${TOLERANCE} allowed:\n  ${worst.join("\n  ")}`);
  });
});

describe("the lecture's batch", () => {
  it("is the one in the video: Yb begins 8, 14, 15 and the loss is 3.344412", () => {
    const { tensors } = readTorch("lecture");
    expect(Array.from(tensors["Yb"]!.toArray().slice(0, 3))).toEqual([8, 14, 15]);
    const parameters = Object.fromEntries(parameterNames.map((name) => [name, tensors[name]!]));
    const { loss } = forward<Tensor>(makemore.lines, parameters, { Xb: tensors["Xb"]!, Yb: tensors["Yb"]! });
    expect(loss!.item()).toBeCloseTo(3.344412, 5);
  });
});
