import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 0.14. dbook
 *
 * Forward:
 *   quotes = book[visits]
 *
 * Given:
 *   book [pages, columns]
 *   visits [rows]
 *   quotes, dquotes [rows, columns]
 *
 * Return: dbook [pages, columns]
 *
 * @see [the lesson](README.md#14-dbook-a-lookup-with-repeated-rows)
 */
export function dbook({ book, visits, quotes, dquotes }: Given<"dbook">): Tensor {
  // solution
  return zerosLike(book).indexAdd(0, visits, dquotes);
  // end of solution
}
