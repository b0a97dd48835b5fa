import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as all from "#tensor";
import { Tensor, TensorError, tensor, zeros } from "#tensor";

/**
 * Any arguments to anything that can be called: the call works, or it throws a TensorError that begins with the name of
 * what was called, not of something that it called in turn, and that says in fields what it is about.
 */

const matrix = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
const index = tensor([0, 1], [2], "int32");

/** New ones for each call: some calls change them. */
const tensors: readonly (() => Tensor)[] = [
  () => matrix.clone(),
  () => matrix.T,
  () => tensor([1, 2, 3]),
  () => tensor(1),
  () => zeros(2, 3, 2),
  () => zeros(2, 0),
  () => zeros(0),
  () => index.clone(),
  () => index.view(-1, 1),
  () => tensor([-1, 7], [2], "int32"),
  () => tensor([0, 1, 2, 0, 1, 2], [2, 3], "int32"),
];

const cyclic: unknown[] = [];
cyclic.push(cyclic);

const others: readonly unknown[] = [
  [undefined, null, true, false, "1", "", 1n, Symbol("s"), () => 0, {}, Object.create(null), { dtype: 1, shape: 2 }],
  [0, -0, 1, 2, -1, -2, 3, 0.5, -1.5, NaN, Infinity, -Infinity, 1e9, 1e300, 2 ** 31, -(2 ** 31) - 1],
  [[], [2, 3], [3, 2], [6], [-1, -1], [1e9, 1e9], [0, 1e300], [0.5], [NaN], [1, "2"], [[1], [1, 2]], cyclic],
  [Array.from({ length: 3 }), Array.from({ length: 70 }, () => 1)],
  [new Float32Array(2), Float64Array.of(0.5, 2 ** 40), new Uint8Array(6), BigInt64Array.of(1n), new BigUint64Array(0)],
  [new DataView(new ArrayBuffer(4)), new Map(), new Proxy([1, 2], {}), "int32", "float32", "float64"],
].flat();

const argument = fc.oneof(
  fc.constantFrom(...tensors).map((make) => make()),
  fc.constantFrom(...others),
);
const given = fc.array(argument, { maxLength: 4 });

/** Whether a call throws; the test fails if it throws anything but a TensorError with the right name. */
function throws(called: string, call: () => unknown): boolean {
  try {
    call();
    return false;
  } catch (error) {
    expect(error, called).toBeInstanceOf(TensorError);
    const { message } = error as TensorError;
    expect(message.slice(0, called.length + 2), message).toBe(`${called}: `);
    expect(message, called).not.toMatch(/undefined (dimension|elements)|\[object|0 to -1/);
    expect(TensorError.faultOf(error), message).toMatchObject({ operation: called });
    return true;
  }
}

/** These work on every tensor, with any arguments, which they ignore. */
const alwaysWorks = ["numel", "toArray", "toString", "clone", "float"];

const methods = Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype)).filter(
  ([name]) => name !== "constructor",
);
const functions = Object.entries(all as Record<string, unknown>).filter(
  (entry): entry is [string, (...given: unknown[]) => unknown] =>
    typeof entry[1] === "function" && !["Tensor", "TensorError"].includes(entry[0]),
);

describe("an error begins with the name of what was called", () => {
  it.each(methods)("%s", (name, { value, get }) => {
    const call = (get ?? value) as (...given: unknown[]) => unknown;
    let thrown = 0;
    const property = fc.property(fc.constantFrom(...tensors), given, (make, given) => {
      const self = make();
      if (throws(name, () => call.apply(self, given))) thrown++;
    });
    fc.assert(property, { seed: 5, numRuns: 1500 });
    expect(thrown > 0).toBe(!alwaysWorks.includes(name));
  });

  it.each(functions)("%s", (name, call) => {
    let thrown = 0;
    const property = fc.property(given, (given) => {
      if (throws(name, () => call(...given))) thrown++;
    });
    fc.assert(property, { seed: 6, numRuns: 3000 });
    expect(thrown).toBeGreaterThan(0);
  });

  it("new Tensor", () => {
    fc.assert(
      fc.property(given, (given) => {
        const [storage, ...rest] = given;
        expect(throws("new Tensor", () => new Tensor(storage as never, ...(rest as [never])))).toBe(true);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
