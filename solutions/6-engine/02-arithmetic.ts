import { todo, type Binary } from "#course";
import { tensor, type Tensor } from "#tensor";

/**
 * 6.2. arithmetic
 *
 * One operation on two tensors was carried out: output = a + b, a - b, a * b or a / b.
 *
 * Given:
 *   name: "add", "sub", "mul" or "div"
 *   a, b: the inputs; their shapes broadcast to the output's
 *   output, upstream: the output, and the gradient of the loss with respect to it, in its shape
 *
 * Return: [da, db], both in the output's shape: unbroadcast follows later, in one place for all operations
 *
 * @see [the lesson](README.md#2-arithmetic-sums-products-and-quotients)
 */
export function arithmetic({ name, a, b, output, upstream }: Binary): readonly [Tensor, Tensor] {
  // solution
  switch (name) {
    case "add":
      return [upstream, upstream];
    case "sub":
      return [upstream, upstream.neg()];
    case "mul":
      return [upstream.mul(b), upstream.mul(a)];
    case "div":
      return [upstream.div(b), upstream.mul(a).div(b.pow(2)).neg()];
  }
  // end of solution
}
