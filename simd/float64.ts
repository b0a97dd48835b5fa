/**
 * The kernels of the float64 reference: the float32 kernels compiled for elements of eight bytes, the magnitudes of
 * products and quotients, and variances; see grader/autograd/float64.ts. And normal numbers.
 */
export { normals } from "./normals";
import { ADD, DIV, MUL, SUB, broadcast } from "./elementwise";
import { areExpable, areLoggable, exp2, log2, tanh2 } from "./functions";
import { product, transposed } from "./matmul";
import { sumInOrder } from "./reductions";

export function add64(a: usize, b: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  broadcast<f64>(ADD, a, b, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

export function sub64(a: usize, b: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  broadcast<f64>(SUB, a, b, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

export function mul64(a: usize, b: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  broadcast<f64>(MUL, a, b, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

export function div64(a: usize, b: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  broadcast<f64>(DIV, a, b, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

export function sum64(a: usize, out: usize, outer: u32, length: u32, inner: u32): void {
  sumInOrder<f64>(a, out, outer, length, inner);
}

export function matmul64(a: usize, b: usize, out: usize, n: u32, k: u32, m: u32): void {
  product<f64>(a, b, out, n, k, m, false, false);
}

export function transpose64(a: usize, out: usize, rows: u32, columns: u32): void {
  transposed<u64>(a, out, rows, columns);
}

/** Two elements, or one of them twice; or the last element of a row twice. */
@inline
function read(from: usize, at: usize, step: u32, isLast: bool): v128 {
  if (!step) return v128.load64_splat(from);
  return isLast ? v128.load64_splat(from + at) : v128.load(from + at);
}

@inline
function write(to: usize, value: v128, isLast: bool): void {
  if (isLast) v128.store64_lane(to, value, 0);
  else v128.store(to, value);
}

/**
 * The magnitudes of a product or a quotient, from values (a, b) and magnitudes (sizesA, sizesB):
 * sizeA |b| + |a| (sizeB - |b|), or (sizeA + |a / b| (sizeB - |b|)) / |b|.
 */
@inline
function sizes(isQuotient: bool, a: usize, sizesA: usize, b: usize, sizesB: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  const end = (<usize>columns) << 3;
  for (let row: u32 = 0; row < rows; row++) {
    for (let at: usize = 0; at < end; at += 16) {
      const isLast = at + 16 > end;
      const x = f64x2.abs(read(a, at, stepA, isLast));
      const y = f64x2.abs(read(b, at, stepB, isLast));
      const sizeA = read(sizesA, at, stepA, isLast);
      const excess = f64x2.sub(read(sizesB, at, stepB, isLast), y);
      const size = isQuotient
        ? f64x2.div(f64x2.add(sizeA, f64x2.mul(f64x2.div(x, y), excess)), y)
        : f64x2.add(f64x2.mul(sizeA, y), f64x2.mul(x, excess));
      write(out + at, size, isLast);
    }
    a += rowStepA << 3;
    sizesA += rowStepA << 3;
    b += rowStepB << 3;
    sizesB += rowStepB << 3;
    out += end;
  }
}

export function productSizes(a: usize, sizesA: usize, b: usize, sizesB: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  sizes(false, a, sizesA, b, sizesB, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

export function quotientSizes(a: usize, sizesA: usize, b: usize, sizesB: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  sizes(true, a, sizesA, b, sizesB, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

/** factor * value * value, added to the variance; without a variance, whose address is then 0, that alone. */
export function roundings64(variance: usize, value: usize, out: usize, count: u32, factor: f64): void {
  const end = (<usize>count) << 3;
  const factors = f64x2.splat(factor);
  for (let at: usize = 0; at < end; at += 16) {
    const isLast = at + 16 > end;
    const x = read(value, at, 1, isLast);
    const own = f64x2.mul(f64x2.mul(factors, x), x);
    write(out + at, variance ? f64x2.add(read(variance, at, 1, isLast), own) : own, isLast);
  }
}

/** slope * slope * variance, added to out; a slope of 0 carries nothing, not even an infinite variance. */
export function carried64(slope: usize, variance: usize, out: usize, count: u32): void {
  const end = (<usize>count) << 3;
  const zero = f64x2.splat(0);
  for (let at: usize = 0; at < end; at += 16) {
    const isLast = at + 16 > end;
    const steepness = read(slope, at, 1, isLast);
    const carried = f64x2.mul(f64x2.mul(steepness, steepness), read(variance, at, 1, isLast));
    const sum = f64x2.add(read(out, at, 1, isLast), v128.and(carried, f64x2.ne(steepness, zero)));
    write(out + at, sum, isLast);
  }
}

/** The slope of y = x ** exponent: exponent * y / x, or 0 where x is 0. */
export function powerSlopes64(x: usize, y: usize, out: usize, count: u32, exponent: f64): void {
  const end = (<usize>count) << 3;
  const zero = f64x2.splat(0);
  const factors = f64x2.splat(exponent);
  for (let at: usize = 0; at < end; at += 16) {
    const isLast = at + 16 > end;
    const base = read(x, at, 1, isLast);
    const slope = f64x2.div(f64x2.mul(factors, read(y, at, 1, isLast)), base);
    write(out + at, v128.and(slope, f64x2.ne(base, zero)), isLast);
  }
}

const ABS: i32 = 0;
const EXP: i32 = 1;
const LOG: i32 = 2;
const TANH: i32 = 3;
const NEG: i32 = 4;
const SQRT: i32 = 5;

@inline
function functionOf(name: i32, x: v128): v128 {
  if (name == ABS) return f64x2.abs(x);
  if (name == EXP) return exp2(x);
  if (name == LOG) return log2(x);
  if (name == TANH) return tanh2(x);
  return name == NEG ? f64x2.neg(x) : f64x2.sqrt(x);
}

/** A function of each element. False if it is not computed: exp of a large number, log of any that is not positive and normal. */
@inline
function each(name: i32, a: usize, out: usize, count: u32): bool {
  const end = (<usize>count) << 3;
  for (let at: usize = 0; at < end; at += 16) {
    const isLast = at + 16 > end;
    const x = read(a, at, 1, isLast);
    if (name == EXP && !areExpable(x)) return false;
    if (name == LOG && !areLoggable(x)) return false;
    write(out + at, functionOf(name, x), isLast);
  }
  return true;
}

export function abs64(a: usize, out: usize, count: u32): bool {
  return each(ABS, a, out, count);
}

export function exp64(a: usize, out: usize, count: u32): bool {
  return each(EXP, a, out, count);
}

export function log64(a: usize, out: usize, count: u32): bool {
  return each(LOG, a, out, count);
}

export function tanh64(a: usize, out: usize, count: u32): bool {
  return each(TANH, a, out, count);
}

export function neg64(a: usize, out: usize, count: u32): bool {
  return each(NEG, a, out, count);
}

export function sqrt64(a: usize, out: usize, count: u32): bool {
  return each(SQRT, a, out, count);
}
