/** Matrix products, of float32 or float64 (T), and transposes of float64. */

/** How many rows of b a panel holds. */
const DEPTH: u32 = 256;

/** How many rows of a transposed a are multiplied at once: as they are read again for each panel, few enough to stay in the cache. */
const ROWS: u32 = 64;

/** A piece of a transposed b, transposed back: DEPTH rows of two vectors. */
const panel = memory.data(8192, 16);

/** `count` products one after the other; from one to the next, the matrices are `stepA` and `stepB` elements apart. */
export function matmul(
  a: usize,
  b: usize,
  out: usize,
  n: u32,
  k: u32,
  m: u32,
  turnedA: bool,
  turnedB: bool,
  count: u32,
  stepA: usize,
  stepB: usize,
): void {
  const step = <usize>n * m << 2;
  for (let i: u32 = 0; i < count; i++, a += stepA << 2, b += stepB << 2, out += step) {
    product<f32>(a, b, out, n, k, m, turnedA, turnedB);
  }
}

/**
 * out [n, m] = a [n, k] @ b [k, m]; in memory, a transposed a is [k, n] and a transposed b is [m, k]. Tiles have four rows
 * and two vectors, or one where no more is left; the last tile of a row overlaps the one before.
 */
export function product<T>(a: usize, b: usize, out: usize, n: u32, k: u32, m: u32, turnedA: bool, turnedB: bool): void {
  const size: usize = sizeof<T>();
  const lanes: u32 = 16 / <u32>size;
  const rowOfA: usize = turnedA ? size : <usize>k * size;
  const stepOfA: usize = turnedA ? <usize>n * size : size;
  const rowOfB: usize = turnedB ? size : <usize>m * size;
  const stepOfB: usize = turnedB ? <usize>k * size : size;
  const rowOfOut: usize = <usize>m * size;
  if (m < lanes) {
    for (let j: u32 = 0; j < m; j++) {
      for (let i: u32 = 0; i < n; i++) {
        const x = a + <usize>i * rowOfA;
        const y = b + <usize>j * stepOfB;
        store<T>(out + <usize>i * rowOfOut + <usize>j * size, element<T>(x, stepOfA, y, rowOfB, k));
      }
    }
    return;
  }
  // a tile that overlaps another one must not add to what is already there
  const most: u32 = turnedA && m % lanes == 0 ? ROWS : max<u32>(k, 1);
  for (let l: u32 = 0; l < k || l == 0; l += most) {
    const x = a + <usize>l * stepOfA;
    const y = b + <usize>l * rowOfB;
    panels<T>(x, rowOfA, stepOfA, y, rowOfB, stepOfB, out, rowOfOut, n, min(most, k - l), m, turnedB, l == 0);
  }
}

/** Some columns of a times as many rows of b, panel by panel. After the first ones, products are added to what is already in out. */
function panels<T>(
  a: usize,
  rowOfA: usize,
  stepOfA: usize,
  b: usize,
  rowOfB: usize,
  stepOfB: usize,
  out: usize,
  rowOfOut: usize,
  n: u32,
  k: u32,
  m: u32,
  turnedB: bool,
  isFirst: bool,
): void {
  const size: usize = sizeof<T>();
  const lanes: u32 = 16 / <u32>size;
  for (let j: u32 = 0; j < m; ) {
    const isWide = m - j > lanes && m >= 2 * lanes;
    j = min(j, m - (isWide ? 2 * lanes : lanes));
    const y = b + <usize>j * stepOfB;
    const z = out + <usize>j * size;
    if (!turnedB) {
      tiles<T>(isWide, a, rowOfA, stepOfA, y, rowOfB, z, rowOfOut, n, k, isFirst);
    } else {
      for (let l: u32 = 0; l < k || l == 0; l += DEPTH) {
        const depth = min(DEPTH, k - l);
        transposeToPanel<T>(y + <usize>l * rowOfB, stepOfB, depth, isWide ? 2 * lanes : lanes);
        tiles<T>(isWide, a + <usize>l * stepOfA, rowOfA, stepOfA, panel, 32, z, rowOfOut, n, depth, isFirst && l == 0);
      }
    }
    j += isWide ? 2 * lanes : lanes;
  }
}

/** Copies `width` rows of a transposed b, `depth` of their elements, to the panel's columns. */
function transposeToPanel<T>(b: usize, rowOfB: usize, depth: u32, width: u32): void {
  const size: usize = sizeof<T>();
  // blocks of four by four are transposed by shuffles if a vector has four elements
  const whole: u32 = size == 4 ? depth & ~3 : 0;
  for (let j: u32 = 0; j < width; j += 4, b += rowOfB << 2) {
    let to = panel + <usize>j * size;
    let at = b;
    let l: u32 = 0;
    for (; l < whole; l += 4, at += 16, to += 128) {
      const row0 = v128.load(at);
      const row1 = v128.load(at + rowOfB);
      const row2 = v128.load(at + (rowOfB << 1));
      const row3 = v128.load(at + rowOfB * 3);
      const low01 = v128.shuffle<i32>(row0, row1, 0, 4, 1, 5);
      const low23 = v128.shuffle<i32>(row2, row3, 0, 4, 1, 5);
      const high01 = v128.shuffle<i32>(row0, row1, 2, 6, 3, 7);
      const high23 = v128.shuffle<i32>(row2, row3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<i32>(low01, low23, 0, 1, 4, 5));
      v128.store(to, v128.shuffle<i32>(low01, low23, 2, 3, 6, 7), 32);
      v128.store(to, v128.shuffle<i32>(high01, high23, 0, 1, 4, 5), 64);
      v128.store(to, v128.shuffle<i32>(high01, high23, 2, 3, 6, 7), 96);
    }
    for (; l < depth; l++, at += size, to += 32) {
      for (let row: usize = 0; row < min(width, 4); row++) store<T>(to + row * size, load<T>(at + row * rowOfB));
    }
  }
}

/** All rows of out, two vectors wide or one. After the first part of k, products are added to what is already there. */
function tiles<T>(isWide: bool, a: usize, rowOfA: usize, stepOfA: usize, b: usize, rowOfB: usize, out: usize, rowOfOut: usize, n: u32, k: u32, isFirst: bool): void {
  let i: u32 = 0;
  while (i < n) {
    let rows: u32 = 1;
    if (n - i >= 4) {
      rows = 4;
      if (isWide) tile4x2<T>(a, rowOfA, stepOfA, b, rowOfB, out, rowOfOut, k, isFirst);
      else tile4x1<T>(a, rowOfA, stepOfA, b, rowOfB, out, rowOfOut, k, isFirst);
    } else if (isWide) {
      tile1x2<T>(a, stepOfA, b, rowOfB, out, k, isFirst);
    } else {
      tile1x1<T>(a, stepOfA, b, rowOfB, out, k, isFirst);
    }
    i += rows;
    a += rowOfA * rows;
    out += rowOfOut * rows;
  }
}

@inline
function plus<T>(sum: v128, x: v128, y: v128): v128 {
  return v128.add<T>(sum, v128.mul<T>(x, y));
}

/** Four rows, two vectors. */
function tile4x2<T>(a: usize, rowOfA: usize, stepOfA: usize, b: usize, rowOfB: usize, out: usize, rowOfOut: usize, k: u32, isFirst: bool): void {
  const out1 = out + rowOfOut;
  const out2 = out1 + rowOfOut;
  const out3 = out2 + rowOfOut;
  let sum00 = i64x2.splat(0);
  let sum01 = sum00;
  let sum10 = sum00;
  let sum11 = sum00;
  let sum20 = sum00;
  let sum21 = sum00;
  let sum30 = sum00;
  let sum31 = sum00;
  if (!isFirst) {
    sum00 = v128.load(out);
    sum01 = v128.load(out, 16);
    sum10 = v128.load(out1);
    sum11 = v128.load(out1, 16);
    sum20 = v128.load(out2);
    sum21 = v128.load(out2, 16);
    sum30 = v128.load(out3);
    sum31 = v128.load(out3, 16);
  }
  const a2 = rowOfA << 1;
  const a3 = a2 + rowOfA;
  for (let l: u32 = 0; l < k; l++, a += stepOfA, b += rowOfB) {
    const y0 = v128.load(b);
    const y1 = v128.load(b, 16);
    const x0 = v128.load_splat<T>(a);
    sum00 = plus<T>(sum00, x0, y0);
    sum01 = plus<T>(sum01, x0, y1);
    const x1 = v128.load_splat<T>(a + rowOfA);
    sum10 = plus<T>(sum10, x1, y0);
    sum11 = plus<T>(sum11, x1, y1);
    const x2 = v128.load_splat<T>(a + a2);
    sum20 = plus<T>(sum20, x2, y0);
    sum21 = plus<T>(sum21, x2, y1);
    const x3 = v128.load_splat<T>(a + a3);
    sum30 = plus<T>(sum30, x3, y0);
    sum31 = plus<T>(sum31, x3, y1);
  }
  v128.store(out, sum00);
  v128.store(out, sum01, 16);
  v128.store(out1, sum10);
  v128.store(out1, sum11, 16);
  v128.store(out2, sum20);
  v128.store(out2, sum21, 16);
  v128.store(out3, sum30);
  v128.store(out3, sum31, 16);
}

/** Four rows, one vector. */
function tile4x1<T>(a: usize, rowOfA: usize, stepOfA: usize, b: usize, rowOfB: usize, out: usize, rowOfOut: usize, k: u32, isFirst: bool): void {
  const out1 = out + rowOfOut;
  const out2 = out1 + rowOfOut;
  const out3 = out2 + rowOfOut;
  const zero = i64x2.splat(0);
  let sum0 = isFirst ? zero : v128.load(out);
  let sum1 = isFirst ? zero : v128.load(out1);
  let sum2 = isFirst ? zero : v128.load(out2);
  let sum3 = isFirst ? zero : v128.load(out3);
  const a2 = rowOfA << 1;
  const a3 = a2 + rowOfA;
  for (let l: u32 = 0; l < k; l++, a += stepOfA, b += rowOfB) {
    const y = v128.load(b);
    sum0 = plus<T>(sum0, v128.load_splat<T>(a), y);
    sum1 = plus<T>(sum1, v128.load_splat<T>(a + rowOfA), y);
    sum2 = plus<T>(sum2, v128.load_splat<T>(a + a2), y);
    sum3 = plus<T>(sum3, v128.load_splat<T>(a + a3), y);
  }
  v128.store(out, sum0);
  v128.store(out1, sum1);
  v128.store(out2, sum2);
  v128.store(out3, sum3);
}

/** One row, two vectors. */
function tile1x2<T>(a: usize, stepOfA: usize, b: usize, rowOfB: usize, out: usize, k: u32, isFirst: bool): void {
  const zero = i64x2.splat(0);
  let sum0 = isFirst ? zero : v128.load(out);
  let sum1 = isFirst ? zero : v128.load(out, 16);
  for (let l: u32 = 0; l < k; l++, a += stepOfA, b += rowOfB) {
    const x = v128.load_splat<T>(a);
    sum0 = plus<T>(sum0, x, v128.load(b));
    sum1 = plus<T>(sum1, x, v128.load(b, 16));
  }
  v128.store(out, sum0);
  v128.store(out, sum1, 16);
}

/** One row, one vector. */
function tile1x1<T>(a: usize, stepOfA: usize, b: usize, rowOfB: usize, out: usize, k: u32, isFirst: bool): void {
  let sum = isFirst ? i64x2.splat(0) : v128.load(out);
  for (let l: u32 = 0; l < k; l++, a += stepOfA, b += rowOfB) {
    sum = plus<T>(sum, v128.load_splat<T>(a), v128.load(b));
  }
  v128.store(out, sum);
}

/** One element of a product. */
function element<T>(a: usize, stepOfA: usize, b: usize, rowOfB: usize, k: u32): T {
  let sum: T = 0;
  for (let l: u32 = 0; l < k; l++, a += stepOfA, b += rowOfB) sum += (load<T>(a) * load<T>(b)) as T;
  return sum;
}

/** out [columns, rows] = a [rows, columns] transposed; any elements of the size of T. */
@inline
export function transposed<T>(a: usize, out: usize, rows: u32, columns: u32): void {
  const size: usize = sizeof<T>();
  for (let i: u32 = 0; i < rows; i++) {
    for (let j: u32 = 0; j < columns; j++, a += size) store<T>(out + (<usize>j * rows + i) * size, load<T>(a));
  }
}
