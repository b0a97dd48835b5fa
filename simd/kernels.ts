/**
 * The SIMD kernels, in AssemblyScript. Each gives the bits of its namesake in grader/tensor/kernels.ts, which is its
 * specification: products and sums are rounded one by one (no fused or relaxed operations), and each element sums in
 * the same order; only independent elements run side by side.
 *
 * Arrays are addresses in this module's memory, in bytes; everything else counts elements.
 */

/** Columns that run side by side: four vectors of four. */
const WIDE: u32 = 16;

/** out [n, m] = a [n, k] @ b [k, m]. */
export function matmul(a: usize, b: usize, out: usize, n: u32, k: u32, m: u32): void {
  const rowOfB: usize = (<usize>m) << 2;
  const wide = m - (m % WIDE);
  const whole = m - (m % 4);
  for (let i: u32 = 0; i < n; i++) {
    const rowOfA = a + ((<usize>i * k) << 2);
    const rowOfOut = out + <usize>i * rowOfB;
    let j: u32 = 0;
    for (; j < wide; j += WIDE) {
      let sum0 = f32x4.splat(0);
      let sum1 = f32x4.splat(0);
      let sum2 = f32x4.splat(0);
      let sum3 = f32x4.splat(0);
      let at = b + ((<usize>j) << 2);
      for (let l: u32 = 0; l < k; l++, at += rowOfB) {
        const x = v128.load32_splat(rowOfA + ((<usize>l) << 2));
        sum0 = f32x4.add(sum0, f32x4.mul(x, v128.load(at)));
        sum1 = f32x4.add(sum1, f32x4.mul(x, v128.load(at, 16)));
        sum2 = f32x4.add(sum2, f32x4.mul(x, v128.load(at, 32)));
        sum3 = f32x4.add(sum3, f32x4.mul(x, v128.load(at, 48)));
      }
      const o = rowOfOut + ((<usize>j) << 2);
      v128.store(o, sum0);
      v128.store(o, sum1, 16);
      v128.store(o, sum2, 32);
      v128.store(o, sum3, 48);
    }
    for (; j < whole; j += 4) {
      let sum = f32x4.splat(0);
      let at = b + ((<usize>j) << 2);
      for (let l: u32 = 0; l < k; l++, at += rowOfB) {
        sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(rowOfA + ((<usize>l) << 2)), v128.load(at)));
      }
      v128.store(rowOfOut + ((<usize>j) << 2), sum);
    }
    for (; j < m; j++) {
      let sum: f32 = 0;
      let at = b + ((<usize>j) << 2);
      for (let l: u32 = 0; l < k; l++, at += rowOfB) {
        sum += load<f32>(rowOfA + ((<usize>l) << 2)) * load<f32>(at);
      }
      store<f32>(rowOfOut + ((<usize>j) << 2), sum);
    }
  }
}

/** matmul in float64, for the reference: the same order, eight columns side by side. */
export function matmul64(a: usize, b: usize, out: usize, n: u32, k: u32, m: u32): void {
  const rowOfB: usize = (<usize>m) << 3;
  const wide = m - (m % 8);
  for (let i: u32 = 0; i < n; i++) {
    const rowOfA = a + ((<usize>i * k) << 3);
    const rowOfOut = out + <usize>i * rowOfB;
    let j: u32 = 0;
    for (; j < wide; j += 8) {
      let sum0 = f64x2.splat(0);
      let sum1 = f64x2.splat(0);
      let sum2 = f64x2.splat(0);
      let sum3 = f64x2.splat(0);
      let at = b + ((<usize>j) << 3);
      for (let l: u32 = 0; l < k; l++, at += rowOfB) {
        const x = v128.load64_splat(rowOfA + ((<usize>l) << 3));
        sum0 = f64x2.add(sum0, f64x2.mul(x, v128.load(at)));
        sum1 = f64x2.add(sum1, f64x2.mul(x, v128.load(at, 16)));
        sum2 = f64x2.add(sum2, f64x2.mul(x, v128.load(at, 32)));
        sum3 = f64x2.add(sum3, f64x2.mul(x, v128.load(at, 48)));
      }
      const o = rowOfOut + ((<usize>j) << 3);
      v128.store(o, sum0);
      v128.store(o, sum1, 16);
      v128.store(o, sum2, 32);
      v128.store(o, sum3, 48);
    }
    for (; j < m; j++) {
      let sum: f64 = 0;
      let at = b + ((<usize>j) << 3);
      for (let l: u32 = 0; l < k; l++, at += rowOfB) {
        sum += load<f64>(rowOfA + ((<usize>l) << 3)) * load<f64>(at);
      }
      store<f64>(rowOfOut + ((<usize>j) << 3), sum);
    }
  }
}
