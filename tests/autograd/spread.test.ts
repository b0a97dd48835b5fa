import { describe, expect, it } from "vitest";
import { keepdim, tensor, type Tensor } from "#tensor";
import type { Arithmetic } from "../../grader/autograd/operations.ts";
import { Spread } from "../../grader/autograd/spread.ts";
import { Variable } from "../../grader/autograd/tape.ts";
import { Generator } from "../../grader/network/random.ts";
import { EPSILON } from "../../grader/verdict/compare.ts";

const everyThird = tensor(
  Array.from({ length: 14 }, (_, i) => (i % 3 === 0 ? 1 : 0)),
  [14],
  "int32",
);

interface Inputs<X> {
  a: X;
  b: X;
  positive: X;
}

type Computation = <X extends Arithmetic<X>>(inputs: Inputs<X>, index: Tensor) => X;

const computations: Record<string, Computation> = {
  add: ({ a, b }) => a.add(b),
  "add, a difference of what is nearly equal": ({ a, b }) => a.add(b).sub(a),
  mul: ({ a, b }) => a.mul(b).mul(a),
  div: ({ a, positive }) => a.mul(a).div(positive.mul(positive)),
  "broadcasting, both ways": ({ a, b }) => a.sum(0, keepdim).mul(b).sub(a.sum(1, keepdim).mul(b)),
  exp: ({ a, b }) => a.mul(b).exp(),
  log: ({ positive }) => positive.mul(positive).log(),
  tanh: ({ a, b }) => a.mul(b).tanh(),
  sigmoid: ({ a, b }) => a.mul(b).sigmoid(),
  softplus: ({ a, b }) => a.mul(b).softplus(),
  relu: ({ a, b }) => a.mul(b).relu().mul(a.sign()),
  pow: ({ positive }) => positive.mul(positive).pow(-1.5),
  square: ({ a, b }) => a.add(b).pow(2),
  sum: ({ a, b }) => a.mul(b).sum(0),
  "sum of what has one sign": ({ positive }) => positive.sum(1),
  mean: ({ a }) => a.mul(a).mean(),
  matmul: ({ a, b }) => a.matmul(b.T),
  "matmul of products": ({ a, b }) => a.mul(b).matmul(b.mul(a).T).matmul(a.sub(b)),
  "a lookup and back": ({ a, b }, index) =>
    a.newZeros(a.shape).indexAdd(0, index, a.mul(b).gatherRows(index).mul(b.gatherRows(index))),
  "elements picked and added where they were": ({ a, b }) =>
    a.newZeros(a.shape).scatterAdd(
      0,
      everyThird.view(1, 14),
      a
        .mul(b)
        .gather(0, everyThird.view(1, 14))
        .mul(b.gather(0, everyThird.view(1, 14))),
    ),
  "elements picked, negated and repeated": ({ a, b }) => a.mul(b).neg().gather(0, everyThird.view(1, 14)).expand(9, 14),
  "a maximum": ({ a, b }) => a.mul(b).sub(a.mul(b).max(1, keepdim).values),
  "sum over several dimensions": ({ a, b }) => a.mul(b).view(3, 3, 2, 7).sum([0, 2]),
  "mean over two dimensions": ({ a, b }) => a.mul(b).view(3, 3, 14).mean([0, 1]),
  variance: ({ a, b }) => a.mul(b).var(1),
  "products of batches": ({ a, b }) =>
    a
      .mul(b)
      .view(3, 3, 14)
      .matmul(b.view(3, 3, 14).transpose(1, 2)),
  "softmax over what a mask leaves": ({ a, b }) => a.mul(b).maskedFill(everyThird, -Infinity).softmax(1),
  softmax: ({ a, b }) => {
    const counts = a.mul(b).exp();
    return counts.mul(counts.sum(1, keepdim).pow(-1));
  },
};

/** The errors of float32, divided by the standard deviation that Spread predicts, over many draws. */
function ratiosOf(compute: Computation): number[] {
  const ratios: number[] = [];
  for (let seed = 0; seed < 30; seed++) {
    const generator = new Generator(seed);
    const draw = (): Tensor => generator.randn(9, 14);
    const inputs: Inputs<Tensor> = { a: draw(), b: draw(), positive: generator.rand(9, 14).add(0.5) };
    const index = generator.randint(0, 4, 30);
    const exact: Inputs<Spread> = {
      a: Spread.from(inputs.a),
      b: Spread.from(inputs.b),
      positive: Spread.from(inputs.positive),
    };
    const { value, variance } = compute(exact, index);
    for (const [i, x] of compute(inputs, index).toArray().entries()) {
      const error = Math.abs(x - value[i]!);
      if (error !== 0) ratios.push(error / (EPSILON * Math.sqrt(variance![i]!)));
    }
  }
  return ratios;
}

describe("how far float32 spreads around the truth", () => {
  it.each(Object.entries(computations))("%s", (_, compute) => {
    const ratios = ratiosOf(compute);
    const typical = Math.sqrt(ratios.reduce((sum, ratio) => sum + ratio * ratio, 0) / ratios.length);
    // the predicted standard deviation is at least that of the errors, and at most a few times as large
    expect(typical).toBeLessThan(1.1);
    expect(typical).toBeGreaterThan(0.15);
    expect(Math.max(...ratios)).toBeLessThan(6);
  });

  it("is measured for each operation", () => {
    const tried = Object.values(computations).join("\n");
    const others = ["constructor", "backward", "shape", "newTensor", "newZeros", "each"];
    const operations = Object.getOwnPropertyNames(Variable.prototype).filter((name) => !others.includes(name));
    expect(operations.filter((name) => !new RegExp(`\\.${name}\\b`).test(tried))).toEqual([]);
  });

  it("has no variance for values that are given or only moved", () => {
    const given = Spread.from(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    for (const x of [given, given.T, given.view(4), given.expand(3, 2, 2), given.neg().neg()])
      expect(x.variance).toBeUndefined();
  });
});
