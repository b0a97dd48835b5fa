import { describe, expect, it } from "vitest";
import { exp, log, pow, tanh } from "../../grader/tensor/functions.ts";

describe("exp, log, tanh and pow at their edges", () => {
  const smallest = 2 ** -149;
  const largest = (2 - 2 ** -23) * 2 ** 127;

  it("exp overflows above 88.72283 and reaches zero below -103.97208", () => {
    expect([NaN, Infinity, -Infinity, 0, -0].map(exp)).toEqual([NaN, Infinity, 0, 1, 1]);
    expect(Math.fround(exp(Math.fround(88.72283)))).toBeLessThanOrEqual(largest);
    expect(Math.fround(exp(Math.fround(88.72284)))).toBe(Infinity);
    expect(Math.fround(exp(Math.fround(-103.97207)))).toBe(smallest);
    expect(Math.fround(exp(Math.fround(-103.97209)))).toBe(0);
    expect([exp(1e30), exp(-1e30)]).toEqual([Infinity, 0]);
  });

  it("log is defined for subnormal numbers, and only from 0 up", () => {
    expect([NaN, Infinity, -Infinity, 0, -0, 1, -1].map(log)).toEqual([
      NaN,
      Infinity,
      NaN,
      -Infinity,
      -Infinity,
      0,
      NaN,
    ]);
    expect(Math.fround(log(smallest))).toBe(Math.fround(-149 * Math.LN2));
    expect(Math.fround(log(largest))).toBe(Math.fround(128 * Math.LN2));
  });

  it("tanh returns small numbers unchanged, keeps their sign, and saturates at 1", () => {
    expect([NaN, Infinity, -Infinity, 0, -0].map(tanh)).toEqual([NaN, 1, -1, 0, -0]);
    expect([smallest, -smallest].map((x) => Math.fround(tanh(x)))).toEqual([smallest, -smallest]);
    expect([9.1, -9.1, 1e30].map((x) => Math.fround(tanh(x)))).toEqual([1, -1, 1]);
  });

  it("pow agrees with the language's own at infinities, zeros and NaN", () => {
    for (const p of [2, 1, -1, -2, 0.5, -0.5, 0, -1.5, 3, -3, NaN, Infinity, -Infinity]) {
      for (const x of [NaN, Infinity, -Infinity, 0, -0, 2, -2, 0.5, -0.5]) {
        expect(Math.fround(pow(x, p)), `${x} ** ${p}`).toBe(Math.fround(x ** p));
      }
    }
  });

  it("1 to any power is 1, as in PyTorch; in JavaScript, 1 ** NaN is NaN", () => {
    expect([NaN, Infinity, -Infinity, -1.5, 3].map((p) => pow(1, p))).toEqual([1, 1, 1, 1, 1]);
    expect([pow(-1, Infinity), pow(-1, -Infinity)]).toEqual([1, 1]);
  });

  it("pow computes the exponents 2, 1, -1, -2, 0.5 and -0.5 as products, quotients and roots", () => {
    for (const x of [0.1, 3, 7.7, 1e-20, 1e20]) {
      const expected = [x * x, x, 1 / x, 1 / (x * x), Math.sqrt(x), 1 / Math.sqrt(x)];
      expect([2, 1, -1, -2, 0.5, -0.5].map((p) => pow(x, p))).toEqual(expected);
    }
  });

  it("pow overflows and underflows where float32 does", () => {
    expect(Math.fround(pow(largest, 3))).toBe(Infinity);
    expect(Math.fround(pow(largest, -1.5))).toBe(0);
    expect(Math.fround(pow(largest, -1))).toBe(Math.fround(1 / largest));
    expect(Math.fround(pow(smallest, -2))).toBe(Infinity);
    expect(Math.fround(pow(smallest, 0.5))).toBe(Math.fround(Math.sqrt(smallest)));
  });
});
