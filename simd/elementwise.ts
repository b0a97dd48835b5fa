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

/** One run of results: four vectors at a time, then one, then single elements. An operand without a step repeats. */
@inline
function run<T>(operation: i32, a: usize, b: usize, out: usize, bytes: usize, stepA: bool, stepB: bool): void {
  const firstA = load<T>(a);
  const firstB = load<T>(b);
  const x = v128.splat<T>(firstA);
  const y = v128.splat<T>(firstB);
  let at: usize = 0;
  // constant offsets cost nothing, sums of addresses do
  for (; at + 64 <= bytes; at += 64) {
    v128.store(out + at, combineVectors<T>(operation, stepA ? v128.load(a + at) : x, stepB ? v128.load(b + at) : y));
    v128.store(out + at, combineVectors<T>(operation, stepA ? v128.load(a + at, 16) : x, stepB ? v128.load(b + at, 16) : y), 16);
    v128.store(out + at, combineVectors<T>(operation, stepA ? v128.load(a + at, 32) : x, stepB ? v128.load(b + at, 32) : y), 32);
    v128.store(out + at, combineVectors<T>(operation, stepA ? v128.load(a + at, 48) : x, stepB ? v128.load(b + at, 48) : y), 48);
  }
  for (; at + 16 <= bytes; at += 16) {
    v128.store(out + at, combineVectors<T>(operation, stepA ? v128.load(a + at) : x, stepB ? v128.load(b + at) : y));
  }
  for (; at < bytes; at += sizeof<T>()) {
    store<T>(out + at, combine<T>(operation, stepA ? load<T>(a + at) : firstA, stepB ? load<T>(b + at) : firstB));
  }
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
  // an operand without elements may begin where the memory ends: not even its first one is read
  if (columns == 0) return;
  const size: usize = sizeof<T>();
  const bytes = <usize>columns * size;
  for (let row: u32 = 0; row < rows; row++, a += rowStepA * size, b += rowStepB * size, out += bytes) {
    if (stepA & stepB) run<T>(operation, a, b, out, bytes, true, true);
    else if (stepA) run<T>(operation, a, b, out, bytes, true, false);
    else if (stepB) run<T>(operation, a, b, out, bytes, false, true);
    else run<T>(operation, a, b, out, bytes, false, false);
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

/** a, or `value` where the mask is not 0, for `rows` runs of `columns` results; a step of 0 repeats an element. */
export function maskedFill(
  a: usize,
  mask: usize,
  out: usize,
  rows: u32,
  columns: u32,
  rowStepA: usize,
  rowStepMask: usize,
  stepA: u32,
  stepMask: u32,
  value: f32,
): void {
  if (columns == 0) return;
  const end = <usize>columns << 2;
  const four = f32x4.splat(value);
  const zero = i32x4.splat(0);
  for (let row: u32 = 0; row < rows; row++, a += rowStepA << 2, mask += rowStepMask << 2, out += end) {
    let at: usize = 0;
    for (; at + 16 <= end; at += 16) {
      const x = stepA ? v128.load(a + at) : v128.load32_splat(a);
      const mark = stepMask ? v128.load(mask + at) : v128.load32_splat(mask);
      v128.store(out + at, v128.bitselect(x, four, i32x4.eq(mark, zero)));
    }
    for (; at < end; at += 4) {
      const mark = load<u32>(stepMask ? mask + at : mask);
      store<f32>(out + at, mark == 0 ? load<f32>(stepA ? a + at : a) : value);
    }
  }
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
