import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Tensor } from "#tensor";
import { Spread, inDeviations } from "../../grader/autograd/spread.ts";
import { attention } from "../../grader/course/7-exam/attention/network.ts";
import { block } from "../../grader/course/7-exam/block/network.ts";
import { embeddings } from "../../grader/course/7-exam/embeddings/network.ts";
import { heads } from "../../grader/course/7-exam/heads/network.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { caseFromBatch, makeBatches } from "../../grader/kit/case.ts";
import { differentiateLoss } from "../../grader/network/backward.ts";
import type { Named } from "../../grader/network/named.ts";
import {
  gradedTensorsOf,
  shapeOfTensor,
  sizesOfBatch,
  startNamesOf,
  type Network,
} from "../../grader/network/network.ts";
import { readSafetensors } from "../../grader/network/safetensors.ts";
import { shapeIn } from "../../grader/network/shape.ts";
import { difference } from "../../grader/verdict/compare.ts";

const file = new URL("../../data/torch/sequences.safetensors", import.meta.url);
const { tensors: stored } = readSafetensors(readFileSync(file));
const layers: readonly Network[] = [attention, heads, embeddings, block];
const cases = [1, 2, 3, 4, 5, 6];

/** The tensors of a case of PyTorch's, by name. */
function caseOf({ name }: Network, number: number): Named<Tensor> {
  const start = `${name}.${number}.`;
  const own = Object.entries(stored).filter(([key]) => key.startsWith(start));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(start.length), value]));
}

const only = <X>(values: Named<X>, names: readonly string[]): Named<X> =>
  Object.fromEntries(names.map((name) => [name, values[name]!]));

/** 0 for what a mask replaced. */
const finite = (x: number): number => (Number.isFinite(x) ? x : 0);

describe.each(layers.map((network) => [network.name, network] as const))("PyTorch's tensors of %s", (_, network) => {
  it("come in six cases of different sizes, and each has the shape that the layer says", () => {
    const sizes = cases.map((number) => {
      const given = [...startNamesOf(network), ...Object.keys(network.indices)];
      const found = sizesOfBatch(network, only(caseOf(network, number), given));
      for (const [name, { shape }] of Object.entries(caseOf(network, number))) {
        const extents = shapeOfTensor(network, name.replace("grad.", ""))!;
        expect(shape, name).toEqual(shapeIn(extents, found));
      }
      return JSON.stringify(found);
    });
    expect(new Set(sizes).size).toBe(cases.length);
  });

  it.each(cases)("agree with ours in every line and every gradient, case %d", (number) => {
    const torch = caseOf(network, number);
    const start = only(torch, startNamesOf(network));
    const exact = Object.fromEntries(Object.entries(start).map(([name, value]) => [name, Spread.from(value)]));
    const { values, gradients } = differentiateLoss(network, exact, only(torch, Object.keys(network.indices)));
    for (const { output } of network.lines)
      expect(
        difference(torch[output]!.each(finite), inDeviations(values[output]!.each(finite))),
        output,
      ).toBeUndefined();
    const graded = gradedTensorsOf(network);
    expect(graded.length).toBeGreaterThan(5);
    for (const name of graded)
      expect(difference(torch[`grad.${name}`]!, inDeviations(gradients[name]!)), `d${name}`).toBeUndefined();
  });
});

const steps = functionSteps.filter(({ network }) => layers.includes(network));

it.each(steps.map((step) => [step.id, step] as const))("the reference of %s accepts PyTorch's gradient", (_, step) => {
  const { network, tensor } = step;
  for (const number of cases) {
    const torch = caseOf(network, number);
    const indices = only(torch, Object.keys(network.indices));
    const start = only(torch, startNamesOf(network));
    const gradients = Object.fromEntries(gradedTensorsOf(network).map((name) => [name, torch[`grad.${name}`]!]));
    const { truth } = caseFromBatch(step, sizesOfBatch(network, { ...start, ...indices }), indices, torch, gradients);
    expect(difference(gradients[tensor]!, truth), String(number)).toBeUndefined();
  }
});

describe("the batches of a layer, whatever the seed,", () => {
  const seeds = Array.from({ length: 20 }, (_, seed) => seed * 16);

  it("have scores so far from 0 that exp overflows, or gives 0 for a whole row, and small weights", () => {
    for (const seed of seeds) {
      const batches = makeBatches(attention, seed);
      const [, sharp, lifted, pair] = batches.map(({ value }) => value);
      expect(Math.min(...lifted!("scores").toArray())).toBeGreaterThan(89);
      expect(Math.max(...pair!("scores").toArray())).toBeLessThan(-104);
      expect(Math.min(...[...sharp!("weights").toArray()].filter((weight) => weight > 0))).toBeLessThan(1e-3);
    }
  });

  it("have a first position that attends to itself alone, and two sequences at the end", () => {
    for (const seed of seeds)
      for (const network of [attention, heads, block]) {
        const batches = makeBatches(network, seed);
        expect(batches.at(-1)!.sizes["sequences"]).toBe(2);
        for (const { value } of batches) {
          const weights = value("weights");
          expect(weights.get(...weights.shape.map(() => 0))).toBe(1);
        }
      }
  });

  it("have characters that repeat within a sequence, and some that do not occur", () => {
    for (const seed of seeds)
      for (const { indices, sizes } of makeBatches(embeddings, seed)) {
        const Xb = indices["Xb"]!;
        expect(Xb.get(0, 0)).toBe(Xb.get(0, 1));
        expect(new Set(Xb.toArray()).size).toBeLessThan(sizes["vocab"]!);
      }
  });

  it("have a position whose variance is as small as epsilon", () => {
    for (const seed of seeds)
      for (const { value, marks } of makeBatches(block, seed)) {
        const { sequences, time } = marks!["quiet"]!;
        const row = [...value("x").toArray()].slice(...rowAt(value("x"), sequences!, time!));
        const mean = row.reduce((sum, x) => sum + x, 0) / row.length;
        const variance = row.reduce((sum, x) => sum + (x - mean) ** 2, 0) / row.length;
        expect(variance).toBeGreaterThan(1e-8);
        expect(variance).toBeLessThan(1e-4);
      }
  });
});

function rowAt({ shape }: Tensor, sequence: number, position: number): [from: number, to: number] {
  const [, time, width] = shape as [number, number, number];
  const from = (sequence * time + position) * width;
  return [from, from + width];
}
