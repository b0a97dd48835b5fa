import { describe, expect, it } from "vitest";
import { tensor, type Tensor } from "#tensor";
import { Measured } from "../../grader/autograd/measured.ts";
import type { Arithmetic, Operations } from "../../grader/autograd/operations.ts";
import { differentiate, Variable } from "../../grader/autograd/tape.ts";
import { makeBatches, makeCase } from "../../grader/kit/case.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { evaluate } from "../../grader/network/backward.ts";
import type { Named } from "../../grader/network/named.ts";
import { lines, type TensorName } from "../../grader/course/makemore/lines.ts";
import { Generator } from "../../grader/network/random.ts";
import { drawSizes } from "../../grader/course/makemore/sizes.ts";
import { shapeIn } from "../../grader/network/shape.ts";
import type { Line } from "../../grader/network/line.ts";
import { makemore } from "../../grader/course/makemore/network.ts";
import { shapeOfTensor } from "../../grader/network/network.ts";

/**
 * Central differences in float64 are a second opinion on the backward rules: they know nothing but the forward
 * expression. The step h balances cutting off the Taylor series (h^2) against rounding (1e-16 / h).
 */
const H = 1e-5;
const LIMIT = 1e-6;
/** Slopes on the two sides of a point that differ by this part of the gradient's size belong to a kink. */
const KINK = 1e-2;

/** The largest difference between the tape's gradients and central differences, relative to the gradient's size. */
function worstError(
  expression: <X extends Arithmetic<X>>(inputs: Named<X>) => X,
  inputs: Named<Measured>,
  upstream: Measured,
): number {
  const gradients = differentiate(expression, inputs, upstream);
  const weighted = (changed: Named<Measured>): number =>
    expression(changed).value.reduce((sum, y, i) => sum + y * upstream.value[i]!, 0);
  let worst = 0;
  for (const [name, input] of Object.entries(inputs)) {
    const gradient = gradients[name]!.value;
    const size = Math.max(...gradient.map(Math.abs));
    for (const [i, x] of input.value.entries()) {
      const at = (value: number): number =>
        weighted({ ...inputs, [name]: new Measured(input.shape, input.value.with(i, value)) });
      const central = (at(x + H) - at(x - H)) / (2 * H);
      worst = Math.max(worst, Math.abs(gradient[i]! - central) / size);
    }
  }
  return worst;
}

function randn(generator: Generator, shape: readonly number[]): Measured {
  return Measured.from(generator.randn(...shape));
}

describe("the backward rule agrees with central differences on random shapes", () => {
  for (const line of lines as readonly Line[]) {
    it(`of ${line.output} = ${line.text}`, () => {
      for (let seed = 0; seed < 3; seed++) {
        const generator = new Generator(seed);
        const sizes = drawSizes(generator, seed === 2 ? 2 : undefined);
        const batch: Named<Tensor> = {
          Xb: generator.randint(0, sizes.vocab, sizes.n, sizes.block),
          Yb: generator.randint(0, sizes.vocab, sizes.n),
        };
        const inputs: Named<Measured> = {};
        for (const name of line.inputs.filter((name) => !(name in batch))) {
          const value = randn(generator, shapeIn(shapeOfTensor(makemore, name as TensorName)!, sizes));
          // variances, sums and probabilities are positive
          const positive = ["bnvar", "counts_sum", "probs"].includes(name);
          inputs[name] = positive ? value.mul(value).add(0.5) : value;
        }
        const upstream = randn(generator, shapeIn(line.shape, sizes));
        const expression = <X extends Operations<X>>(values: Named<X>): X => evaluate<X>(line, { ...values, ...batch });
        expect(worstError(expression, inputs, upstream)).toBeLessThan(LIMIT);
      }
    });
  }

  /** 1 at each position that lies in the future. */
  const causal = tensor([0, 1, 1, 0, 0, 1, 0, 0, 0], [3, 3], "int32");
  const picks = tensor([0, 1, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1], [1, 3, 4], "int32");
  const rows = tensor([3, 0, 3], [3], "int32");
  type Expression = <X extends Arithmetic<X>>(inputs: Named<X>) => X;
  const others: [name: string, inputs: string[], expression: Expression][] = [
    ["a / b, b a row", ["a", "b"], ({ a, b }) => a!.div(b!)],
    ["a / 3", ["a"], ({ a }) => a!.div(3)],
    ["a - 2", ["a"], ({ a }) => a!.sub(2)],
    ["the transpose", ["a"], ({ a }) => a!.T.mul(2)],
    ["expand", ["b"], ({ b }) => b!.expand(4, 3)],
    ["the sum of everything", ["a"], ({ a }) => a!.sum()],
    ["a value used twice", ["a"], ({ a }) => a!.mul(a!).add(a!)],
    ["a number broadcast over a matrix", ["a", "c"], ({ a, c }) => a!.mul(c!)],
    ["the sum over the outer dimensions", ["d"], ({ d }) => d!.sum([0, 2])],
    ["the sum over two neighbours, kept", ["d"], ({ d }) => d!.sum([-2, -1], true)],
    ["the mean over the middle dimension", ["d"], ({ d }) => d!.mean(1).mul(d!.mean(1))],
    ["the mean over two dimensions", ["d"], ({ d }) => d!.mean([0, 1], true).mul(d!)],
    ["the variance of rows", ["d"], ({ d }) => d!.var(-1, true)],
    ["the variance over two dimensions", ["d"], ({ d }) => d!.var([0, 1])],
    ["maxima along the first dimension", ["d"], ({ d }) => d!.max(0).values],
    ["maxima along the middle dimension", ["d"], ({ d }) => d!.sub(d!.max(1, true).values)],
    ["softmax of rows", ["d"], ({ d }) => d!.softmax(2)],
    ["softmax along the middle dimension", ["d"], ({ d }) => d!.softmax(1)],
    ["two dimensions swapped", ["d"], ({ d }) => d!.transpose(0, 2).mul(2)],
    ["products of two batches", ["d", "e"], ({ d, e }) => d!.matmul(e!)],
    ["products of a batch with its transpose", ["d"], ({ d }) => d!.matmul(d!.transpose(-2, -1))],
    ["products of a batch with one matrix", ["d", "a"], ({ d, a }) => d!.matmul(a!)],
    ["products of one matrix with a batch", ["a", "d"], ({ a, d }) => a!.matmul(d!)],
    ["products of batches that broadcast in turn", ["e", "f"], ({ e, f }) => f!.matmul(e!)],
    ["causal attention", ["d"], ({ d }) => d!.matmul(d!.transpose(1, 2)).maskedFill(causal, -Infinity).softmax(-1)],
    ["sigmoid", ["d"], ({ d }) => d!.sigmoid()],
    ["softplus", ["d"], ({ d }) => d!.softplus()],
    ["relu", ["d"], ({ d }) => d!.relu().mul(d!)],
    ["sign, which is constant", ["d"], ({ d }) => d!.sign().mul(d!)],
    ["a mask of more dimensions", ["b"], ({ b }) => b!.maskedFill(causal, 7)],
    ["elements picked along the first dimension", ["d"], ({ d }) => d!.gather(0, picks)],
    ["elements picked and added again", ["d"], ({ d }) => d!.scatterAdd(0, picks, d!.gather(0, picks).pow(2))],
    ["rows picked and added again", ["a"], ({ a }) => a!.indexAdd(0, rows, a!.gatherRows(rows).pow(2))],
  ];
  for (const [name, names, expression] of others) {
    it(`of ${name}`, () => {
      const generator = new Generator(7);
      const all: Named<Measured> = {
        a: randn(generator, [4, 3]),
        b: randn(generator, [1, 3]).add(3),
        c: randn(generator, []),
        d: randn(generator, [2, 3, 4]),
        e: randn(generator, [2, 4, 2]),
        f: randn(generator, [3, 1, 2, 4]),
      };
      const used = Object.fromEntries(names.map((key) => [key, all[key]!]));
      const shape = expression(all).shape;
      expect(worstError(expression, used, randn(generator, shape))).toBeLessThan(LIMIT);
    });
  }

  it("for each operation", () => {
    const tried = [...lines.map((line) => String(line.expression)), ...others.map(([, , f]) => String(f))].join("\n");
    expect(differentiable.filter((name) => !new RegExp(`\\.${name}\\b`).test(tried))).toEqual([]);
  });
});

/** All methods of a variable, except those that start the backward pass and those through which no gradient flows. */
const differentiable = Object.getOwnPropertyNames(Variable.prototype).filter(
  (name) => !["constructor", "backward", "shape", "newTensor", "newZeros", "each"].includes(name),
);

describe("a warm-up's truth agrees with central differences through all its lines", () => {
  for (const step of functionSteps.filter(({ part, asks }) => part === 0 && asks === "gradient")) {
    it(`for d${step.tensor}`, () => {
      // the first batch is large and slow; the others show as much
      for (const batch of makeBatches(makemore, step.number).slice(1)) {
        const { given, truth } = makeCase(step, batch, new Generator(step.number));
        const outputs = new Set(step.runs.flat().map(({ output }) => output));
        const isIndex = (name: string): boolean => step.roles[name] === "index";
        const indices = Object.fromEntries(Object.entries(given).filter(([name]) => isIndex(name)));
        const inputs = Object.fromEntries(
          Object.entries(given).flatMap(([name, value]) =>
            step.roles[name] === "upstream" || outputs.has(name) || isIndex(name) ? [] : [[name, Measured.from(value)]],
          ),
        );
        /** The sum of all outputs of the lines, weighted by the upstream gradients. */
        const weighted = (changed: Named<Measured>): number =>
          step.runs.reduce((sum, run) => {
            const values = { ...changed };
            for (const line of run) values[line.output] = evaluate<Measured>(line, { ...values, ...indices });
            const { output } = run.at(-1)!;
            return sum + values[output]!.mul(Measured.from(given[`d${output}`]!)).sum().value[0]!;
          }, 0);
        const x = inputs[step.tensor]!;
        let compared = 0;
        const size = Math.max(...truth.value.map(Math.abs));
        for (const [i, value] of x.value.entries()) {
          const at = (moved: number): number =>
            weighted({ ...inputs, [step.tensor]: new Measured(x.shape, x.value.with(i, moved)) });
          const central = (at(value + H) - at(value - H)) / (2 * H);
          const oneSided = [at(value + H) - at(value), at(value) - at(value - H)].map((change) => change / H);
          // at a tie of a maximum the slopes on the two sides differ
          if (Math.abs(oneSided[0]! - oneSided[1]!) / size > KINK) continue;
          compared += 1;
          // outputs are given in float32, and the truth is computed from those values
          expect(Math.abs(truth.value[i]! - central) / size).toBeLessThan(10 * LIMIT);
        }
        expect(compared).toBeGreaterThan(x.value.length / 2);
      }
    });
  }
});

describe("a tape", () => {
  it("keeps every intermediate gradient, and adds the gradients that reach a tensor along two branches", () => {
    const x = Measured.from(tensor([2]));
    const { x: gradient } = differentiate(({ x }) => x.mul(x).add(x.mul(3)), { x }, Measured.from(tensor([1])));
    expect(gradient!.value[0]).toBe(2 * 2 + 3);
  });
});
