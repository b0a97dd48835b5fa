import { Tensor, tensor } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import type { Operations } from "../autograd/operations.ts";

/**
 * A function of each number by itself, for lines that compute a value: there, the arithmetic is float32 or float64, and
 * nothing flows back. A number that the function leaves as it is keeps its magnitude; any other result counts as given.
 */
export function eachOf<X extends Operations<X>>(x: X, f: (x: number) => number): X {
  return inArithmetic(x, {
    float32: (x) => tensor(x.toArray().map(f), x.shape),
    float64: (x) => {
      const value = x.value.map(f);
      return new Measured(x.shape, value, () =>
        value.map((y, i) => (y === x.value[i] ? x.magnitude[i]! : Math.abs(y))),
      );
    },
  });
}

/** Numbers that were counted, in the arithmetic of x. */
export function likewise<X extends Operations<X>>(x: X, counted: Tensor): X {
  return inArithmetic(x, { float32: () => counted, float64: () => Measured.from(counted) });
}

function inArithmetic<X extends Operations<X>>(
  x: X,
  ways: { float32: (x: Tensor) => Tensor; float64: (x: Measured) => Measured },
): X {
  const of: unknown = x;
  if (of instanceof Tensor) return ways.float32(of) as unknown as X;
  if (of instanceof Measured) return ways.float64(of) as unknown as X;
  throw new Error("no gradient flows back through this line: it computes a value, in float32 or float64");
}
