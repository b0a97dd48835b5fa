import type { Tensor } from "#tensor";
import { BLOCKS } from "../transformer/lines.ts";
import { read, type LoopValues } from "../transformer/loop.ts";

/** Reads a tensor of a block, without the block's number. */
export type Own = (name: string) => Tensor;

/** The same lines in every block: learners write one function for both. */
export function inBlocks(
  lines: Readonly<Record<string, (own: Own, dout: Tensor) => Tensor>>,
): Record<string, (values: LoopValues) => Tensor> {
  return Object.fromEntries(
    Array.from({ length: BLOCKS }, (_, i) => BLOCKS - 1 - i).flatMap((block) =>
      Object.entries(lines).map(([name, line]): [string, (values: LoopValues) => Tensor] => [
        `${name}_${block}`,
        (values) => line((what) => read(values, what, block), read(values, `dx_${block + 1}`)),
      ]),
    ),
  );
}
