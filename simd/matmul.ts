/** Matrix products and transposes. */

/** How many of b's columns are multiplied at a time, and how many rows of a transposed b are turned at a time. */
const PANEL: u32 = 8;
const DEPTH: u32 = 256;

/** A piece of a transposed b, turned: DEPTH x PANEL. */
const panel = memory.data(8192, 16);

/**
 * out [n, m] = a [n, k] @ b [k, m], a transposed a lying in memory as [k, n], a transposed b as [m, k]. Tiles of four
 * rows and eight columns; the last tile of a matrix overlaps the one before.
 */
export function matmul(a: usize, b: usize, out: usize, n: u32, k: u32, m: u32, turnedA: bool, turnedB: bool): void {
  const rowOfA: usize = turnedA ? 4 : (<usize>k) << 2;
  const stepOfA: usize = turnedA ? (<usize>n) << 2 : 4;
  const rowOfB: usize = turnedB ? 4 : (<usize>m) << 2;
  const stepOfB: usize = turnedB ? (<usize>k) << 2 : 4;
  const rowOfOut: usize = (<usize>m) << 2;
  if (m < 4) {
    for (let j: u32 = 0; j < m; j++) {
      for (let i: u32 = 0; i < n; i++) {
        const x = a + <usize>i * rowOfA;
        const y = b + <usize>j * stepOfB;
        store<f32>(out + <usize>i * rowOfOut + ((<usize>j) << 2), product(x, stepOfA, y, rowOfB, k));
      }
    }
    return;
  }
  for (let j: u32 = 0; j < m; ) {
    const isWide = m - j >= PANEL;
    if (m - j < 4) j = m - 4;
    const y = b + <usize>j * stepOfB;
    const z = out + ((<usize>j) << 2);
    if (!turnedB) {
      tiles(isWide, a, rowOfA, stepOfA, y, rowOfB, z, rowOfOut, n, k, true);
    } else {
      for (let l: u32 = 0; l < k || l == 0; l += DEPTH) {
        const depth = min(DEPTH, k - l);
        turn(y + ((<usize>l) << 2), stepOfB, depth, isWide ? 8 : 4);
        tiles(isWide, a + <usize>l * stepOfA, rowOfA, stepOfA, panel, 32, z, rowOfOut, n, depth, l == 0);
      }
    }
    j += isWide ? PANEL : 4;
  }
}

/** Copies `width` rows of a transposed b, `depth` of their elements, to the panel's columns. */
function turn(b: usize, rowOfB: usize, depth: u32, width: u32): void {
  const whole = depth & ~3;
  for (let j: u32 = 0; j < width; j += 4, b += rowOfB << 2) {
    let to = panel + ((<usize>j) << 2);
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
    for (; l < depth; l++, at += 4, to += 32) {
      store<f32>(to, load<f32>(at));
      store<f32>(to, load<f32>(at + rowOfB), 4);
      store<f32>(to, load<f32>(at + (rowOfB << 1)), 8);
      store<f32>(to, load<f32>(at + rowOfB * 3), 12);
    }
  }
}

/** All rows of eight columns, or four. What is not the first part of k adds to what is there. */
function tiles(isWide: bool, a: usize, rowOfA: usize, stepOfA: usize, b: usize, rowOfB: usize, out: usize, rowOfOut: usize, n: u32, k: u32, isFirst: bool): void {
  let i: u32 = 0;
  for (; i + 4 <= n; i += 4, a += rowOfA << 2, out += rowOfOut << 2) {
    if (isWide) tile4x8(a, rowOfA, stepOfA, b, rowOfB, out, rowOfOut, k, isFirst);
    else tile4x4(a, rowOfA, stepOfA, b, rowOfB, out, rowOfOut, k, isFirst);
  }
  for (; i < n; i++, a += rowOfA, out += rowOfOut) {
    if (isWide) tile1x8(a, stepOfA, b, rowOfB, out, k, isFirst);
    else tile1x4(a, stepOfA, b, rowOfB, out, k, isFirst);
  }
}

function tile4x8(a: usize, rowOfA: usize, stepOfA: usize, b: usize, rowOfB: usize, out: usize, rowOfOut: usize, k: u32, isFirst: bool): void {
  const out1 = out + rowOfOut;
  const out2 = out1 + rowOfOut;
  const out3 = out2 + rowOfOut;
  let sum00 = f32x4.splat(0);
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
    const x0 = v128.load32_splat(a);
    sum00 = f32x4.add(sum00, f32x4.mul(x0, y0));
    sum01 = f32x4.add(sum01, f32x4.mul(x0, y1));
    const x1 = v128.load32_splat(a + rowOfA);
    sum10 = f32x4.add(sum10, f32x4.mul(x1, y0));
    sum11 = f32x4.add(sum11, f32x4.mul(x1, y1));
    const x2 = v128.load32_splat(a + a2);
    sum20 = f32x4.add(sum20, f32x4.mul(x2, y0));
    sum21 = f32x4.add(sum21, f32x4.mul(x2, y1));
    const x3 = v128.load32_splat(a + a3);
    sum30 = f32x4.add(sum30, f32x4.mul(x3, y0));
    sum31 = f32x4.add(sum31, f32x4.mul(x3, y1));
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

function tile4x4(a: usize, rowOfA: usize, stepOfA: usize, b: usize, rowOfB: usize, out: usize, rowOfOut: usize, k: u32, isFirst: bool): void {
  const out1 = out + rowOfOut;
  const out2 = out1 + rowOfOut;
  const out3 = out2 + rowOfOut;
  const zero = f32x4.splat(0);
  let sum0 = isFirst ? zero : v128.load(out);
  let sum1 = isFirst ? zero : v128.load(out1);
  let sum2 = isFirst ? zero : v128.load(out2);
  let sum3 = isFirst ? zero : v128.load(out3);
  const a2 = rowOfA << 1;
  const a3 = a2 + rowOfA;
  for (let l: u32 = 0; l < k; l++, a += stepOfA, b += rowOfB) {
    const y = v128.load(b);
    sum0 = f32x4.add(sum0, f32x4.mul(v128.load32_splat(a), y));
    sum1 = f32x4.add(sum1, f32x4.mul(v128.load32_splat(a + rowOfA), y));
    sum2 = f32x4.add(sum2, f32x4.mul(v128.load32_splat(a + a2), y));
    sum3 = f32x4.add(sum3, f32x4.mul(v128.load32_splat(a + a3), y));
  }
  v128.store(out, sum0);
  v128.store(out1, sum1);
  v128.store(out2, sum2);
  v128.store(out3, sum3);
}

function tile1x8(a: usize, stepOfA: usize, b: usize, rowOfB: usize, out: usize, k: u32, isFirst: bool): void {
  const zero = f32x4.splat(0);
  let sum0 = isFirst ? zero : v128.load(out);
  let sum1 = isFirst ? zero : v128.load(out, 16);
  for (let l: u32 = 0; l < k; l++, a += stepOfA, b += rowOfB) {
    const x = v128.load32_splat(a);
    sum0 = f32x4.add(sum0, f32x4.mul(x, v128.load(b)));
    sum1 = f32x4.add(sum1, f32x4.mul(x, v128.load(b, 16)));
  }
  v128.store(out, sum0);
  v128.store(out, sum1, 16);
}

function tile1x4(a: usize, stepOfA: usize, b: usize, rowOfB: usize, out: usize, k: u32, isFirst: bool): void {
  let sum = isFirst ? f32x4.splat(0) : v128.load(out);
  for (let l: u32 = 0; l < k; l++, a += stepOfA, b += rowOfB) {
    sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(a), v128.load(b)));
  }
  v128.store(out, sum);
}

/** One element of a product. */
function product(a: usize, stepOfA: usize, b: usize, rowOfB: usize, k: u32): f32 {
  let sum: f32 = 0;
  for (let l: u32 = 0; l < k; l++, a += stepOfA, b += rowOfB) sum += load<f32>(a) * load<f32>(b);
  return sum;
}

/** out [columns, rows] = a [rows, columns] transposed; of any elements of four bytes. */
export function transpose(a: usize, out: usize, rows: u32, columns: u32): void {
  for (let i: u32 = 0; i < rows; i++) {
    for (let j: u32 = 0; j < columns; j++, a += 4) {
      store<u32>(out + ((<usize>j * rows + i) << 2), load<u32>(a));
    }
  }
}
