import type { Tensor } from "#tensor";
import type { Operations } from "../../../autograd/operations.ts";

/** [sequences, time, heads*width] as [sequences, heads, time, width]. */
export function apart<X extends Operations<X>>(x: X, heads: number): X {
  const [sequences, time] = x.shape as [number, number];
  return x.view(sequences, time, heads, -1).transpose(1, 2);
}

/** [sequences, heads, time, width] as [sequences, time, heads*width]. */
export function together<X extends Operations<X>>(x: X): X {
  const [sequences, , time] = x.shape as [number, number, number];
  return x.transpose(1, 2).view(sequences, time, -1);
}

/** The same, but the numbers of the heads alternate: as [sequences, time, width, heads], flattened. */
export function interleaved(x: Tensor): Tensor {
  const [sequences, , time] = x.shape as [number, number, number];
  return x.transpose(1, 2).transpose(2, 3).view(sequences, time, -1);
}
