import { describe, expect, it } from "vitest";
import { exp, fixed, log, pow, tanh, unitsOff } from "./exact.ts";

/** The fixed-point oracle is itself compared with values that are known by other means. */
describe("exact", () => {
  it("represents every float32 number exactly", () => {
    expect(fixed(2 ** -149) * 2n ** 149n).toBe(fixed(1));
    expect(fixed(-1.5) * 2n).toBe(fixed(-3));
  });

  it("measures errors in units of float32's last place", () => {
    expect(unitsOff(1 + 2 ** -23, fixed(1))).toBe(1);
    expect(unitsOff(3 * 2 ** -149, fixed(2 ** -149))).toBe(2);
    expect(unitsOff(Infinity, fixed(2 ** 127) * 2n)).toBe(0);
  });

  it("agrees with the engine's functions to 15 digits", () => {
    const number = (x: bigint): number => Number(x / (fixed(1) / 10n ** 25n)) / 1e25;
    expect(number(exp(fixed(1)))).toBeCloseTo(Math.E, 15);
    expect(number(exp(fixed(-10.5)))).toBeCloseTo(Math.exp(-10.5), 15);
    expect(number(log(fixed(10)))).toBeCloseTo(Math.LN10, 15);
    expect(number(log(fixed(0.125)))).toBeCloseTo(-3 * Math.LN2, 15);
    expect(number(tanh(fixed(-0.75)))).toBeCloseTo(Math.tanh(-0.75), 15);
    expect(number(pow(fixed(4), fixed(-1.5)))).toBeCloseTo(0.125, 15);
  });
});
