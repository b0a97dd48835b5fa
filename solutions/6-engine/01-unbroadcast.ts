import { todo } from "#course";
import { keepdim, type Shape, type Tensor } from "#tensor";

/**
 * 6.1. unbroadcast
 *
 * An input of this shape was broadcast to the shape of an output: it was repeated along dimensions that it lacks in
 * front, and along those where its extent is 1. The rule of the operation gave a gradient in the output's shape.
 *
 * Given:
 *   gradient: a Tensor in the output's shape
 *   shape: the shape of the input, a list such as [1, 3]; [] for a scalar
 *
 * Return: the gradient of the input, in its shape
 *
 * @see [the lesson](README.md#1-unbroadcast-a-gradient-back-in-its-inputs-shape)
 */
export function unbroadcast(gradient: Tensor, shape: Shape): Tensor {
  // solution
  let summed = gradient;
  while (summed.shape.length > shape.length) summed = summed.sum(0);
  for (const [dim, extent] of shape.entries()) {
    if (extent === 1) summed = summed.sum(dim, keepdim);
  }
  return summed;
  // end of solution
}
