import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 5.5. spacing
 *
 * Forward:
 *   spacing = the distance from |x| to the next larger float32 number
 *
 * Given:
 *   x [rows, columns]
 *
 * Return: spacing [rows, columns]
 *
 * @see [the lesson](README.md#5-spacing-exact-and-approximate)
 */
export function spacing({ x }: Given<"spacing">): Tensor {
  // solution
  const spacing = zerosLike(x);
  for (let i = 0; i < x.size(0); i++) {
    for (let j = 0; j < x.size(1); j++) {
      // |x| is between 2 ** exponent and 2 ** (exponent + 1), where numbers have 23 binary digits after the point
      const exponent = Math.floor(Math.log2(Math.abs(x.get(i, j))));
      spacing.set(i, j, 2 ** (exponent - 23));
    }
  }
  return spacing;
  // end of solution
}
