import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.25. dinner
 *
 * Forward:
 *   bent = tanh(inner)
 *
 * Given:
 *   inner, bent, dbent [n, hidden]
 *
 * Return: dinner [n, hidden]
 *
 * @see [the lesson](README.md#gelu)
 */
export function dinner({ inner, bent, dbent }: Given<"gelu-dinner">): Tensor {
  throw todo("gelu-dinner");
}
