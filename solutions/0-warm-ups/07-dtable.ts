import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 0.7. dtable
 *
 * Forward:
 *   total = table.sum(1, keepdim)
 *   spread = total.expand(rows, columns)
 *
 * Given:
 *   table, spread, dspread [rows, columns]
 *   total [rows, 1]
 *
 * Return: dtable [rows, columns]
 *
 * @see [the lesson](README.md#7-dtable-sum-and-copy-each-the-backward-pass-of-the-other)
 */
export function dtable({ table, total, spread, dspread }: Given<"dtable">): Tensor {
  // solution
  return onesLike(table).mul(dspread.sum(1, keepdim));
  // end of solution
}
