import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { tensor, type Tensor } from "#tensor";
import { Measured } from "../../../grader/autograd/measured.ts";
import type { Arithmetic } from "../../../grader/autograd/operations.ts";
import { Variable } from "../../../grader/autograd/tape.ts";
import { readSafetensors } from "../../../grader/model/safetensors.ts";
import { EPSILON, TOLERANCE } from "../../../grader/verdict/compare.ts";
import {
  indexShapes,
  laterThan,
  lines,
  parameterShapes,
  settle,
  type Extent,
  type IndexName,
  type Line,
} from "./lines.ts";

type Named<X> = Record<string, X>;
type Indices = Record<IndexName, Tensor>;

/** What a line computes with; which of its inputs are index tensors its type knows. */
function inputsOf<X>(values: Readonly<Named<X>>, indices: Indices): Named<X & Tensor> {
  const inputs: Named<X | Tensor> = { ...values, ...indices };
  return inputs as Named<X & Tensor>;
}

/** One forward pass on the tape and the backward pass from the loss. */
function differentiateLoss<X extends Arithmetic<X>>(
  parameters: Named<X>,
  indices: Indices,
  settle: (value: X, output: string) => X = (value) => value,
): { values: Named<X>; gradients: Named<X> } {
  const variables: Named<Variable<X>> = {};
  for (const [name, value] of Object.entries(parameters)) variables[name] = new Variable(value);
  for (const { output, expression } of lines as readonly Line[]) {
    const variable = expression<Variable<X>>(inputsOf(variables, indices));
    variable.value = settle(variable.value, output);
    variables[output] = variable;
  }
  const loss = variables["loss"]!;
  loss.backward(loss.value.newZeros([]).add(1));
  const read = (of: (variable: Variable<X>) => X): Named<X> =>
    Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, of(variable)]));
  return { values: read(({ value }) => value), gradients: read(({ grad }) => grad!) };
}

/** A case of PyTorch's, from generate.py. */
function readCase(seed: number): { tensors: Named<Tensor>; indices: Indices; sizes: Record<string, number> } {
  const file = new URL(`torch-${seed}.safetensors`, import.meta.url);
  const { tensors, metadata } = readSafetensors(readFileSync(file));
  const sizes = Object.fromEntries(["batch", "time", "embd", "head", "vocab"].map((name) => [name, +metadata[name]!]));
  const indices = Object.fromEntries(Object.keys(indexShapes).map((name) => [name, tensors[name]!])) as Indices;
  return { tensors, indices, sizes };
}

const parameterNames = Object.keys(parameterShapes);
const only = <X>(values: Named<X>, names: readonly string[]): Named<X> =>
  Object.fromEntries(names.map((name) => [name, values[name]!]));
const float64 = (values: Named<Tensor>): Named<Measured> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Measured.from(value)]));
const outputs = lines.map(({ output }) => output);
const graded = [...parameterNames, ...outputs.filter((name) => name !== "loss")];

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
    const { values } = differentiateLoss(parameters, indices);
    const numbers = (shape: readonly Extent[]): number[] => shape.map((extent) => (extent === 1 ? 1 : sizes[extent]!));
    for (const [name, shape] of Object.entries({ ...parameterShapes, ...indexShapes }))
      expect(tensors[name]!.shape, name).toEqual(numbers(shape));
    for (const { output, shape } of lines) expect(values[output]!.shape, output).toEqual(numbers(shape));
    expect(indices.later.toArray()).toEqual(laterThan(sizes["time"]!).toArray());
  });

  it("the forward values agree within the tolerance", () => {
    const { values } = differentiateLoss(parameters, indices);
    const truth = differentiateLoss(measured, indices).values;
    for (const name of outputs)
      expect(worstRatio(values[name]!, tensors[name]!, truth[name]!), name).toBeLessThan(TOLERANCE);
  });

  it("the gradients agree within the tolerance", () => {
    const { gradients } = differentiateLoss(parameters, indices);
    const truth = differentiateLoss(measured, indices, settle).gradients;
    for (const name of graded)
      expect(worstRatio(gradients[name]!, tensors[`grad.${name}`]!, truth[name]!), name).toBeLessThan(TOLERANCE);
  });
});

it("the gradients of all parameters agree with central differences", () => {
  const { tensors, indices } = readCase(1);
  const parameters = float64(only(tensors, parameterNames));
  const { gradients } = differentiateLoss(parameters, indices);
  const H = 1e-5;
  for (const name of parameterNames) {
    const { shape, value } = parameters[name]!;
    const size = Math.max(...gradients[name]!.value.map(Math.abs));
    for (const [i, x] of value.entries()) {
      const lossAt = (moved: number): number => {
        const values: Named<Measured> = { ...parameters, [name]: new Measured(shape, value.with(i, moved)) };
        for (const { output, expression } of lines as readonly Line[])
          values[output] = expression<Measured>(inputsOf(values, indices));
        return values["loss"]!.value[0]!;
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
  const probsOf = (Xb: Tensor): Tensor => differentiateLoss(parameters, { ...indices, Xb }).values["probs"]!;
  const before = probsOf(indices.Xb);
  const last = Array.from({ length: batch * time }, (_, i) => (i % time === time - 1 ? 1 : 0));
  const others = tensor(
    [...indices.Xb.toArray()].map((character, i) => (character + last[i]!) % vocab),
    [batch, time],
    "int32",
  );
  const changed = probsOf(others).sub(before).each(Math.abs).sum([0, 2]).toArray();
  expect(changed.slice(0, -1)).toEqual(new Float32Array(time - 1));
  expect(changed.at(-1)).toBeGreaterThan(0.1);
});
