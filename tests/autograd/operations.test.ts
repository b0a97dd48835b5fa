import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { keepdim, tensor, type Tensor } from "#tensor";
import { Measured } from "../../grader/autograd/measured.ts";
import type { Operations } from "../../grader/autograd/operations.ts";
import { Spread } from "../../grader/autograd/spread.ts";
import { Variable, differentiate } from "../../grader/autograd/tape.ts";
import { EPSILON, TOLERANCE } from "../../grader/verdict/compare.ts";

interface Array64 {
  shape: number[];
  values: number[];
}

type Name = "a" | "b";

interface Recorded {
  cases: {
    call: string;
    inputs: Partial<Record<Name, Array64>>;
    index?: Array64;
    output: Array64;
    upstream: Array64;
    gradients: Partial<Record<Name, Array64>>;
  }[];
}

/** What PyTorch computed in float64, by data/torch/operations.py. */
const recorded = JSON.parse(
  readFileSync(new URL("../../data/torch/operations.json", import.meta.url), "utf8"),
) as Recorded;

type Expression = <X extends Operations<X>>(inputs: Record<Name, X>, index: Tensor) => X;

const expressions: Record<string, Expression> = {
  "sum([0, 1])": ({ a }) => a.sum([0, 1]),
  "sum([-1, 0], keepdim)": ({ a }) => a.sum([-1, 0], keepdim),
  "sum([3, 1, 0])": ({ a }) => a.sum([3, 1, 0]),
  "sum(-2)": ({ a }) => a.sum(-2),
  "mean(1, keepdim)": ({ a }) => a.mean(1, keepdim),
  "mean([0, 2])": ({ a }) => a.mean([0, 2]),
  "mean(-1)": ({ a }) => a.mean(-1),
  "mean()": ({ a }) => a.mean(),
  "var(-1, keepdim)": ({ a }) => a.var(-1, keepdim),
  "var([0, 2])": ({ a }) => a.var([0, 2]),
  "var(0)": ({ a }) => a.var(0),
  "max(0)": ({ a }) => a.max(0).values,
  "max(1, keepdim)": ({ a }) => a.max(1, keepdim).values,
  "max(-1)": ({ a }) => a.max(-1).values,
  "max(0) of a vector": ({ a }) => a.max(0).values,
  "softmax(0)": ({ a }) => a.softmax(0),
  "softmax(1)": ({ a }) => a.softmax(1),
  "softmax(-1)": ({ a }) => a.softmax(-1),
  "sigmoid()": ({ a }) => a.sigmoid(),
  "softplus()": ({ a }) => a.softplus(),
  "relu()": ({ a }) => a.relu(),
  "sign()": ({ a }) => a.sign().mul(a),
  T: ({ a }) => a.T,
  "transpose(0, 1)": ({ a }) => a.transpose(0, 1),
  "transpose(2, 0)": ({ a }) => a.transpose(2, 0),
  "transpose(-1, -2)": ({ a }) => a.transpose(-1, -2),
  "transpose(1, -1)": ({ a }) => a.transpose(1, -1),
  "transpose(1, 1)": ({ a }) => a.transpose(1, 1),
  "matmul(b)": ({ a, b }) => a.matmul(b),
  "transpose(1, 2).matmul(b)": ({ a, b }) => a.transpose(1, 2).matmul(b),
  "matmul(b.transpose(-2, -1))": ({ a, b }) => a.matmul(b.transpose(-2, -1)),
  "transpose(1, 2).matmul(b.T)": ({ a, b }) => a.transpose(1, 2).matmul(b.T),
  "maskedFill(mask, 0.5)": ({ a }, mask) => a.maskedFill(mask, 0.5),
  "maskedFill(mask, -Infinity).softmax(-1)": ({ a }, mask) => a.maskedFill(mask, -Infinity).softmax(-1),
  "gather(0, index)": ({ a }, index) => a.gather(0, index),
  "gather(1, index)": ({ a }, index) => a.gather(1, index),
  "gather(-1, index)": ({ a }, index) => a.gather(-1, index),
  "gather(0, index) of a vector": ({ a }, index) => a.gather(0, index),
};

/** An arithmetic's output and gradients, the output under "output". */
function computed<X extends Operations<X>>(
  differentiateIn: (expression: <Y extends Operations<Y>>(inputs: Record<Name, Y>) => Y) => Partial<Record<Name, X>>,
  inputs: Partial<Record<Name, X>>,
  expression: Expression,
  index: Tensor,
): Record<string, X> {
  const onTape = <Y extends Operations<Y>>(variables: Record<Name, Y>): Y => expression(variables, index);
  return { output: expression(inputs as Record<Name, X>, index), ...(differentiateIn(onTape) as Record<Name, X>) };
}

describe.each(recorded.cases.map((recordedCase, i) => ({ ...recordedCase, i })))(
  "$call, PyTorch's case $i",
  ({ call, inputs, index, output, upstream, gradients }) => {
    const expression = expressions[call]!;
    const tensorOf = ({ shape, values }: Array64): Tensor => tensor(values, shape);
    const given = Object.fromEntries(Object.entries(inputs).map(([name, array]) => [name, tensorOf(array)]));
    const marks = index ? tensor(index.values, index.shape, "int32") : tensor([], [0], "int32");
    const g = tensorOf(upstream);
    const expected: Record<string, Array64> = { output, ...gradients };
    const measured = Object.fromEntries(Object.entries(given).map(([name, x]) => [name, Measured.from(x)]));
    const float64 = computed<Measured>(
      (onTape) => differentiate(onTape, measured as Record<Name, Measured>, Measured.from(g)),
      measured,
      expression,
      marks,
    );

    it("has the same output and gradients in float64, with magnitudes no smaller than the values", () => {
      for (const [name, { shape, values }] of Object.entries(expected)) {
        const ours = float64[name]!;
        expect(ours.shape, name).toEqual(shape);
        for (const [i, x] of values.entries()) {
          const size = ours.magnitude[i]!;
          expect(size, `${name}, magnitude ${i}`).toBeGreaterThanOrEqual(Math.abs(x) * (1 - 1e-12));
          expect(Math.abs(ours.value[i]! - x), `${name}, element ${i}`).toBeLessThanOrEqual(1e-13 * size);
        }
      }
    });

    it("agrees in float32 within the tolerance given by the magnitudes", () => {
      const float32 = computed<Tensor>(
        (onTape) => differentiate(onTape, given as Record<Name, Tensor>, g),
        given,
        expression,
        marks,
      );
      for (const [name, { shape, values }] of Object.entries(expected)) {
        expect(float32[name]!.shape, name).toEqual(shape);
        for (const [i, x] of float32[name]!.toArray().entries()) {
          const size = float64[name]!.magnitude[i]!;
          expect(Math.abs(x - values[i]!), `${name}, element ${i}`).toBeLessThanOrEqual(TOLERANCE * EPSILON * size);
        }
      }
    });

    it("has the float64 values bit for bit when variances are computed as well", () => {
      const spreads = Object.fromEntries(Object.entries(given).map(([name, x]) => [name, Spread.from(x)]));
      const found = computed<Spread>(
        (onTape) => differentiate(onTape, spreads as Record<Name, Spread>, Spread.from(g)),
        spreads,
        expression,
        marks,
      );
      for (const name of Object.keys(expected)) {
        expect([...found[name]!.value]).toEqual([...float64[name]!.value]);
        for (const variance of found[name]!.variance ?? []) expect(variance).toBeGreaterThanOrEqual(0);
      }
    });
  },
);

it("PyTorch's cases include each of these expressions", () => {
  const calls = new Set(recorded.cases.map(({ call }) => call));
  expect(Object.keys(expressions).filter((call) => !calls.has(call))).toEqual([]);
});

describe("magnitudes", () => {
  const a = new Measured([2, 1, 2], Float64Array.of(1, -2, 3, 4), Float64Array.of(10, 20, 30, 40));

  it("of a batch of products are the products of the magnitudes", () => {
    const b = new Measured([2, 1], Float64Array.of(5, 6), Float64Array.of(7, 8));
    const product = a.matmul(b);
    expect(product.shape).toEqual([2, 1, 1]);
    expect([...product.value]).toEqual([5 - 12, 15 + 24]);
    expect([...product.magnitude]).toEqual([70 + 160, 210 + 320]);
  });

  it("of a sum over several dimensions add up", () => {
    expect([...a.sum([0, 1]).magnitude]).toEqual([40, 60]);
    expect([...a.sum([0, 2]).magnitude]).toEqual([100]);
  });

  it("move with their elements, and a filled element has the magnitude of the fill value", () => {
    expect([...a.transpose(0, 2).magnitude]).toEqual([10, 30, 20, 40]);
    const filled = a.maskedFill(tensor([0, 1], [2], "int32"), -5);
    expect([...filled.value]).toEqual([1, -5, 3, -5]);
    expect([...filled.magnitude]).toEqual([10, 5, 30, 5]);
  });

  it("of elements that an elementwise function leaves unchanged are kept, and its other results count as exact", () => {
    const clamped = a.each((x) => Math.max(x, 2));
    expect([...clamped.value]).toEqual([2, 2, 3, 4]);
    expect([...clamped.magnitude]).toEqual([2, 2, 30, 40]);
  });

  it("of exp(-Infinity) are 0, because nothing is rounded there", () => {
    const masked = a.maskedFill(tensor([1, 0], [2], "int32"), -Infinity);
    expect(masked.sub(3).exp().magnitude[0]).toBe(0);
    expect(masked.softmax(2).magnitude.every((size) => Number.isFinite(size))).toBe(true);
  });
});

it("the gradient of a matrix that multiplies a whole batch is a single product over all rows of the batch", () => {
  const draw = (...shape: number[]): Tensor =>
    tensor(
      Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(7 * i) * 10 ** (i % 4)),
      shape,
    );
  const [a, b, g] = [draw(3, 5, 2), draw(2, 4), draw(3, 5, 4)];
  const gradients = differentiate(({ a, b }) => a.matmul(b), { a, b }, g);
  expect([...gradients.b!.toArray()]).toEqual([...a.view(15, 2).T.matmul(g.view(15, 4)).toArray()]);
  expect([...gradients.b!.toArray()]).not.toEqual([...a.transpose(1, 2).matmul(g).sum(0).toArray()]);
});

describe("on the tape", () => {
  const variable = new Variable(Measured.from(tensor([1, 2])));

  it("an arbitrary elementwise function is refused: its derivative is unknown", () => {
    expect(() => variable.each()).toThrow("each: no gradient flows back through a function of each element");
  });

  it("a constant gets no gradient, and does not stop those of other tensors", () => {
    const { x } = differentiate(
      ({ x }) => x.mul(x.newTensor(tensor([3, 4]))),
      { x: tensor([1, 2]) },
      tensor([10, 100]),
    );
    expect([...x!.toArray()]).toEqual([30, 400]);
  });
});
