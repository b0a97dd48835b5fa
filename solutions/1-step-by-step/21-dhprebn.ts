import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 21. dhprebn
 *
 * Forward:
 *   bnmeani = 1/n * hprebn.sum(0, keepdim)
 *   bndiff = hprebn - bnmeani
 *
 * Given:
 *   hprebn, bndiff, dbndiff [n, hidden]
 *   bnmeani, dbnmeani [1, hidden]
 *
 * Return: dhprebn [n, hidden]
 *
 * @see [the lesson](README.md#21-dhprebn)
 */
export function dhprebn({ hprebn, bnmeani, dbnmeani, bndiff, dbndiff }: Given<"dhprebn">): Tensor {
  // solution
  const n = hprebn.size(0);
  return dbndiff.add(
    onesLike(dbndiff)
      .mul(1 / n)
      .mul(dbnmeani),
  );
  // end of solution
}
