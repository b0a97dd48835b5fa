import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Tensor } from "#tensor";
import { Measured } from "../../grader/autograd/measured.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { caseFromBatch } from "../../grader/kit/case.ts";
import { differentiateLoss } from "../../grader/network/backward.ts";
import type { Named } from "../../grader/network/named.ts";
import { gradedTensorsOf, sizesOfBatch, startNamesOf, type Network } from "../../grader/network/network.ts";
import { readSafetensors } from "../../grader/network/safetensors.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { TOLERANCE, worstRatio } from "../../grader/verdict/compare.ts";

const SEEDS = [1, 2, 3, 4, 5, 6];

/** The layers that data/torch/layers.py has. */
const layers = ["relu", "bce", "dropout", "softmax", "layernorm", "rmsnorm", "gelu"];
const steps = functionSteps.filter(({ network }) => layers.includes(network.name));
const networks = [...new Set(steps.map(({ network }) => network))];

/** A layer's tensors and gradients as PyTorch computed them, by seed. */
function readLayer({ name }: Network): (seed: number) => { values: Named<Tensor>; gradients: Named<Tensor> } {
  const { tensors } = readSafetensors(readFileSync(`${projectRoot}/data/torch/layers/${name}.safetensors`));
  const named = (start: string): Named<Tensor> => {
    const found = Object.entries(tensors).filter(([key]) => key.startsWith(start));
    return Object.fromEntries(found.map(([key, value]) => [key.slice(start.length), value]));
  };
  return (seed) => ({ values: named(`${seed}.`), gradients: named(`${seed}.grad.`) });
}

describe.each(networks)("$name, as PyTorch computes it at six random sizes", (network) => {
  const torch = readLayer(network);
  const own = steps.filter((step) => step.network === network);

  it.each(SEEDS)("each value and gradient of the whole layer agrees, case %d", (seed) => {
    const { values, gradients } = torch(seed);
    const start = Object.fromEntries(startNamesOf(network).map((name) => [name, values[name]!]));
    const exact = Object.fromEntries(Object.entries(start).map(([name, value]) => [name, Measured.from(value)]));
    const ours = differentiateLoss<Tensor>(network, start, {});
    const truth = differentiateLoss(network, exact, {}, network.settle).gradients;
    const forward = differentiateLoss(network, exact, {}, (value) => value).values;
    for (const { output } of network.lines) {
      expect(worstRatio(ours.values[output]!, forward[output]!), output).toBeLessThan(TOLERANCE);
      expect(worstRatio(values[output]!, forward[output]!), `PyTorch's ${output}`).toBeLessThan(TOLERANCE);
    }
    for (const name of gradedTensorsOf(network)) {
      expect(worstRatio(ours.gradients[name]!, truth[name]!), `d${name}`).toBeLessThan(TOLERANCE);
      expect(worstRatio(gradients[name]!, truth[name]!), `PyTorch's d${name}`).toBeLessThan(TOLERANCE);
    }
  });

  it.each(SEEDS)("each step's reference accepts PyTorch's gradient, case %d", (seed) => {
    const { values, gradients } = torch(seed);
    const sizes = sizesOfBatch(network, values);
    for (const step of own) {
      const { truth } = caseFromBatch(step, sizes, {}, values, gradients);
      expect(gradients[step.tensor]!.shape, step.id).toEqual(truth.shape);
      expect(worstRatio(gradients[step.tensor]!, truth), step.id).toBeLessThan(TOLERANCE);
    }
  });
});

it("PyTorch's cases have sizes of their own", () => {
  for (const network of networks) {
    const all = SEEDS.map((seed) => JSON.stringify(sizesOfBatch(network, readLayer(network)(seed).values)));
    expect(new Set(all).size, network.name).toBe(SEEDS.length);
  }
});
