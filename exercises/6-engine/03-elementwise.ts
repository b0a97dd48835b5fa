import { todo, type Unary } from "#course";
import { onesLike, tensor, type Tensor } from "#tensor";

/**
 * 6.3. elementwise
 *
 * One function was applied to each element: output = x ** exponent, e ** x, log(x) or tanh(x).
 *
 * Given:
 *   name: "pow", "exp", "log" or "tanh"
 *   x: the input
 *   exponent: a number, for pow
 *   output, upstream: the output, and the gradient of the loss with respect to it, in its shape
 *
 * Return: dx, in the shape of x
 *
 * @see [the lesson](README.md#3-elementwise-functions-of-each-element)
 */
export function elementwise({ name, x, exponent, output, upstream }: Unary): Tensor {
  throw todo("elementwise");
}
