/** Reductions of [outer, length, inner] over length. */

/** The sum for inner = 1, in four lanes. */
export function sumInLanes(a: usize, out: usize, outer: u32, length: u32): void {
  for (let o: u32 = 0; o < outer; o++, out += 4) {
    const end = a + ((<usize>length) << 2);
    store<f32>(out, sumOfRow(a, end));
    a = end;
  }
}

/** The sum of the elements from a to end, in four lanes. */
@inline
export function sumOfRow(a: usize, end: usize): f32 {
  let lanes = f32x4.splat(0);
  for (; a + 16 <= end; a += 16) lanes = f32x4.add(lanes, v128.load(a));
  let lane0 = f32x4.extract_lane(lanes, 0);
  let lane1 = f32x4.extract_lane(lanes, 1);
  let lane2 = f32x4.extract_lane(lanes, 2);
  if (a < end) lane0 += load<f32>(a);
  if (a + 4 < end) lane1 += load<f32>(a, 4);
  if (a + 8 < end) lane2 += load<f32>(a, 8);
  return lane0 + lane1 + (lane2 + f32x4.extract_lane(lanes, 3));
}

export function sum(a: usize, out: usize, outer: u32, length: u32, inner: u32): void {
  sumInOrder<f32>(a, out, outer, length, inner);
}

/** The sum in order; neighbors in `inner` are computed side by side. Of float32 or float64 (T). */
@inline
export function sumInOrder<T>(a: usize, out: usize, outer: u32, length: u32, inner: u32): void {
  const size: usize = sizeof<T>();
  const row = <usize>inner * size;
  for (let o: u32 = 0; o < outer; o++, a += row * length, out += row) {
    let j: usize = 0;
    for (; j + 64 <= row; j += 64) {
      let sum0 = i64x2.splat(0);
      let sum1 = sum0;
      let sum2 = sum0;
      let sum3 = sum0;
      let at = a + j;
      for (let i: u32 = 0; i < length; i++, at += row) {
        sum0 = v128.add<T>(sum0, v128.load(at));
        sum1 = v128.add<T>(sum1, v128.load(at, 16));
        sum2 = v128.add<T>(sum2, v128.load(at, 32));
        sum3 = v128.add<T>(sum3, v128.load(at, 48));
      }
      v128.store(out + j, sum0);
      v128.store(out + j, sum1, 16);
      v128.store(out + j, sum2, 32);
      v128.store(out + j, sum3, 48);
    }
    for (; j + 16 <= row; j += 16) {
      let sum = i64x2.splat(0);
      let at = a + j;
      for (let i: u32 = 0; i < length; i++, at += row) sum = v128.add<T>(sum, v128.load(at));
      v128.store(out + j, sum);
    }
    for (; j < row; j += size) {
      let sum: T = 0;
      let at = a + j;
      for (let i: u32 = 0; i < length; i++, at += row) sum += load<T>(at);
      store<T>(out + j, sum);
    }
  }
}

/** The largest element and its index: the first of equal ones, and the first NaN if there is one. */
export function max(a: usize, values: usize, indices: usize, outer: u32, length: u32, inner: u32): void {
  const row = (<usize>inner) << 2;
  for (let o: u32 = 0; o < outer; o++, a += row * length, values += row, indices += row) {
    if (inner == 1) {
      maxOfRow(a, values, indices, length);
      continue;
    }
    let j: usize = 0;
    for (; j + 16 <= row; j += 16) {
      let value = v128.load(a + j);
      let best = i32x4.splat(0);
      let at = a + j + row;
      for (let i: u32 = 1; i < length; i++, at += row) {
        const x = v128.load(at);
        const isNewNaN = v128.and(f32x4.ne(x, x), f32x4.eq(value, value));
        const isBetter = v128.or(f32x4.gt(x, value), isNewNaN);
        value = v128.bitselect(x, value, isBetter);
        best = v128.bitselect(i32x4.splat(i), best, isBetter);
      }
      v128.store(values + j, value);
      v128.store(indices + j, best);
    }
    for (; j < row; j += 4) maxOfColumn(a + j, values + j, indices + j, length, row);
  }
}

/** Finds the value first, four elements at a time, then the index. */
function maxOfRow(a: usize, value: usize, index: usize, length: u32): void {
  const most = largestOfRow(a, a + ((<usize>length) << 2));
  let at = a;
  // a NaN equals nothing, not even itself
  if (most == most) while (load<f32>(at) != most) at += 4;
  else while (load<f32>(at) == load<f32>(at)) at += 4;
  store<f32>(value, load<f32>(at));
  store<i32>(index, <i32>((at - a) >> 2));
}

/** The largest of the elements from a to end, or NaN if there is one; of zeros, any. */
@inline
export function largestOfRow(a: usize, end: usize): f32 {
  let largest = f32x4.splat(-Infinity);
  for (; a + 16 <= end; a += 16) largest = f32x4.max(largest, v128.load(a));
  for (; a < end; a += 4) largest = f32x4.max(largest, v128.load32_splat(a));
  return max4(largest);
}

@inline
function max4(x: v128): f32 {
  const halves = f32x4.max(x, v128.shuffle<i32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.max(halves, v128.shuffle<i32>(halves, halves, 1, 0, 3, 2)), 0);
}

function maxOfColumn(a: usize, value: usize, index: usize, length: u32, row: usize): void {
  let most = load<f32>(a);
  let best: u32 = 0;
  for (let i: u32 = 1; i < length; i++) {
    const x = load<f32>(a + <usize>i * row);
    if (x > most || (x != x && most == most)) {
      most = x;
      best = i;
    }
  }
  store<f32>(value, most);
  store<u32>(index, best);
}
