import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { tensor, type Tensor } from "#tensor";
import { Measured } from "../../grader/autograd/measured.ts";
import { drawNumbersOf, drawOrder, drawShape, reachable } from "../../grader/course/6-engine/draw-graph.ts";
import type { DrawnGraph } from "../../grader/course/6-engine/graph.ts";
import { steps } from "../../grader/course/steps.ts";
import type { Truth, Value } from "../../grader/kit/program.ts";
import type { ProgramStep } from "../../grader/kit/step.ts";
import { Generator } from "../../grader/network/random.ts";
import { projectRoot } from "../../grader/runner/project.ts";

/** Numbers as data/torch/engine.py writes them. */
interface Plain {
  shape: number[];
  values: number[];
}

interface Operation {
  name: string;
  inputs: Record<string, Plain>;
  index?: Plain;
  settings: { dim?: number | null; keepdim?: boolean; exponent?: number };
  upstream: Plain;
  gradients: Record<string, Plain>;
}

interface Graph {
  steps: ([] | [number, number, boolean])[];
  values: number[];
  gradients: number[];
}

const torch = JSON.parse(readFileSync(path.join(projectRoot, "data", "torch", "engine.json"), "utf8")) as {
  operations: Operation[];
  graphs: Graph[];
};

const stepFor: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["add", "sub", "mul", "div"].map((name) => [name, "arithmetic"])),
  ...Object.fromEntries(["pow", "exp", "log", "tanh"].map((name) => [name, "elementwise"])),
  ...Object.fromEntries(["sum", "mean"].map((name) => [name, "reduction"])),
  ...Object.fromEntries(["gatherRows", "view"].map((name) => [name, "rearrangement"])),
  matmul: "matrixProduct",
  max: "maximum",
};

const programOf = (id: string): ProgramStep["program"] =>
  steps.find((step): step is ProgramStep => step.id === id)!.program;

function float(plain: Plain): Tensor {
  return tensor(plain.values, plain.shape);
}

/** An operation on tensors of any precision. */
function forward<X extends Measured | Tensor>({ name, settings, index, upstream }: Operation, [x, y]: X[]): X {
  const { dim, keepdim, exponent } = settings;
  const [a, b] = [x as Measured, y as Measured];
  const of = (): Measured => {
    if (name === "pow") return a.pow(exponent!);
    if (name === "exp" || name === "log" || name === "tanh") return a[name]();
    if (name === "sum" || name === "mean") return dim === null ? a[name]() : a[name](dim!, keepdim);
    if (name === "max") return a.max(dim!, keepdim).values;
    if (name === "gatherRows") return a.gatherRows(tensor(index!.values, index!.shape, "int32"));
    return name === "view" ? a.view(...upstream.shape) : a[name as "add"](b);
  };
  return of() as X;
}

/** What the room says that the gradients are, each in its input's shape. */
function referenceFor(operation: Operation): readonly Measured[] {
  const { name, settings, index } = operation;
  const inputs = Object.fromEntries(Object.entries(operation.inputs).map(([key, plain]) => [key, float(plain)]));
  const output = forward(operation, Object.values(inputs));
  const record = {
    name,
    ...inputs,
    ...settings,
    index: index ? tensor(index.values, index.shape, "int32") : null,
    ...(name === "max" && { indices: inputs["x"]!.max(settings.dim!, settings.keepdim).indices }),
    output,
    upstream: float(operation.upstream),
  };
  const truth = programOf(stepFor[name]!).right([record as unknown as Value]) as Truth;
  const gradients = (Array.isArray(truth) ? truth : [truth]) as Measured[];
  return gradients.map((gradient, i) => {
    const { shape } = Object.values(inputs)[i]!;
    return summedTo(gradient, shape);
  });
}

/** The gradient in an input's shape, as the room of unbroadcast has it; from float64, which a question cannot hold. */
function summedTo(gradient: Measured, shape: readonly number[]): Measured {
  const right = (part: Float64Array): Measured =>
    programOf("unbroadcast").right([tensor(part, gradient.shape), [...shape]]) as Measured;
  // a float64 number is the sum of two float32 numbers, but for its last bits
  const high = Float64Array.from(gradient.value, Math.fround);
  const low = Float64Array.from(gradient.value, (x, i) => x - high[i]!);
  return right(high).add(right(low));
}

function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>, within: number, what: string): void {
  const size = Math.max(...Array.from(wanted, Math.abs), 1e-3);
  const worst = Math.max(...Array.from(found, (x, i) => Math.abs(x - wanted[i]!))) / size;
  expect(found.length, what).toBe(wanted.length);
  expect(worst, what).toBeLessThan(within);
}

describe("the reference of each operation's rule", () => {
  it("is PyTorch's gradient, at six random sizes", () => {
    const names = new Set(torch.operations.map(({ name }) => name));
    expect([...names].sort()).toEqual(Object.keys(stepFor).sort());
    for (const operation of torch.operations) {
      const found = referenceFor(operation);
      for (const [i, [key, wanted]] of Object.entries(operation.gradients).entries()) {
        const what = `${operation.name} of ${JSON.stringify(operation.inputs[key]!.shape)}`;
        expect(found[i]!.shape, what).toEqual(wanted.shape);
        // elementwise slopes may be computed from the output, which was rounded to float32
        expectClose(found[i]!.value, wanted.values, operation.name === "tanh" ? 1e-6 : 1e-12, what);
      }
    }
  });

  it("agrees with central differences", () => {
    const H = 1e-6;
    for (const operation of torch.operations.slice(0, torch.operations.length / 6)) {
      const inputs = Object.values(operation.inputs).map((plain) => Measured.from(float(plain)));
      const upstream = operation.upstream.values;
      const loss = (changed: Measured[]): number =>
        forward(operation, changed).value.reduce((sum, y, i) => sum + y * upstream[i]!, 0);
      const found = referenceFor(operation);
      for (const [k, input] of inputs.entries()) {
        const at = (i: number, x: number): number =>
          loss(inputs.with(k, new Measured(input.shape, input.value.with(i, x))));
        const central = Array.from(input.value, (x, i) => (at(i, x + H) - at(i, x - H)) / (2 * H));
        expectClose(found[k]!.value, central, 1e-5, operation.name);
      }
    }
  });
});

describe("the reference of the backward pass", () => {
  it("is PyTorch's gradient of random graphs", () => {
    for (const { steps: made, values, gradients } of torch.graphs) {
      const slope = (x: number): Tensor => tensor(x);
      const graph: DrawnGraph = made.map(([i, j, product], node) => ({
        value: tensor(values[node]!),
        inputs: i === undefined ? [] : [i, j!],
        slopes: i === undefined ? [] : product ? [slope(values[j!]!), slope(values[i]!)] : [null, null],
      }));
      const inputs = graph.map((node) => node.inputs);
      const order = [...reachable(inputs, made.length - 1)].sort((a, b) => a - b);
      const [found] = programOf("backward").right([graph as unknown as Value, [order]]) as unknown as [Measured[]];
      expectClose(
        found.map(({ value }) => value[0]!),
        order.map((node) => gradients[node]!),
        1e-5,
        JSON.stringify(made),
      );
    }
  });
});

describe("random graphs", () => {
  it("have nodes that are used several times, twice by one node, and by nodes at different distances", () => {
    for (let seed = 0; seed < 50; seed++) {
      const { inputs, roots } = drawShape(new Generator(seed), 9);
      const uses = inputs.flat();
      expect(new Set(uses).size).toBeLessThan(uses.length);
      expect(inputs.some((own) => new Set(own).size < own.length)).toBe(true);
      for (const root of roots) expect(reachable(inputs, root).size).toBeGreaterThan(4);
    }
  });

  it("are ordered at random, each node after its inputs", () => {
    const { inputs, roots } = drawShape(new Generator(1), 14);
    const orders = Array.from({ length: 20 }, (_, seed) => drawOrder(new Generator(seed), inputs, roots[0]));
    expect(new Set(orders.map(String)).size).toBeGreaterThan(5);
    for (const order of orders) {
      for (const [place, node] of order.entries()) {
        for (const input of inputs[node]!) expect(order.indexOf(input)).toBeLessThan(place);
      }
      expect(order.at(-1)).toBe(roots[0]);
    }
  });

  it("pass some gradients on unchanged, as the very same tensor", () => {
    const shape = drawShape(new Generator(2), 14);
    const slopes = drawNumbersOf(new Generator(3), shape, 3).flatMap((node) => node.slopes);
    expect(slopes).toContain(null);
    expect(slopes.some((slope) => slope !== null)).toBe(true);
  });
});
