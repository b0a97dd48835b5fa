import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 0.10. dz
 *
 * Forward:
 *   exps = exp(z)
 *   logs = log(z)
 *   roots = z ** -0.5
 *
 * Given:
 *   z, exps, logs, roots, dexps, dlogs, droots [rows, columns]
 *
 * Return: dz [rows, columns]
 *
 * @see [the lesson](README.md#10-dz-the-slopes-of-exp-log-and-a-power)
 */
export function dz({ z, exps, logs, roots, dexps, dlogs, droots }: Given<"dz">): Tensor {
  // solution
  return exps.mul(dexps).add(dlogs.div(z)).add(z.pow(-1.5).mul(-0.5).mul(droots));
  // end of solution
}
