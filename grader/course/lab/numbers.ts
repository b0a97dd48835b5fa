import type { Tensor } from "#tensor";

/** The largest absolute value. */
export function largest(tensor: Tensor): number {
  return Math.max(...sizes(tensor));
}

/** The mean absolute value. */
export function meanSize(tensor: Tensor): number {
  return mean(sizes(tensor));
}

/** The mean of some numbers. */
export function mean(numbers: ArrayLike<number>): number {
  return Array.from(numbers).reduce((sum, x) => sum + x, 0) / numbers.length;
}

function sizes(tensor: Tensor): number[] {
  return Array.from(tensor.toArray(), Math.abs);
}
