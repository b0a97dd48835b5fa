import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 8.1. clipped
 *
 * Forward:
 *   clipped = G, scaled so that G and g together have a norm of at most `most`
 *
 * Given:
 *   G [rows, columns]
 *   g [columns]
 *   most []
 *
 * Return: clipped [rows, columns]
 *
 * @see [the lesson](README.md#1-clipped-one-norm-for-all-gradients)
 */
export function clipped({ G, g, most }: Given<"clipped">): Tensor {
  throw todo("clipped");
}
