import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 0.11. dcube
 *
 * Forward:
 *   unrolled = cube.view(rows, layers*slots)
 *
 * Given:
 *   cube [rows, layers, slots]
 *   unrolled, dunrolled [rows, layers*slots]
 *
 * Return: dcube [rows, layers, slots]
 *
 * @see [the lesson](README.md#11-dcube-the-same-numbers-in-another-shape)
 */
export function dcube({ cube, unrolled, dunrolled }: Given<"dcube">): Tensor {
  throw todo("dcube");
}
