import { todo, type Reduction } from "#course";
import { onesLike, zerosLike, type Tensor } from "#tensor";

/**
 * 6.4. reduction
 *
 * A tensor was reduced: output = x.sum(dim, keepdim) or x.mean(dim, keepdim).
 *
 * Given:
 *   name: "sum" or "mean"
 *   x: the input
 *   dim: the dimension that was reduced, from 0; null if all were, to a scalar
 *   keepdim: whether the output has that dimension with extent 1, or lacks it
 *   output, upstream: the output, and the gradient of the loss with respect to it, in its shape
 *
 * Return: dx, in the shape of x
 *
 * @see [the lesson](README.md#4-reduction-sums-and-means-over-a-dimension)
 */
export function reduction({ name, x, dim, keepdim, output, upstream }: Reduction): Tensor {
  // solution
  const kept = x.shape.map((extent, i) => (dim === null || i === dim ? 1 : extent));
  const dx = onesLike(x).mul(upstream.view(...kept));
  return name === "mean" ? dx.mul(output.numel() / x.numel()) : dx;
  // end of solution
}
