import type { Shape, Tensor } from "#tensor";

/**
 * The operation set: what a forward expression may use. Tensor has all of it, and so have Variable (which records) and
 * Measured (float64 with error magnitudes), so one expression serves them all.
 */
export interface Operations<X> {
  readonly shape: Shape;
  add(other: X | number): X;
  sub(other: X | number): X;
  mul(other: X | number): X;
  div(other: X | number): X;
  neg(): X;
  pow(exponent: number): X;
  exp(): X;
  log(): X;
  tanh(): X;
  sum(dim?: number, keepdim?: boolean): X;
  mean(): X;
  max(dim: number, keepdim?: boolean): { values: X; indices: Tensor };
  matmul(other: X): X;
  readonly T: X;
  view(...shape: number[]): X;
  expand(...shape: number[]): X;
  gatherRows(index: Tensor): X;
  gather(dim: number, index: Tensor): X;
}

/** The arithmetic that backward rules need besides: undoing a lookup. */
export interface Arithmetic<X> extends Operations<X> {
  newZeros(shape: Shape): X;
  indexAdd(dim: number, index: Tensor, source: X): X;
  scatterAdd(dim: number, index: Tensor, source: X): X;
}

/** What an operation gave and, for each input, the gradient that flows back to it from the output's gradient g. */
export interface Step<X> {
  value: X;
  backward: ((g: X, value: X) => X)[];
}

type A<X> = Arithmetic<X>;

// Each rule says the forward operation first and, in the same order as the inputs, what flows back. `value` is the
// output: a rule that can be written from it (exp, tanh) uses it.

export function add<X extends A<X>>(a: X, b: X): Step<X> {
  return { value: a.add(b), backward: [(g) => sumTo(g, a.shape), (g) => sumTo(g, b.shape)] };
}

export function sub<X extends A<X>>(a: X, b: X): Step<X> {
  return { value: a.sub(b), backward: [(g) => sumTo(g, a.shape), (g) => sumTo(g.neg(), b.shape)] };
}

export function mul<X extends A<X>>(a: X, b: X): Step<X> {
  return { value: a.mul(b), backward: [(g) => sumTo(b.mul(g), a.shape), (g) => sumTo(a.mul(g), b.shape)] };
}

export function div<X extends A<X>>(a: X, b: X): Step<X> {
  return {
    value: a.div(b),
    backward: [(g) => sumTo(g.div(b), a.shape), (g) => sumTo(g.mul(a.div(b).div(b)).neg(), b.shape)],
  };
}

export function addNumber<X extends A<X>>(a: X, c: number): Step<X> {
  return { value: a.add(c), backward: [(g) => g] };
}

export function mulNumber<X extends A<X>>(a: X, c: number): Step<X> {
  return { value: a.mul(c), backward: [(g) => g.mul(c)] };
}

export function divNumber<X extends A<X>>(a: X, c: number): Step<X> {
  return { value: a.div(c), backward: [(g) => g.div(c)] };
}

export function neg<X extends A<X>>(a: X): Step<X> {
  return { value: a.neg(), backward: [(g) => g.neg()] };
}

/** d(a^p) = p a^(p-1) da */
export function pow<X extends A<X>>(a: X, p: number): Step<X> {
  return {
    value: a.pow(p),
    backward: [
      (g) =>
        a
          .pow(p - 1)
          .mul(p)
          .mul(g),
    ],
  };
}

/** d(e^a) = e^a da */
export function exp<X extends A<X>>(a: X): Step<X> {
  return { value: a.exp(), backward: [(g, value) => value.mul(g)] };
}

/** d(log a) = da / a */
export function log<X extends A<X>>(a: X): Step<X> {
  return { value: a.log(), backward: [(g) => g.div(a)] };
}

/** d(tanh a) = (1 - tanh(a)^2) da */
export function tanh<X extends A<X>>(a: X): Step<X> {
  return { value: a.tanh(), backward: [(g, value) => value.pow(2).neg().add(1).mul(g)] };
}

/** A sum forward is a copy backward. */
export function sum<X extends A<X>>(a: X, dim?: number, keepdim?: boolean): Step<X> {
  const kept = a.shape.map((extent, d) => (dim === undefined || d === dim ? 1 : extent));
  return { value: a.sum(dim, keepdim), backward: [(g) => g.view(...kept).expand(...a.shape)] };
}

export function mean<X extends A<X>>(a: X): Step<X> {
  const count = a.shape.reduce((product, extent) => product * extent, 1);
  const kept = a.shape.map(() => 1);
  return {
    value: a.mean(),
    backward: [
      (g) =>
        g
          .div(count)
          .view(...kept)
          .expand(...a.shape),
    ],
  };
}

/** The gradient goes to the place of the maximum; for the columns of a matrix, dim 1 kept. */
export function max<X extends A<X>>(a: X): Step<X> & { indices: Tensor } {
  const { values, indices } = a.max(1, true);
  return { value: values, indices, backward: [(g) => a.newZeros(a.shape).scatterAdd(1, indices, g)] };
}

/** Of all products with g, the only two whose shapes fit. */
export function matmul<X extends A<X>>(a: X, b: X): Step<X> {
  return { value: a.matmul(b), backward: [(g) => g.matmul(b.T), (g) => a.T.matmul(g)] };
}

export function transpose<X extends A<X>>(a: X): Step<X> {
  return { value: a.T, backward: [(g) => g.T] };
}

export function view<X extends A<X>>(a: X, shape: number[]): Step<X> {
  return { value: a.view(...shape), backward: [(g) => g.view(...a.shape)] };
}

/** A copy forward is a sum backward. */
export function expand<X extends A<X>>(a: X, shape: number[]): Step<X> {
  return { value: a.expand(...shape), backward: [(g) => sumTo(g, a.shape)] };
}

/** A row used twice collects twice. */
export function gatherRows<X extends A<X>>(a: X, index: Tensor): Step<X> {
  return { value: a.gatherRows(index), backward: [(g) => a.newZeros(a.shape).indexAdd(0, index, g)] };
}

export function gather<X extends A<X>>(a: X, dim: number, index: Tensor): Step<X> {
  return { value: a.gather(dim, index), backward: [(g) => a.newZeros(a.shape).scatterAdd(dim, index, g)] };
}

/** Undoes broadcasting: g summed over the dimensions along which `shape` was repeated. */
function sumTo<X extends A<X>>(g: X, shape: Shape): X {
  while (g.shape.length > shape.length) g = g.sum(0);
  for (const [d, extent] of shape.entries()) if (extent === 1 && g.shape[d] !== 1) g = g.sum(d, true);
  return g;
}
