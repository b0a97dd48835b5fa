import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 0.13. dlevels
 *
 * Forward:
 *   peaks = levels.max(1, keepdim).values
 *
 * Given:
 *   levels [rows, columns]
 *   peaks, dpeaks [rows, 1]
 *
 * Return: dlevels [rows, columns]
 *
 * @see [the lesson](README.md#13-dlevels-a-maximum-and-its-ties)
 */
export function dlevels({ levels, peaks, dpeaks }: Given<"dlevels">): Tensor {
  // solution
  return oneHot(levels.max(1).indices, levels.size(1)).mul(dpeaks);
  // end of solution
}
