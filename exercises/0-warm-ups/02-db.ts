import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 0.2. db
 *
 * Forward:
 *   c = a - b
 *
 * Given:
 *   a, b, c, dc [rows, columns]
 *
 * Return: db [rows, columns]
 *
 * @see [the lesson](README.md#2-db-a-difference)
 */
export function db({ a, b, c, dc }: Given<"db">): Tensor {
  throw todo("db");
}
