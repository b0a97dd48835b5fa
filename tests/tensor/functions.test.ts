import { describe, expect, it } from "vitest";
import { cos, exp, log, pow, sin, tanh } from "../../grader/tensor/functions.ts";
import * as exact from "./exact.ts";

interface Checked {
  ours: (x: number) => number;
  /** The engine's own function: within a few units in the last place of float64. */
  engine: (x: number) => number;
  /** The same in fixed point, for cases that float64 cannot decide. */
  truth: (x: bigint) => bigint;
}

const checkedExp: Checked = { ours: exp, engine: Math.exp, truth: exact.exp };
const checkedLog: Checked = { ours: log, engine: Math.log, truth: exact.log };
const checkedTanh: Checked = { ours: tanh, engine: Math.tanh, truth: exact.tanh };
const checkedPow = (p: number): Checked => ({
  ours: (x) => pow(x, p),
  engine: (x) => Math.pow(x, p),
  truth: (x) => exact.pow(x, exact.fixed(p)),
});

/**
 * The points at which ours, rounded to float32, is not what it should be: the correctly rounded value if float64 decides it
 * (the engine's value, a little smaller and a little larger, rounds to the same float32); otherwise a value within 0.51
 * units of the true one.
 */
function wrongPoints({ ours, engine, truth }: Checked, points: Float32Array): number[] {
  return [...points].filter((x) => {
    const mine = Math.fround(ours(x));
    const reference = engine(x);
    const rounded = Math.fround(reference * (1 - 2 ** -51));
    if (Object.is(rounded, Math.fround(reference * (1 + 2 ** -51)))) return !Object.is(mine, rounded);
    return exact.unitsOff(mine, truth(exact.fixed(x))) > 0.51;
  });
}

/** Well-mixed 32-bit words (the finaliser of MurmurHash3 over a counter). */
function words(count: number, seed: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => {
    let h = seed + i;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return h ^ (h >>> 16);
  });
}

/** Numbers of every magnitude, sign and kind: all bit patterns of float32 are equally likely. */
const patterns = (count: number, seed: number): Float32Array => new Float32Array(words(count, seed).buffer);
const between = (low: number, high: number, count: number, seed: number): Float32Array =>
  Float32Array.from(words(count, seed), (word) => low + ((high - low) * word) / 2 ** 32);

describe("exp, log, tanh and pow, rounded once to float32, are the correctly rounded values", () => {
  it("exp of numbers of every magnitude", () => {
    expect(wrongPoints(checkedExp, patterns(100_000, 1))).toEqual([]);
    expect(wrongPoints(checkedExp, between(-104.5, 89, 150_000, 2))).toEqual([]);
  });

  it("log of numbers of every magnitude and of those near 1", () => {
    expect(wrongPoints(checkedLog, patterns(150_000, 3).map(Math.abs))).toEqual([]);
    expect(wrongPoints(checkedLog, between(0.5, 2, 100_000, 4))).toEqual([]);
  });

  it("tanh of numbers of every magnitude", () => {
    expect(wrongPoints(checkedTanh, patterns(100_000, 5))).toEqual([]);
    expect(wrongPoints(checkedTanh, between(-10, 10, 150_000, 6))).toEqual([]);
  });

  it.each([2, 1, -1, -2, 0.5, -0.5, 0, -1.5, 3])("pow with exponent %d", (p) => {
    expect(wrongPoints(checkedPow(p), patterns(20_000, 7).map(Math.abs))).toEqual([]);
    expect(wrongPoints(checkedPow(p), between(0, 20, 20_000, 8))).toEqual([]);
  });

  it.each([2, 1, -1, -2, 0, 3, -1.5, 0.5])("pow of negative bases with exponent %d", (p) => {
    expect(wrongPoints(checkedPow(p), between(-20, -0.001, 5_000, 9))).toEqual([]);
  });
});

describe("the values hardest to round are within 0.51 units of the true value", () => {
  const off = ({ ours, truth }: Checked, x: number): number =>
    exact.unitsOff(Math.fround(ours(x)), truth(exact.fixed(Math.fround(x))));

  // Found by searching all of float32 for true values within 2^-50 of halfway between two numbers.
  it.each([
    1.5199068911897484e-5,
    3.790732880588621e-4,
    2.0265066623687744,
    2.771191358566284,
    -(2 ** -25),
    -0.0017157304100692272,
    -0.007352583575993776,
    -14.567090034484863,
  ])("exp(%d)", (x) => expect(off(checkedExp, x)).toBeLessThanOrEqual(0.51));

  it.each([
    0.011794382706284523, 9.472636222839355, 13142.7919921875, 58037908, 1.2783783694984994e23, 5.498306075456329e28,
  ])("log(%d)", (x) => expect(off(checkedLog, x)).toBeLessThanOrEqual(0.51));

  it("tanh(0.0014914835337549448)", () => expect(off(checkedTanh, 0.0014914835337549448)).toBeLessThanOrEqual(0.51));

  it("257^3, which is halfway between two numbers", () => {
    expect(off(checkedPow(3), 257)).toBe(0.5);
  });
});

describe("in float64, in which the reference gradients are computed, they are accurate:", () => {
  /** The largest distance from the engine's values, in units of float64's last place there. */
  function farthest({ ours, engine }: Pick<Checked, "ours" | "engine">, points: Float32Array): number {
    return points.reduce((most, x) => {
      const unit = 2 ** (Math.floor(Math.log2(Math.abs(engine(x)))) - 52);
      return Math.max(most, Math.abs(ours(x) - engine(x)) / unit);
    }, 0);
  }

  // three units from the true value, and one more for the engine's own error
  it.each([
    ["exp", checkedExp, between(-700, 700, 50_000, 11)],
    ["log", checkedLog, between(0.001, 5, 50_000, 12)],
    ["tanh", checkedTanh, between(-10, 10, 50_000, 13)],
  ])("%s within four units of the engine's", (_, checked, points) => {
    expect(farthest(checked, points)).toBeLessThanOrEqual(4);
  });

  it.each([-1.5, 3])("pow with exponent %d within 100", (p) => {
    const points = between(-30, 30, 50_000, 14).map((exponent) => 2 ** exponent);
    expect(farthest(checkedPow(p), points)).toBeLessThanOrEqual(100);
  });
});

describe("sin and cos on 0 to 2 pi", () => {
  it("are within 1e-15 of the engine's", () => {
    const angles = Array.from(words(100_000, 10), (word) => (2 * Math.PI * word) / 2 ** 32);
    angles.push(0, ...[1, 2, 3, 4, 5, 6, 7, 8].map((eighth) => (eighth * Math.PI) / 4));
    const far = (ours: (x: number) => number, engine: (x: number) => number): number[] =>
      angles.filter((x) => !(Math.abs(ours(x) - engine(x)) <= 1e-15));
    expect(far(sin, Math.sin)).toEqual([]);
    expect(far(cos, Math.cos)).toEqual([]);
  });
});
