import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.51. dWo
 *
 * Forward:
 *   res = x + (mixed @ Wo).sum(1)
 *
 * Given:
 *   Wo [heads, width, embd]
 *   x, res, dres [sequences, time, embd]
 *   mixed [sequences, heads, time, width]
 *
 * Return: dWo [heads, width, embd]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dWo({ Wo, x, mixed, res, dres }: Given<"block-dWo">): Tensor {
  // solution
  const [sequences, time, embd] = dres.shape as [number, number, number];
  return mixed
    .transpose(2, 3)
    .matmul(dres.view(sequences, 1, time, embd))
    .sum(0);
  // end of solution
}
