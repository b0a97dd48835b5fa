import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.46. dpre
 *
 * Forward:
 *   act = 0.5 * pre * (1 + tanh((2 / pi) ** 0.5 * (pre + 0.044715 * pre ** 3)))
 *
 * Given:
 *   pre, act, dact [sequences, time, hidden]
 *
 * Return: dpre [sequences, time, hidden]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dpre({ pre, act, dact }: Given<"block-dpre">): Tensor {
  // solution
  const root = Math.sqrt(2 / Math.PI);
  const bent = pre.pow(3).mul(0.044715).add(pre).mul(root).tanh();
  const dinner = pre
    .pow(2)
    .mul(3 * 0.044715)
    .add(1)
    .mul(root);
  const slope = bent.pow(2).neg().add(1).mul(dinner);
  return pre.mul(slope).add(bent).add(1).mul(0.5).mul(dact);
  // end of solution
}
