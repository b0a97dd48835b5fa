import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tensor } from "#tensor";
import { exp, log, pow, tanh } from "../../grader/tensor/functions.ts";
import { elements, extents, f32, filled, numbers } from "./arbitrary.ts";

// toEqual tells -0 from 0 and takes every NaN for the same.

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

  it("a number is rounded to float32 before it is used", () => {
    fc.assert(
      fc.property(filled(extents(2, 5)), fc.double(), ({ shape, values }, number) => {
        expect(elements(tensor(values, shape).mul(number))).toEqual(values.map((x) => f32(x * f32(number))));
        expect(elements(tensor(values, shape).div(number))).toEqual(values.map((x) => f32(x / f32(number))));
      }),
    );
  });
});
