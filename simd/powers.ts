import { areExpable, areLoggable, exp1, exp2, f64x2of, log1, log2, plus, times } from "./functions";
import { fill, mul } from "./elementwise";

const RECIPROCAL: i32 = 1;
const RECIPROCAL_SQUARE: i32 = 2;
const ROOT: i32 = 3;
const RECIPROCAL_ROOT: i32 = 4;

@inline
function power2(name: i32, x: v128): v128 {
  if (name == RECIPROCAL) return f64x2.div(f64x2of(1), x);
  if (name == RECIPROCAL_SQUARE) return f64x2.div(f64x2of(1), times(x, x));
  // adding 0 turns -0 into 0; the root of -Infinity is Infinity
  const positive = plus(x, f64x2of(0));
  const root = v128.bitselect(f64x2of(Infinity), f64x2.sqrt(positive), f64x2.eq(x, f64x2of(-Infinity)));
  return name == ROOT ? root : f64x2.div(f64x2of(1), root);
}

@inline
function eachPower(name: i32, a: usize, out: usize, count: u32): void {
  const end = (<usize>count) << 2;
  let at: usize = 0;
  for (; at + 8 <= end; at += 8) {
    const y = power2(name, f64x2.promote_low_f32x4(v128.load64_zero(a + at)));
    v128.store64_lane(out + at, f32x4.demote_f64x2_zero(y), 0);
  }
  if (at < end) {
    const y = power2(name, f64x2of(load<f32>(a + at)));
    v128.store32_lane(out + at, f32x4.demote_f64x2_zero(y), 0);
  }
}

/** x^p for any exponent; see functions.ts. */
function power1(x: f64, p: f64): f64 {
  if (p != p || x != x) return x == 1 ? 1 : NaN;
  const a = Math.abs(x);
  if (Math.abs(p) == Infinity) return a == 1 ? 1 : a > 1 == p > 0 ? Infinity : 0;
  const isWhole = Math.trunc(p) == p;
  const isOdd = isWhole && Math.trunc(p / 2) * 2 != p;
  const isNegative = (reinterpret<u64>(x) >> 63) != 0;
  if (a == 0) {
    if (p > 0) return isOdd && isNegative ? -0.0 : 0;
    return isOdd && isNegative ? -Infinity : Infinity;
  }
  if (isNegative && !isWhole && a != Infinity) return NaN;
  const y = exp1(p * log1(a));
  return isOdd && isNegative ? -y : y;
}

/** Each element to the power p. */
export function pow(a: usize, out: usize, count: u32, p: f64): void {
  if (p == 2) return mul(a, a, out, 1, count, 0, 0, 1, 1);
  if (p == -1) return eachPower(RECIPROCAL, a, out, count);
  if (p == -2) return eachPower(RECIPROCAL_SQUARE, a, out, count);
  if (p == 0.5) return eachPower(ROOT, a, out, count);
  if (p == -0.5) return eachPower(RECIPROCAL_ROOT, a, out, count);
  if (p == 1) return memory.copy(out, a, (<usize>count) << 2);
  if (p == 0) return fill(out, count, 1);
  const exponent = f64x2of(p);
  const end = (<usize>count) << 2;
  let at: usize = 0;
  for (; at + 8 <= end; at += 8) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(a + at));
    if (areLoggable(x)) {
      const y = times(exponent, log2(x));
      if (areExpable(y)) {
        v128.store64_lane(out + at, f32x4.demote_f64x2_zero(exp2(y)), 0);
        continue;
      }
    }
    store<f32>(out + at, <f32>power1(f64x2.extract_lane(x, 0), p));
    store<f32>(out + at, <f32>power1(f64x2.extract_lane(x, 1), p), 4);
  }
  if (at < end) store<f32>(out + at, <f32>power1(load<f32>(a + at), p));
}
