import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.38. dmixed
 *
 * Forward:
 *   joined = mixed.transpose(1, 2).reshape(sequences, time, heads*width)
 *
 * Given:
 *   mixed [sequences, heads, time, width]
 *   joined, djoined [sequences, time, heads*width]
 *
 * Return: dmixed [sequences, heads, time, width]
 *
 * @see [the lesson](README.md#several-heads)
 */
export function dmixed({ mixed, joined, djoined }: Given<"heads-dmixed">): Tensor {
  // solution
  const [sequences, heads, time, width] = mixed.shape as [number, number, number, number];
  return djoined.view(sequences, time, heads, width).transpose(1, 2);
  // end of solution
}
