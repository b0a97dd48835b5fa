import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 19. dbndiff
 *
 * Forward:
 *   bndiff2 = bndiff ** 2
 *   bnraw = bndiff * bnvar_inv
 *
 * Given:
 *   bndiff, bndiff2, dbndiff2, bnraw, dbnraw [n, hidden]
 *   bnvar_inv [1, hidden]
 *
 * Return: dbndiff [n, hidden]
 *
 * @see [the lesson](README.md#19-dbndiff)
 */
export function dbndiff({ bndiff, bndiff2, dbndiff2, bnvar_inv, bnraw, dbnraw }: Given<"dbndiff">): Tensor {
  throw todo("dbndiff");
}
