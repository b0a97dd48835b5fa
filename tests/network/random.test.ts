import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { tensor, type Tensor } from "#tensor";
import { LECTURE_SEED } from "../../grader/course/makemore/parameters.ts";
import { Generator, pythonShuffle } from "../../grader/network/random.ts";

interface Recorded {
  seed: number;
  draws: { call: string; value: number[] | number[][] }[];
  cpython: { seed: number; "shuffle(range(30))": number[] };
}

const recorded = JSON.parse(readFileSync(new URL("../../data/torch/random.json", import.meta.url), "utf8")) as Recorded;

const fourDecimals = (t: Tensor): string[] => Array.from(t.toArray(), (x) => x.toFixed(4));
const p = tensor([0.1, 0.2, 0.3, 0.4]);

describe("a stream of draws equals PyTorch's (data/torch/random.json)", () => {
  const generator = new Generator(recorded.seed);
  const draws: readonly [call: string, draw: () => Iterable<number>][] = [
    ["rand(3)", () => generator.rand(3).toArray()],
    ["randn(5)", () => generator.randn(5).toArray()],
    ["randn(4)", () => generator.randn(4).toArray()],
    ["randn(16)", () => generator.randn(16).toArray()],
    ["randn(27,10)", () => generator.randn(27, 10).toArray()],
    ["randint(0,182625,(32,))", () => generator.randint(0, 182625, 32).toArray()],
    ["randperm(20)", () => generator.randperm(20)],
    ["multinomial([0.1,0.2,0.3,0.4],1)", () => Array.from({ length: 20 }, () => generator.multinomial(p))],
    ["multinomial([0.1,0.2,0.3,0.4],20,replacement)", () => generator.multinomialWithReplacement(p, 20)],
    ["rand(3)", () => generator.rand(3).toArray()],
  ];
  // drawn here in order, so that a test that runs alone gets the same draws
  const ours = draws.map(([, draw]) => [...draw()]);

  it("has the same calls in the same order", () => {
    expect(draws.map(([call]) => call)).toEqual(recorded.draws.map(({ call }) => call));
  });

  it.each(recorded.draws.map(({ call, value }, i) => ({ call, theirs: value.flat(), mine: ours[i] ?? [] })))(
    "$call",
    ({ call, theirs, mine }) => {
      expect(mine).toHaveLength(theirs.length);
      // only normals are computed with a logarithm, a sine and a cosine
      const tolerance = call.startsWith("randn") ? 2e-6 : 0;
      expect(mine.filter((x, i) => !(Math.abs(x - (theirs[i] ?? NaN)) <= tolerance))).toEqual([]);
    },
  );
});

describe("numbers that PyTorch printed", () => {
  it("torch.rand(3) from the lecture's seed", () => {
    expect(fourDecimals(new Generator(LECTURE_SEED).rand(3))).toEqual(["0.7081", "0.3542", "0.1054"]);
  });

  it("torch.randn(2) from seed 0, twice", () => {
    const generator = new Generator(0);
    expect(fourDecimals(generator.randn(2))).toEqual(["1.5410", "-0.2934"]);
    expect(fourDecimals(generator.randn(2))).toEqual(["-2.1788", "0.5684"]);
  });

  it("a single normal leaves the second of its pair for the next call", () => {
    const generator = new Generator(0);
    const one = [1, 2, 3, 4].map(() => generator.randn(1).item().toFixed(4));
    expect(one).toEqual(["1.5410", "-0.2934", "-2.1788", "0.5684"]);
  });
});

describe("a generator", () => {
  it("gives the same numbers for the same seed, and different ones for another", () => {
    const [a, b, c] = [new Generator(7), new Generator(7), new Generator(8)].map((generator) => [
      ...generator.randn(40).toArray(),
      ...generator.randint(0, 1000, 40).toArray(),
    ]);
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  it("takes its seed modulo 2^32", () => {
    expect([...new Generator(2 ** 32 + 5).rand(4).toArray()]).toEqual([...new Generator(5).rand(4).toArray()]);
  });

  it("draws uniforms in [0, 1) and integers below their bound", () => {
    const generator = new Generator(1);
    for (const x of generator.rand(10_000).toArray()) expect(x >= 0 && x < 1).toBe(true);
    const die = generator.randint(1, 7, 10_000);
    expect(die.dtype).toBe("int32");
    expect([...new Set(die.toArray())].toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("draws normals of mean 0 and variance 1", () => {
    const normals = new Generator(2).randn(100_000);
    expect(Math.abs(normals.mean().item())).toBeLessThan(0.01);
    expect(Math.abs(normals.var(0).item() - 1)).toBeLessThan(0.02);
  });

  it("never draws an outcome with probability 0", () => {
    const generator = new Generator(3);
    const certain = tensor([0, 0, 1, 0]);
    expect(Array.from({ length: 200 }, () => generator.multinomial(certain))).toEqual(Array(200).fill(2));
    expect(generator.multinomialWithReplacement(certain, 200)).toEqual(Array(200).fill(2));
  });
});

describe("pythonShuffle", () => {
  it("is CPython's random.seed(42); random.shuffle", () => {
    const items = Array.from({ length: 30 }, (_, i) => i);
    expect(pythonShuffle(items, recorded.cpython.seed)).toEqual(recorded.cpython["shuffle(range(30))"]);
  });

  it("does not change the given array, and keeps every item", () => {
    const items = ["a", "b", "c", "b"];
    expect(pythonShuffle(items, 1).toSorted()).toEqual(["a", "b", "b", "c"]);
    expect(items).toEqual(["a", "b", "c", "b"]);
    expect(pythonShuffle([], 1)).toEqual([]);
  });
});

describe("normal numbers by the kernel", () => {
  it("are those of the plain loop, bit for bit", () => {
    for (const seed of [0, 1, 2147483647]) {
      const [many, few] = [new Generator(seed), new Generator(seed)];
      const blocks = Array.from({ length: 4000 }, () => [...few.randn(16).toArray()]);
      expect(many.randn(4000, 16).toArray()).toEqual(Float32Array.from(blocks.flat()));
      // a last block that overlaps the one before
      expect(many.randn(1003).toArray().slice(0, 976)).toEqual(
        Float32Array.from(Array.from({ length: 61 }, () => [...few.randn(16).toArray()]).flat()),
      );
    }
  });

  it("that are more than its memory holds are normal to the last", () => {
    const values = new Generator(5).randn(1_200_000).toArray() as Float32Array;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const tail = values.slice(-100_000);
    expect(Math.abs(mean)).toBeLessThan(0.005);
    expect(Math.abs(tail.reduce((sum, value) => sum + value * value, 0) / tail.length - 1)).toBeLessThan(0.03);
    expect(tail.every((value) => Math.abs(value) < 6)).toBe(true);
  });
});
