import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tensor } from "#tensor";
import { exp, log, pow, tanh } from "../../grader/tensor/functions.ts";
import { elements, extents, f32, filled, numbers } from "./arbitrary.ts";

// toEqual distinguishes -0 from 0 and treats all NaN as equal.

fc.configureGlobal({ seed: 20240229, numRuns: 400 });

describe("elementwise operations round each result once to float32", () => {
  const pairs = extents(1, 9).chain(([n = 0]) => fc.tuple(numbers(n), numbers(n)));

  it.each([
    ["add", (x: number, y: number) => x + y],
    ["sub", (x: number, y: number) => x - y],
    ["mul", (x: number, y: number) => x * y],
    ["div", (x: number, y: number) => x / y],
  ] as const)("%s", (operation, of) => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const expected = a.map((x, i) => f32(of(x, b[i] ?? NaN)));
        expect(elements(tensor(a, [a.length])[operation](tensor(b, [b.length])))).toEqual(expected);
        expect(elements(tensor(a, [a.length])[`${operation}_`](tensor(b, [b.length])))).toEqual(expected);
      }),
    );
  });

  it("neg and sqrt", () => {
    fc.assert(
      fc.property(filled(extents(2, 5)), ({ shape, values }) => {
        expect(elements(tensor(values, shape).neg())).toEqual(values.map((x) => -x));
        expect(elements(tensor(values, shape).sqrt())).toEqual(values.map((x) => f32(Math.sqrt(x))));
      }),
    );
  });

  it("exp, log, tanh and pow", () => {
    fc.assert(
      fc.property(filled(extents(2, 5)), ({ shape, values }) => {
        const a = tensor(values, shape);
        expect(elements(a.exp())).toEqual(values.map((x) => f32(exp(x))));
        expect(elements(a.log())).toEqual(values.map((x) => f32(log(x))));
        expect(elements(a.tanh())).toEqual(values.map((x) => f32(tanh(x))));
        expect(elements(a.pow(-1.5))).toEqual(values.map((x) => f32(pow(x, -1.5))));
      }),
    );
  });

  it("clamp, with bounds in either order: max takes precedence, as in PyTorch", () => {
    fc.assert(
      fc.property(filled(extents(2, 5)), fc.float({ noNaN: true }), fc.float({ noNaN: true }), (a, min, max) => {
        // Math.min and Math.max keep NaN; they treat 0 as larger than -0, unlike a comparison
        const expected = a.values.map((x) => Math.min(Math.max(x, min), max) + 0);
        const clamped = tensor(a.values, a.shape).clamp(min, max);
        expect(elements(clamped).map((x) => x + 0)).toEqual(expected);
        expect(clamped.shape).toEqual(a.shape);
      }),
    );
  });

  it("clamp keeps NaN, -0 and values on an unbounded side, rounds its bounds, and returns NaN for a NaN bound", () => {
    const values = [NaN, -0, -3, 3, Infinity, -Infinity];
    expect(elements(tensor(values).clamp(-1, 1))).toEqual([NaN, -0, -1, 1, 1, -1]);
    expect(elements(tensor(values).clamp(-Infinity, Infinity))).toEqual(values);
    expect(elements(tensor(values).clamp(0, Infinity))).toEqual([NaN, -0, 0, 3, Infinity, 0]);
    expect(elements(tensor([1]).clamp(-0.1, 0.1))).toEqual([f32(0.1)]);
    expect(elements(tensor([1, 2]).clamp(NaN, 1))).toEqual([NaN, NaN]);
    expect(elements(tensor([[1, 5]]).T.clamp(2, 3))).toEqual([2, 3]);
  });

  it("a number is rounded to float32 before it is used", () => {
    fc.assert(
      fc.property(filled(extents(2, 5)), fc.double(), ({ shape, values }, number) => {
        expect(elements(tensor(values, shape).mul(number))).toEqual(values.map((x) => f32(x * f32(number))));
        expect(elements(tensor(values, shape).div(number))).toEqual(values.map((x) => f32(x / f32(number))));
      }),
    );
  });
});
