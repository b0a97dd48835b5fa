import type { Tensor } from "#tensor";
import type { Operations } from "../../../autograd/operations.ts";

/** [batch, time, heads*width] as [batch, heads, time, width]. */
export function apart<X extends Operations<X>>(x: X, heads: number): X {
  const [batch, time] = x.shape as [number, number];
  return x.view(batch, time, heads, -1).transpose(1, 2);
}

/** [batch, heads, time, width] as [batch, time, heads*width]. */
export function together<X extends Operations<X>>(x: X): X {
  const [batch, , time] = x.shape as [number, number, number];
  return x.transpose(1, 2).view(batch, time, -1);
}

/** The same, but the numbers of the heads alternate: as [batch, time, width, heads], flattened. */
export function interleaved(x: Tensor): Tensor {
  const [batch, , time] = x.shape as [number, number, number];
  return x.transpose(1, 2).transpose(2, 3).view(batch, time, -1);
}

/** One row for each position of each sequence. */
export function flat(x: Tensor): Tensor {
  return x.view(-1, x.size(-1));
}
