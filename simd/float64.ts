/** What the float64 reference computes with; see grader/autograd/float64.ts. Counts are of elements of eight bytes. */
import { areExpable, areLoggable, exp2, log2, tanh2 } from "./functions";

const ADD = 0;
const SUB = 1;
const MUL = 2;
const DIV = 3;

@inline
function combine2(operation: i32, x: v128, y: v128): v128 {
  if (operation == ADD) return f64x2.add(x, y);
  if (operation == SUB) return f64x2.sub(x, y);
  if (operation == MUL) return f64x2.mul(x, y);
  return f64x2.div(x, y);
}

/** Two elements, or one of them twice, or, at the end of a row, the last one alone. */
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
  const end = (<usize>columns) << 3;
  for (let row: u32 = 0; row < rows; row++, a += rowStepA << 3, b += rowStepB << 3, out += end) {
    for (let at: usize = 0; at < end; at += 16) {
      const isLast = at + 16 > end;
      write(out + at, combine2(operation, read(a, at, stepA, isLast), read(b, at, stepB, isLast)), isLast);
    }
  }
}

export function add64(a: usize, b: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  broadcast(ADD, a, b, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

export function sub64(a: usize, b: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  broadcast(SUB, a, b, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

export function mul64(a: usize, b: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  broadcast(MUL, a, b, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

export function div64(a: usize, b: usize, out: usize, rows: u32, columns: u32, rowStepA: usize, rowStepB: usize, stepA: u32, stepB: u32): void {
  broadcast(DIV, a, b, out, rows, columns, rowStepA, rowStepB, stepA, stepB);
}

/**
 * The magnitudes of a product or a quotient, from values (a, b) and magnitudes (sizesA, sizesB):
 * sizeA |b| + |a| (sizeB - |b|), or (sizeA + |a / b| (sizeB - |b|)) / |b|.
 */
@inline
function sizes(
  isQuotient: bool,
  a: usize,
  sizesA: usize,
  b: usize,
  sizesB: usize,
  out: usize,
  rows: u32,
  columns: u32,
  rowStepA: usize,
  rowStepB: usize,
  stepA: u32,
  stepB: u32,
): void {
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

export function abs64(a: usize, out: usize, count: u32): void {
  const end = (<usize>count) << 3;
  for (let at: usize = 0; at < end; at += 16) {
    const isLast = at + 16 > end;
    write(out + at, f64x2.abs(read(a, at, 1, isLast)), isLast);
  }
}

/** False where a number is out of the common range, and not all is computed. */
export function exp64(a: usize, out: usize, count: u32): bool {
  const end = (<usize>count) << 3;
  for (let at: usize = 0; at < end; at += 16) {
    const isLast = at + 16 > end;
    const x = read(a, at, 1, isLast);
    if (!areExpable(x)) return false;
    write(out + at, exp2(x), isLast);
  }
  return true;
}

/** False where a number is not positive and normal, and not all is computed. */
export function log64(a: usize, out: usize, count: u32): bool {
  const end = (<usize>count) << 3;
  for (let at: usize = 0; at < end; at += 16) {
    const isLast = at + 16 > end;
    const x = read(a, at, 1, isLast);
    if (!areLoggable(x)) return false;
    write(out + at, log2(x), isLast);
  }
  return true;
}

export function tanh64(a: usize, out: usize, count: u32): bool {
  const end = (<usize>count) << 3;
  for (let at: usize = 0; at < end; at += 16) {
    const isLast = at + 16 > end;
    write(out + at, tanh2(read(a, at, 1, isLast)), isLast);
  }
  return true;
}

/** The sum of [outer, length, inner] over length, in order. */
export function sum64(a: usize, out: usize, outer: u32, length: u32, inner: u32): void {
  const row = (<usize>inner) << 3;
  for (let o: u32 = 0; o < outer; o++, a += row * length, out += row) {
    for (let j: usize = 0; j < row; j += 16) {
      const isLast = j + 16 > row;
      let sum = f64x2.splat(0);
      let at = a + j;
      for (let i: u32 = 0; i < length; i++, at += row) sum = f64x2.add(sum, read(at, 0, 1, isLast));
      write(out + j, sum, isLast);
    }
  }
}

/** out [columns, rows] = a [rows, columns] transposed. */
export function transpose64(a: usize, out: usize, rows: u32, columns: u32): void {
  for (let i: u32 = 0; i < rows; i++) {
    for (let j: u32 = 0; j < columns; j++, a += 8) {
      store<u64>(out + ((<usize>j * rows + i) << 3), load<u64>(a));
    }
  }
}

/** out [n, m] = a [n, k] @ b [k, m]: tiles of four rows and four columns, then what is left, element by element. */
export function matmul64(a: usize, b: usize, out: usize, n: u32, k: u32, m: u32): void {
  const rowOfA: usize = (<usize>k) << 3;
  const rowOfB: usize = (<usize>m) << 3;
  const rows = n & ~3;
  const columns = m & ~3;
  for (let i: u32 = 0; i < n; i++) {
    const isTiled = i < rows;
    if (isTiled && i % 4 == 0) {
      for (let j: u32 = 0; j < columns; j += 4) {
        tile(a + <usize>i * rowOfA, rowOfA, b + ((<usize>j) << 3), rowOfB, out + <usize>i * rowOfB + ((<usize>j) << 3), k);
      }
    }
    for (let j: u32 = isTiled ? columns : 0; j < m; j++) {
      let sum: f64 = 0;
      let x = a + <usize>i * rowOfA;
      let y = b + ((<usize>j) << 3);
      for (let l: u32 = 0; l < k; l++, x += 8, y += rowOfB) sum += load<f64>(x) * load<f64>(y);
      store<f64>(out + <usize>i * rowOfB + ((<usize>j) << 3), sum);
    }
  }
}

function tile(a: usize, rowOfA: usize, b: usize, rowOfB: usize, out: usize, k: u32): void {
  let sum00 = f64x2.splat(0);
  let sum01 = sum00;
  let sum10 = sum00;
  let sum11 = sum00;
  let sum20 = sum00;
  let sum21 = sum00;
  let sum30 = sum00;
  let sum31 = sum00;
  const a2 = rowOfA << 1;
  const a3 = a2 + rowOfA;
  for (let l: u32 = 0; l < k; l++, a += 8, b += rowOfB) {
    const y0 = v128.load(b);
    const y1 = v128.load(b, 16);
    const x0 = v128.load64_splat(a);
    sum00 = f64x2.add(sum00, f64x2.mul(x0, y0));
    sum01 = f64x2.add(sum01, f64x2.mul(x0, y1));
    const x1 = v128.load64_splat(a + rowOfA);
    sum10 = f64x2.add(sum10, f64x2.mul(x1, y0));
    sum11 = f64x2.add(sum11, f64x2.mul(x1, y1));
    const x2 = v128.load64_splat(a + a2);
    sum20 = f64x2.add(sum20, f64x2.mul(x2, y0));
    sum21 = f64x2.add(sum21, f64x2.mul(x2, y1));
    const x3 = v128.load64_splat(a + a3);
    sum30 = f64x2.add(sum30, f64x2.mul(x3, y0));
    sum31 = f64x2.add(sum31, f64x2.mul(x3, y1));
  }
  v128.store(out, sum00);
  v128.store(out, sum01, 16);
  v128.store(out + rowOfB, sum10);
  v128.store(out + rowOfB, sum11, 16);
  v128.store(out + (rowOfB << 1), sum20);
  v128.store(out + (rowOfB << 1), sum21, 16);
  v128.store(out + rowOfB * 3, sum30);
  v128.store(out + rowOfB * 3, sum31, 16);
}
