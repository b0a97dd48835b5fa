/** add, sub, mul, div with broadcasting, of float32 or float64 (T); neg, sqrt, fill of float32. */

export const ADD: i32 = 0;
export const SUB: i32 = 1;
export const MUL: i32 = 2;
export const DIV: i32 = 3;

@inline
function combineVectors<T>(operation: i32, x: v128, y: v128): v128 {
  if (operation == ADD) return v128.add<T>(x, y);
  if (operation == SUB) return v128.sub<T>(x, y);
  if (operation == MUL) return v128.mul<T>(x, y);
  return v128.div<T>(x, y);
}

@inline
function combine<T>(operation: i32, x: T, y: T): T {
  if (operation == ADD) return (x + y) as T;
  if (operation == SUB) return (x - y) as T;
  if (operation == MUL) return (x * y) as T;
  return (x / y) as T;
}

/** `rows` runs of `columns` results; a step of 0 repeats an element. */
@inline
export function broadcast<T>(
  operation: i32,
  a: usize,
  b: usize,
  out: usize,
  rows: u32,
  columns: u32,
  rowStepA: usize,
  rowStepB: usize,
  stepA: u32,
  stepB: u32,
): void {
  const size: usize = sizeof<T>();
  const end = <usize>columns * size;
  const whole = end & ~15;
  for (let row: u32 = 0; row < rows; row++, a += rowStepA * size, b += rowStepB * size, out += end) {
    let at: usize = 0;
    if (stepA & stepB) {
      for (; at < whole; at += 16) {
        v128.store(out + at, combineVectors<T>(operation, v128.load(a + at), v128.load(b + at)));
      }
      for (; at < end; at += size) store<T>(out + at, combine<T>(operation, load<T>(a + at), load<T>(b + at)));
    } else if (stepA) {
      const y = load<T>(b);
      const vector = v128.splat<T>(y);
      for (; at < whole; at += 16) v128.store(out + at, combineVectors<T>(operation, v128.load(a + at), vector));
      for (; at < end; at += size) store<T>(out + at, combine<T>(operation, load<T>(a + at), y));
    } else if (stepB) {
      const x = load<T>(a);
      const vector = v128.splat<T>(x);
      for (; at < whole; at += 16) v128.store(out + at, combineVectors<T>(operation, vector, v128.load(b + at)));
      for (; at < end; at += size) store<T>(out + at, combine<T>(operation, x, load<T>(b + at)));
    } else {
      const z = combine<T>(operation, load<T>(a), load<T>(b));
      for (; at < end; at += size) store<T>(out + at, z);
    }
  }
}

export function add(a: usize, b: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  broadcast<f32>(ADD, a, b, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

export function sub(a: usize, b: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  broadcast<f32>(SUB, a, b, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

export function mul(a: usize, b: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  broadcast<f32>(MUL, a, b, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

export function div(a: usize, b: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  broadcast<f32>(DIV, a, b, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

export function neg(a: usize, out: usize, count: u32): void {
  const end = (<usize>count) << 2;
  let at: usize = 0;
  for (; at + 16 <= end; at += 16) v128.store(out + at, f32x4.neg(v128.load(a + at)));
  for (; at < end; at += 4) store<f32>(out + at, -load<f32>(a + at));
}

export function sqrt(a: usize, out: usize, count: u32): void {
  const end = (<usize>count) << 2;
  let at: usize = 0;
  for (; at + 16 <= end; at += 16) v128.store(out + at, f32x4.sqrt(v128.load(a + at)));
  for (; at < end; at += 4) store<f32>(out + at, Mathf.sqrt(load<f32>(a + at)));
}

export function fill(out: usize, count: u32, value: f32): void {
  const end = (<usize>count) << 2;
  const four = f32x4.splat(value);
  let at: usize = 0;
  for (; at + 16 <= end; at += 16) v128.store(out + at, four);
  for (; at < end; at += 4) store<f32>(out + at, value);
}
