import type { Shape, Tensor } from "#tensor";
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
