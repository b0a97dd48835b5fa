import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 0.12. dscores
 *
 * Forward:
 *   picked = scores[i, picks[i]] for each row i
 *
 * Given:
 *   scores [rows, columns]
 *   picks [rows]
 *   picked, dpicked [rows, 1]
 *
 * Return: dscores [rows, columns]
 *
 * @see [the lesson](README.md#12-dscores-picking-by-index)
 */
export function dscores({ scores, picks, picked, dpicked }: Given<"dscores">): Tensor {
  throw todo("dscores");
}
