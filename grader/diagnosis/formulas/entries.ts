import { tensor, type Tensor } from "#tensor";
import { stridesOf } from "../../tensor/shape.ts";

/** From the index of a number in the storage to its index along a dimension. */
function along({ shape }: Tensor, dim: number): (flat: number) => number {
  const [stride, extent] = [stridesOf(shape)[dim]!, shape[dim]!];
  return (flat) => Math.floor(flat / stride) % extent;
}

/** The tensor with zeros for the entries along a dimension that are not kept. */
export function where(x: Tensor, dim: number, keep: (i: number) => boolean): Tensor {
  const at = along(x, dim);
  return tensor(
    x.toArray().map((value, flat) => (keep(at(flat)) ? value : 0)),
    x.shape,
  );
}

/** Entry i becomes the entry at from(i), or zero if that is outside. */
export function reorder(x: Tensor, dim: number, from: (i: number) => number): Tensor {
  const { shape } = x;
  const at = along(x, dim);
  const stride = stridesOf(shape)[dim]!;
  const values = x.toArray();
  return tensor(
    values.map((_, flat) => {
      const i = at(flat);
      const source = from(i);
      return source >= 0 && source < shape[dim]! ? values[flat + (source - i) * stride]! : 0;
    }),
    shape,
  );
}

/** Each entry along a dimension becomes the sum of those up to it. */
export function running(x: Tensor, dim: number): Tensor {
  const { shape } = x;
  const at = along(x, dim);
  const stride = stridesOf(shape)[dim]!;
  const values = x.toArray().slice();
  for (let flat = 0; flat < values.length; flat++) {
    if (at(flat) > 0) values[flat] = values[flat]! + values[flat - stride]!;
  }
  return tensor(values, shape);
}

/** Each entry along a dimension times a weight of its own. */
export function withWeights(x: Tensor, dim: number, weightOf: (i: number, last: number) => number): Tensor {
  const at = along(x, dim);
  const last = x.size(dim) - 1;
  return tensor(
    x.toArray().map((value, flat) => weightOf(at(flat), last) * value),
    x.shape,
  );
}
