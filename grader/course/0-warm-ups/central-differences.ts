import { tensor, type Shape, type Tensor } from "#tensor";
import type { Operations } from "../../autograd/operations.ts";

/**
 * The central difference of a function for each entry of a tensor, written with operations, so that it can be computed in
 * any arithmetic.
 *
 * @param f from a tensor to a single number, shape []
 * @param nudge how far each entry is moved up and down, shape []
 * @returns the shape of `spot`
 */
export function centralDifferences<X extends Operations<X>>(f: (spot: X) => X, spot: X, nudge: X): X {
  const count = spot.shape.reduce((product, extent) => product * extent, 1);
  const parts = Array.from({ length: count }, (_, i) => {
    const one = spot.newTensor(oneAt(i, spot.shape));
    const by = one.mul(nudge);
    return one.mul(
      f(spot.add(by))
        .sub(f(spot.sub(by)))
        .div(nudge.mul(2)),
    );
  });
  return parts.reduce((sum, part) => sum.add(part));
}

/** Zeros, and a 1 at the entry with a number. */
export function oneAt(i: number, shape: Shape): Tensor {
  const count = shape.reduce((product, extent) => product * extent, 1);
  return tensor(
    Array.from({ length: count }, (_, k) => (k === i ? 1 : 0)),
    shape,
  );
}
