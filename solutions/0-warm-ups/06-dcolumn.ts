import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 0.6. dcolumn
 *
 * Forward:
 *   grid = column + row
 *
 * Given:
 *   column [rows, 1]
 *   row [1, columns]
 *   grid, dgrid [rows, columns]
 *
 * Return: dcolumn [rows, 1]
 *
 * @see [the lesson](README.md#6-dcolumn-a-column-broadcast-over-a-row)
 */
export function dcolumn({ column, row, grid, dgrid }: Given<"dcolumn">): Tensor {
  // solution
  return dgrid.sum(1, keepdim);
  // end of solution
}
