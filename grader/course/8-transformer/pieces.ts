import type { Shape, Tensor } from "#tensor";
import type { Measured } from "../../autograd/measured.ts";
import type { Generator } from "../../network/random.ts";
import { sum } from "../elements.ts";

/** The length of tensors as one vector, in float64. */
export function normOf(...tensors: readonly Tensor[]): number {
  return Math.sqrt(tensors.reduce((squares, x) => squares + sum(x.numel(), (i) => x.toArray()[i]! ** 2), 0));
}

/** The sizes of a tensor's entries, without their signs. */
export function sized(x: Tensor): number[] {
  return [...x.toArray()].map(Math.abs);
}

/** An average of squares: positive, between a thousandth of a usual square and a square. */
export function drawSquares(generator: Generator, shape: Shape): Tensor {
  return generator
    .randn(...shape)
    .pow(2)
    .mul(0.05)
    .add(1e-3);
}

/** How many steps have been taken: few enough that the corrections of both averages show. */
export function drawCount(generator: Generator): Tensor {
  return generator.randint(2, 13, 1).float().view([]);
}

/** The weight of what has gone into an average, 1 - beta ** t, with the magnitudes of a computation in float32. */
export function weightIn(t: Measured, beta: number): Measured {
  return t.mul(Math.log(beta)).exp().neg().add(1);
}

/** Averages of squares: so small in the first row that epsilon shows, and above 1 in the last. */
export function drawTinySquares(generator: Generator, shape: Shape): Tensor {
  return endRowsTimes(drawSquares(generator, shape), 1e-14, 100);
}

/** Gradients, or averages of them, as small in the first row as the roots of these squares, and as large in the last. */
export function drawTiny(generator: Generator, shape: Shape): Tensor {
  return endRowsTimes(generator.randn(...shape).mul(0.3), 1e-7, 10);
}

function endRowsTimes(x: Tensor, first: number, last: number): Tensor {
  for (let j = 0; j < x.size(1); j++) x.set(0, j, x.get(0, j) * first).set(-1, j, x.get(-1, j) * last);
  return x;
}
