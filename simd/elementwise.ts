/** add, sub, mul, div with broadcasting; neg, sqrt, fill. */

const ADD = 0;
const SUB = 1;
const MUL = 2;
const DIV = 3;

@inline
function combine4(operation: i32, x: v128, y: v128): v128 {
  if (operation == ADD) return f32x4.add(x, y);
  if (operation == SUB) return f32x4.sub(x, y);
  if (operation == MUL) return f32x4.mul(x, y);
  return f32x4.div(x, y);
}

@inline
function combine(operation: i32, x: f32, y: f32): f32 {
  if (operation == ADD) return x + y;
  if (operation == SUB) return x - y;
  if (operation == MUL) return x * y;
  return x / y;
}

/** `rows` runs of `columns` results; a step of 0 repeats an element. */
@inline
function broadcast(
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
  const whole = (<usize>(columns & ~3)) << 2;
  const end = (<usize>columns) << 2;
  for (let row: u32 = 0; row < rows; row++, a += rowStepA << 2, b += rowStepB << 2, out += end) {
    let at: usize = 0;
    if (stepA & stepB) {
      for (; at < whole; at += 16) {
        v128.store(out + at, combine4(operation, v128.load(a + at), v128.load(b + at)));
      }
      for (; at < end; at += 4) {
        store<f32>(out + at, combine(operation, load<f32>(a + at), load<f32>(b + at)));
      }
    } else if (stepA) {
      const y = v128.load32_splat(b);
      for (; at < whole; at += 16) v128.store(out + at, combine4(operation, v128.load(a + at), y));
      const last = f32x4.extract_lane(y, 0);
      for (; at < end; at += 4) store<f32>(out + at, combine(operation, load<f32>(a + at), last));
    } else if (stepB) {
      const x = v128.load32_splat(a);
      for (; at < whole; at += 16) v128.store(out + at, combine4(operation, x, v128.load(b + at)));
      const last = f32x4.extract_lane(x, 0);
      for (; at < end; at += 4) store<f32>(out + at, combine(operation, last, load<f32>(b + at)));
    } else {
      const z = combine(operation, load<f32>(a), load<f32>(b));
      for (; at < end; at += 4) store<f32>(out + at, z);
    }
  }
}

export function add(a: usize, b: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  broadcast(ADD, a, b, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

export function sub(a: usize, b: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  broadcast(SUB, a, b, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

export function mul(a: usize, b: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  broadcast(MUL, a, b, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

export function div(a: usize, b: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  broadcast(DIV, a, b, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
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
