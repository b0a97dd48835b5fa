import { describe, expect, it } from "vitest";
import { Measured } from "../../grader/autograd/measured.ts";
import { makeBatches, makeCase } from "../../grader/kit/case.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { Generator } from "../../grader/network/random.ts";
import { difference } from "../../grader/verdict/compare.ts";
import { drawSizes } from "../../grader/course/makemore/sizes.ts";
import { makemore } from "../../grader/course/makemore/network.ts";

const seeds = Array.from({ length: 50 }, (_, seed) => seed);

describe("the sizes of a random case", () => {
  it("differ pairwise by more than one, including block * embd", () => {
    for (const seed of seeds) {
      const sizes = drawSizes(new Generator(seed));
      const all = [...Object.values(sizes), sizes.block * sizes.embd] as number[];
      for (const [i, a] of all.entries()) for (const b of all.slice(i + 1)) expect(Math.abs(a - b)).toBeGreaterThan(1);
    }
  });

  it("have at least 5 examples, or 2 in the batch of two", () => {
    for (const seed of seeds) {
      expect(drawSizes(new Generator(seed)).n).toBeGreaterThanOrEqual(5);
      expect(drawSizes(new Generator(seed), 2).n).toBe(2);
    }
  });
});

describe("the sizes of a seed", () => {
  it("include an odd and an even value of each size, and n of at least five twice", () => {
    for (const seed of seeds) {
      const sizes = makeBatches(makemore, seed).map((made) => made.sizes);
      for (const name of ["n", "block", "embd", "hidden", "vocab"] as const) {
        const rests = sizes.slice(1, 3).map((size) => size[name]! % 2);
        expect(rests.toSorted()).toEqual([0, 1]);
      }
      expect(sizes.filter(({ n }) => n! >= 5)).toHaveLength(3);
    }
  });
});

describe("random batches", () => {
  const batches = seeds.flatMap((seed) => makeBatches(makemore, 1000 * seed));

  it("repeat characters, and have gains of both signs", () => {
    for (const { indices, value, sizes } of batches) {
      expect(new Set(indices["Xb"]!.toArray()).size).toBeLessThan(sizes["n"]! * sizes["block"]!);
      const signs = new Set([...value("bngain").toArray()].map(Math.sign));
      expect(signs.size).toBeGreaterThan(1);
    }
  });

  it("have a column whose variance is about as large as epsilon", () => {
    for (const { value, marks } of batches) {
      expect(value("bnvar").get(0, marks!["quiet"]!["hidden"]!)).toBeLessThan(1e-4);
    }
  });

  it("have no ties for a row's maximum", () => {
    for (const { value } of batches) {
      const atMaximum = [...value("norm_logits").toArray()].filter((x) => x === 0);
      expect(atMaximum).toHaveLength(value("logits").size(0));
    }
  });

  it("contain some very small probabilities, and none that is lost", () => {
    const smallest = Math.min(...batches.map(({ value }) => Math.min(...value("probs").toArray())));
    expect(smallest).toBeLessThan(1e-6);
    expect(smallest).toBeGreaterThan(0);
  });

  it("have values that do not depend on which is computed first", () => {
    const [one, other] = [makeBatches(makemore, 6), makeBatches(makemore, 6)];
    for (const [i, { value }] of one.entries()) {
      const names = ["loss", "W2", "h", "C"];
      const [forwards, backwards] = [names.map(value), names.toReversed().map(other[i]!.value).toReversed()];
      for (const [j, tensor] of forwards.entries()) expect(tensor.toArray()).toEqual(backwards[j]!.toArray());
    }
  });

  it("have logits that are h @ W2 + b2, in whichever columns their maxima are", () => {
    for (const { value } of batches.slice(0, 40)) {
      const [h, W2, b2] = ["h", "W2", "b2"].map((name) => Measured.from(value(name)));
      expect(difference(value("logits"), h!.matmul(W2!).add(b2!))).toBeUndefined();
    }
  });

  it("are the same for the same seed and different for another", () => {
    const probs = (seed: number): string => String(makeBatches(makemore, seed)[0]!.value("probs").toArray());
    expect(probs(3)).toBe(probs(3));
    expect(probs(3)).not.toBe(probs(4));
  });
});

describe("a step's case", () => {
  it("has upstream gradients that are never uniform", () => {
    for (const step of functionSteps) {
      const [batch] = makeBatches(step.network, 1);
      const { given } = makeCase(step, batch!, new Generator(1));
      for (const [name, value] of Object.entries(given)) {
        if (step.roles[name] !== "upstream") continue;
        expect(new Set(value.toArray()).size).toBe(value.numel());
      }
    }
  });
});
