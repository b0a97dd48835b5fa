import { describe, expect, it } from "vitest";
import { tensor, type Tensor } from "#tensor";
import { Measured } from "../../../grader/autograd/measured.ts";
import { differentiateLoss, forward } from "../../../grader/network/backward.ts";
import type { Indices, Named } from "../../../grader/network/named.ts";
import { gradedTensorsOf, parameterNamesOf, shapeOfTensor } from "../../../grader/network/network.ts";
import { shapeIn, type Sizes } from "../../../grader/network/shape.ts";
import { EPSILON, TOLERANCE } from "../../../grader/verdict/compare.ts";
import { laterThan } from "./lines.ts";
import { attention } from "./network.ts";
import { readTorch } from "./steps.ts";

/** A case of PyTorch's, its index tensors apart. */
function readCase(seed: number): { tensors: Named<Tensor>; indices: Indices; sizes: Sizes } {
  const { tensors, sizes } = readTorch(seed);
  return { tensors, sizes, indices: only(tensors, Object.keys(attention.indices)) };
}

const parameterNames = parameterNamesOf(attention);
const only = <X>(values: Named<X>, names: readonly string[]): Named<X> =>
  Object.fromEntries(names.map((name) => [name, values[name]!]));
const float64 = (values: Named<Tensor>): Named<Measured> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Measured.from(value)]));
const outputs = attention.lines.map(({ output }) => output);
const { settle } = attention;

/** |ours - PyTorch's| in units of epsilon times magnitude, the largest over the elements. */
function worstRatio(ours: Tensor, torch: Tensor, { magnitude }: Measured): number {
  expect(ours.shape).toEqual(torch.shape);
  const [a, b] = [ours.toArray(), torch.toArray()];
  const ratios = [...a].map((x, i) =>
    Object.is(x, b[i]) || x === b[i] ? 0 : Math.abs(x - b[i]!) / (EPSILON * magnitude[i]!),
  );
  return Math.max(...ratios);
}

describe.each([1, 2, 3, 4])("of the attention network, PyTorch's case %d", (seed) => {
  const { tensors, indices, sizes } = readCase(seed);
  const parameters = only(tensors, parameterNames);
  const measured = float64(parameters);

  it("each tensor has the shape that the table says", () => {
    const { values } = differentiateLoss(attention, parameters, indices);
    for (const [name, value] of Object.entries({ ...values, ...indices }))
      expect(value.shape, name).toEqual(shapeIn(shapeOfTensor(attention, name)!, sizes));
    expect(indices["later"]!.toArray()).toEqual(laterThan(sizes["time"]!).toArray());
  });

  it("the forward values agree within the tolerance", () => {
    const { values } = differentiateLoss(attention, parameters, indices);
    const truth = differentiateLoss(attention, measured, indices).values;
    for (const name of outputs)
      expect(worstRatio(values[name]!, tensors[name]!, truth[name]!), name).toBeLessThan(TOLERANCE);
  });

  it("the gradients agree within the tolerance", () => {
    const { gradients } = differentiateLoss(attention, parameters, indices);
    const truth = differentiateLoss(attention, measured, indices, settle).gradients;
    for (const name of gradedTensorsOf(attention))
      expect(worstRatio(gradients[name]!, tensors[`grad.${name}`]!, truth[name]!), name).toBeLessThan(TOLERANCE);
  });
});

it("the gradients of all parameters agree with central differences", () => {
  const { tensors, indices } = readCase(1);
  const parameters = float64(only(tensors, parameterNames));
  const { gradients } = differentiateLoss(attention, parameters, indices);
  const H = 1e-5;
  for (const name of parameterNames) {
    const { shape, value } = parameters[name]!;
    const size = Math.max(...gradients[name]!.value.map(Math.abs));
    for (const [i, x] of value.entries()) {
      const lossAt = (moved: number): number => {
        const changed = { ...parameters, [name]: new Measured(shape, value.with(i, moved)) };
        return forward(attention.lines, changed, indices)["loss"]!.value[0]!;
      };
      const central = (lossAt(x + H) - lossAt(x - H)) / (2 * H);
      expect(Math.abs(gradients[name]!.value[i]! - central) / size, `${name}, element ${i}`).toBeLessThan(1e-5);
    }
  }
});

it("no character has an influence on what is predicted before it", () => {
  const { tensors, indices, sizes } = readCase(4);
  const parameters = only(tensors, parameterNames);
  const { vocab, time, batch } = sizes as { vocab: number; time: number; batch: number };
  const probsOf = (Xb: Tensor): Tensor => forward<Tensor>(attention.lines, parameters, { ...indices, Xb })["probs"]!;
  const before = probsOf(indices["Xb"]!);
  const last = Array.from({ length: batch * time }, (_, i) => (i % time === time - 1 ? 1 : 0));
  const others = tensor(
    [...indices["Xb"]!.toArray()].map((character, i) => (character + last[i]!) % vocab),
    [batch, time],
    "int32",
  );
  const changed = probsOf(others).sub(before).each(Math.abs).sum([0, 2]).toArray();
  expect(changed.slice(0, -1)).toEqual(new Float32Array(time - 1));
  expect(changed.at(-1)).toBeGreaterThan(0.1);
});
