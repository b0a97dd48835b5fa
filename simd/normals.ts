/** Box and Muller's method: uniform float32 numbers become normal ones; see grader/network/random.ts. */
import { FACTORIAL, constant, f64x2of, log2, times } from "./functions";

/** A number added to it is rounded to an integer, which the lowest bits of the sum hold. */
const ROUND: f64 = 6755399441055744.0;
const QUARTER: f64 = Math.PI / 2;
/** A quarter of a turn in two parts, as in grader/tensor/functions.ts. */
const QUARTER_HIGH: f64 = 1.5707963267341256;
const QUARTER_LOW: f64 = 6.077100506506192e-11;

/** 1/k! - p z, as each term of both series begins. */
@inline
function term(k: usize, p: v128, z: v128): v128 {
  return f64x2.sub(constant(FACTORIAL + k), times(p, z));
}

/** The sines of two numbers up to pi/4 in size. */
@inline
function sine(r: v128): v128 {
  const z = times(r, r);
  let p = f64x2of(1.0 / 355687428096000.0);
  p = f64x2.sub(f64x2of(1.0 / 1307674368000.0), times(p, z));
  p = term(13, p, z);
  p = term(11, p, z);
  p = term(9, p, z);
  p = term(7, p, z);
  p = term(5, p, z);
  p = term(3, p, z);
  return f64x2.sub(r, times(times(r, z), p));
}

/** Their cosines. */
@inline
function cosine(r: v128): v128 {
  const z = times(r, r);
  let p = f64x2of(1.0 / 20922789888000.0);
  p = term(14, p, z);
  p = term(12, p, z);
  p = term(10, p, z);
  p = term(8, p, z);
  p = term(6, p, z);
  p = term(4, p, z);
  return f64x2.sub(f64x2of(1), f64x2.sub(times(f64x2of(0.5), z), times(times(z, z), p)));
}

/** sin(r + quarter pi/2), from both series at r; the lowest bits of `quarter` hold a whole number. */
@inline
function turned(sines: v128, cosines: v128, quarter: v128): v128 {
  const isOdd = i64x2.shr_s(i64x2.shl(quarter, 63), 63);
  // the second bit says that the sine is negative
  const sign = i64x2.shl(v128.and(quarter, i64x2.splat(2)), 62);
  return v128.xor(v128.bitselect(cosines, sines, isOdd), sign);
}

/** Blocks of sixteen numbers in place, number j of the first eight paired with j + 8. */
export function normals(at: usize, blocks: u32): void {
  for (let block: u32 = 0; block < blocks; block++, at += 64) {
    for (let pair = at; pair < at + 32; pair += 8) {
      const u1 = f32x4.sub(f32x4.splat(1), v128.load64_zero(pair));
      const logarithm = f32x4.demote_f64x2_zero(log2(f64x2.promote_low_f32x4(u1)));
      const radius = f32x4.sqrt(f32x4.mul(f32x4.splat(-2), logarithm));
      const u2 = f64x2.promote_low_f32x4(v128.load64_zero(pair, 32));
      const angle = f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(times(f64x2of(2.0 * Math.PI), u2)));
      const whole = f64x2.add(f64x2.div(angle, f64x2of(QUARTER)), f64x2of(ROUND));
      const quarter = f64x2.sub(whole, f64x2of(ROUND));
      const high = f64x2.sub(angle, times(quarter, f64x2of(QUARTER_HIGH)));
      const r = f64x2.sub(high, times(quarter, f64x2of(QUARTER_LOW)));
      const sines = sine(r);
      const cosines = cosine(r);
      const cos = turned(sines, cosines, i64x2.add(whole, i64x2.splat(1)));
      const sin = turned(sines, cosines, whole);
      v128.store64_lane(pair, f32x4.mul(radius, f32x4.demote_f64x2_zero(cos)), 0);
      v128.store64_lane(pair, f32x4.mul(radius, f32x4.demote_f64x2_zero(sin)), 0, 32);
    }
  }
}
