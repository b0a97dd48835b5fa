import type { Tensor } from "#tensor";
import { mean } from "../../report/statistics.ts";

/** The largest absolute value. */
export function largest(tensor: Tensor): number {
  return Math.max(...sizes(tensor));
}

/** The mean absolute value. */
export function meanSize(tensor: Tensor): number {
  return mean(sizes(tensor));
}

function sizes(tensor: Tensor): number[] {
  return Array.from(tensor.toArray(), Math.abs);
}
