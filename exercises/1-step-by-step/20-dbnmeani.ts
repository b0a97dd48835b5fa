import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 20. dbnmeani
 *
 * Forward:
 *   bndiff = hprebn - bnmeani
 *
 * Given:
 *   bnmeani [1, hidden]
 *   hprebn, bndiff, dbndiff [n, hidden]
 *
 * Return: dbnmeani [1, hidden]
 *
 * @see [the lesson](README.md#20-dbnmeani)
 */
export function dbnmeani({ bnmeani, hprebn, bndiff, dbndiff }: Given<"dbnmeani">): Tensor {
  throw todo("dbnmeani");
}
