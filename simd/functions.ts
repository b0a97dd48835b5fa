/** exp, log and tanh: float32 in, float64 between, float32 out; see grader/tensor/functions.ts. */

const EXP: i32 = 0;
const LOG: i32 = 1;
const TANH: i32 = 2;

const SQRT2: f64 = 1.4142135623730951;

/**
 * Constants are read from memory, once for each pair of numbers: built in registers, they took two thirds of the time.
 * The names below are places in this list.
 */
const constants = memory.data<f64>([
  0.6931471805599453, 0.6931471803691238, 1.9082149292705877e-10,
  1.0 / 2.0, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0, 1.0 / 5040.0, 1.0 / 40320.0, 1.0 / 362880.0,
  1.0 / 3628800.0, 1.0 / 39916800.0, 1.0 / 479001600.0, 1.0 / 6227020800.0, 1.0 / 87178291200.0,
  2.0 / 3.0, 2.0 / 5.0, 2.0 / 7.0, 2.0 / 9.0, 2.0 / 11.0, 2.0 / 13.0, 2.0 / 15.0, 2.0 / 17.0, 2.0 / 19.0, 2.0 / 21.0,
  2.0 / 23.0, 1.0, 2.0, 0.5, -0.0, 20.0, 1e-9,
]);
const LN2: usize = 0;
const LN2_HIGH: usize = 1;
const LN2_LOW: usize = 2;
/** That of 1/k! is this and k. */
const FACTORIAL: usize = 1;
/** That of 2/(2k + 1) is this and k. */
const ODD: usize = 15;
const ONE: usize = 27;
const TWO: usize = 28;
const HALF: usize = 29;
const SIGN: usize = 30;
const LARGEST_TANH: usize = 31;
const SMALLEST_TANH: usize = 32;

@inline
function constant(which: usize): v128 {
  return v128.load64_splat(constants + (which << 3));
}

@inline
export function f64x2of(x: f64): v128 {
  return f64x2.splat(x);
}

@inline
export function times(x: v128, y: v128): v128 {
  return f64x2.mul(x, y);
}

@inline
export function plus(x: v128, y: v128): v128 {
  return f64x2.add(x, y);
}

@inline
function minus(x: v128, y: v128): v128 {
  return f64x2.sub(x, y);
}

/** The whole numbers nearest to x, as two int32; halves away from zero. */
@inline
function nearest2(x: v128): v128 {
  const half = v128.or(v128.and(x, constant(SIGN)), constant(HALF));
  return i32x4.trunc_sat_f64x2_s_zero(plus(x, half));
}

/** 2^k for two int32. */
@inline
function powerOfTwo2(k: v128): v128 {
  return i64x2.shl(i64x2.add(i64x2.extend_low_i32x4_s(k), i64x2.splat(1023)), 52);
}

/** e^r - 1 for |r| <= ln(2)/2, where r = x - k ln 2. */
@inline
function expFraction2(x: v128, k: v128): v128 {
  const high = minus(x, times(k, constant(LN2_HIGH)));
  const low = times(k, constant(LN2_LOW));
  const r = minus(high, low);
  let p = constant(FACTORIAL + 14);
  p = plus(times(p, r), constant(FACTORIAL + 13));
  p = plus(times(p, r), constant(FACTORIAL + 12));
  p = plus(times(p, r), constant(FACTORIAL + 11));
  p = plus(times(p, r), constant(FACTORIAL + 10));
  p = plus(times(p, r), constant(FACTORIAL + 9));
  p = plus(times(p, r), constant(FACTORIAL + 8));
  p = plus(times(p, r), constant(FACTORIAL + 7));
  p = plus(times(p, r), constant(FACTORIAL + 6));
  p = plus(times(p, r), constant(FACTORIAL + 5));
  p = plus(times(p, r), constant(FACTORIAL + 4));
  p = plus(times(p, r), constant(FACTORIAL + 3));
  p = plus(times(p, r), constant(FACTORIAL + 2));
  return minus(high, minus(low, times(times(r, r), p)));
}

/** Where expFractions4 leaves its second result. */
const second = memory.data(16, 16);

/** Two of expFraction2, step by step beside each other: one waits for each of its results, two wait half as long. */
@inline
function expFractions4(x0: v128, k0: v128, x1: v128, k1: v128): v128 {
  const high0 = minus(x0, times(k0, constant(LN2_HIGH)));
  const high1 = minus(x1, times(k1, constant(LN2_HIGH)));
  const low0 = times(k0, constant(LN2_LOW));
  const low1 = times(k1, constant(LN2_LOW));
  const r0 = minus(high0, low0);
  const r1 = minus(high1, low1);
  let c = constant(FACTORIAL + 14);
  let p0 = c;
  let p1 = c;
  c = constant(FACTORIAL + 13);
  p0 = plus(times(p0, r0), c);
  p1 = plus(times(p1, r1), c);
  c = constant(FACTORIAL + 12);
  p0 = plus(times(p0, r0), c);
  p1 = plus(times(p1, r1), c);
  c = constant(FACTORIAL + 11);
  p0 = plus(times(p0, r0), c);
  p1 = plus(times(p1, r1), c);
  c = constant(FACTORIAL + 10);
  p0 = plus(times(p0, r0), c);
  p1 = plus(times(p1, r1), c);
  c = constant(FACTORIAL + 9);
  p0 = plus(times(p0, r0), c);
  p1 = plus(times(p1, r1), c);
  c = constant(FACTORIAL + 8);
  p0 = plus(times(p0, r0), c);
  p1 = plus(times(p1, r1), c);
  c = constant(FACTORIAL + 7);
  p0 = plus(times(p0, r0), c);
  p1 = plus(times(p1, r1), c);
  c = constant(FACTORIAL + 6);
  p0 = plus(times(p0, r0), c);
  p1 = plus(times(p1, r1), c);
  c = constant(FACTORIAL + 5);
  p0 = plus(times(p0, r0), c);
  p1 = plus(times(p1, r1), c);
  c = constant(FACTORIAL + 4);
  p0 = plus(times(p0, r0), c);
  p1 = plus(times(p1, r1), c);
  c = constant(FACTORIAL + 3);
  p0 = plus(times(p0, r0), c);
  p1 = plus(times(p1, r1), c);
  c = constant(FACTORIAL + 2);
  p0 = plus(times(p0, r0), c);
  p1 = plus(times(p1, r1), c);
  v128.store(second, minus(high1, minus(low1, times(times(r1, r1), p1))));
  return minus(high0, minus(low0, times(times(r0, r0), p0)));
}

/** e^x from x = k ln 2 + r and e^r - 1. */
@inline
function expFrom2(k: v128, fraction: v128): v128 {
  return times(plus(constant(ONE), fraction), powerOfTwo2(k));
}

/** e^x for two numbers, |x| < 700. */
@inline
export function exp2(x: v128): v128 {
  const k = nearest2(f64x2.div(x, constant(LN2)));
  return expFrom2(k, expFraction2(x, f64x2.convert_low_i32x4_s(k)));
}

/** The natural logarithm of two positive normal numbers. */
@inline
export function log2(x: v128): v128 {
  let m = v128.or(v128.and(x, i64x2.splat(0xfffffffffffff)), i64x2.splat(0x3ff0000000000000));
  const exponents = i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(1023));
  const isLarge = f64x2.gt(m, f64x2of(SQRT2));
  m = v128.bitselect(times(m, constant(HALF)), m, isLarge);
  // a mask is -1, so that subtracting it adds one
  const k64 = i64x2.sub(exponents, isLarge);
  const k = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(k64, k64, 0, 2, 0, 2));
  const f = minus(m, constant(ONE));
  const s = f64x2.div(f, plus(constant(TWO), f));
  const z = times(s, s);
  let p = constant(ODD + 11);
  p = plus(times(p, z), constant(ODD + 10));
  p = plus(times(p, z), constant(ODD + 9));
  p = plus(times(p, z), constant(ODD + 8));
  p = plus(times(p, z), constant(ODD + 7));
  p = plus(times(p, z), constant(ODD + 6));
  p = plus(times(p, z), constant(ODD + 5));
  p = plus(times(p, z), constant(ODD + 4));
  p = plus(times(p, z), constant(ODD + 3));
  p = plus(times(p, z), constant(ODD + 2));
  p = plus(times(p, z), constant(ODD + 1));
  const half = times(times(constant(HALF), f), f);
  const rest = plus(times(s, plus(half, times(z, p))), times(k, constant(LN2_LOW)));
  return plus(times(k, constant(LN2_HIGH)), minus(f, minus(half, rest)));
}

/** What tanh takes the exponential of: 2|x|, or 40 where it is more, because tanh is 1 by then. */
@inline
function doubled2(x: v128): v128 {
  return times(constant(TWO), f64x2.pmin(constant(LARGEST_TANH), f64x2.abs(x)));
}

/** tanh of two numbers from e^2|x| - 1, which is 2^k - 1 + 2^k fraction; below 1e-9 (and for NaN) it is x. */
@inline
function tanhFrom2(x: v128, k: v128, fraction: v128): v128 {
  const power = powerOfTwo2(k);
  const e = plus(minus(power, constant(ONE)), times(power, fraction));
  const y = f64x2.div(e, plus(e, constant(TWO)));
  const signed = v128.or(y, v128.and(x, constant(SIGN)));
  return v128.bitselect(signed, x, f64x2.ge(f64x2.abs(x), constant(SMALLEST_TANH)));
}

@inline
export function tanh2(x: v128): v128 {
  const doubled = doubled2(x);
  const k = nearest2(f64x2.div(doubled, constant(LN2)));
  return tanhFrom2(x, k, expFraction2(doubled, f64x2.convert_low_i32x4_s(k)));
}

/** Whether both are numbers with |x| < 700. */
@inline
export function areExpable(x: v128): bool {
  return i64x2.all_true(f64x2.lt(f64x2.abs(x), f64x2of(700)));
}

/** Whether both are positive, finite and not subnormal. */
@inline
export function areLoggable(x: v128): bool {
  return i64x2.all_true(
    v128.and(f64x2.ge(x, f64x2of(2.2250738585072014e-308)), f64x2.lt(x, f64x2of(Infinity))),
  );
}

/** e^x for any x: what a float32 cannot hold anyway is not computed. */
export function exp1(x: f64): f64 {
  if (x != x) return x;
  if (x >= 700) return Infinity;
  if (x <= -700) return 0;
  return f64x2.extract_lane(exp2(f64x2of(x)), 0);
}

/** The natural logarithm of any float32. */
export function log1(x: f64): f64 {
  if (x != x || x < 0) return NaN;
  if (x == 0) return -Infinity;
  if (x == Infinity) return Infinity;
  return f64x2.extract_lane(log2(f64x2of(x)), 0);
}

@inline
function function2(name: i32, x: v128): v128 {
  if (name == TANH) return tanh2(x);
  if (name == EXP) {
    if (areExpable(x)) return exp2(x);
    return f64x2.replace_lane(f64x2of(exp1(f64x2.extract_lane(x, 0))), 1, exp1(f64x2.extract_lane(x, 1)));
  }
  if (areLoggable(x)) return log2(x);
  return f64x2.replace_lane(f64x2of(log1(f64x2.extract_lane(x, 0))), 1, log1(f64x2.extract_lane(x, 1)));
}

/** Float32 in, float64 between, float32 out. */
@inline
function each(name: i32, a: usize, out: usize, count: u32): void {
  const end = (<usize>count) << 2;
  let at: usize = 0;
  for (; name != LOG && at + 16 <= end; at += 16) {
    const x0 = f64x2.promote_low_f32x4(v128.load64_zero(a + at));
    const x1 = f64x2.promote_low_f32x4(v128.load64_zero(a + at, 8));
    let y0: v128;
    let y1: v128;
    if (name == EXP && !(areExpable(x0) && areExpable(x1))) {
      y0 = function2(name, x0);
      y1 = function2(name, x1);
    } else {
      const e0 = name == TANH ? doubled2(x0) : x0;
      const e1 = name == TANH ? doubled2(x1) : x1;
      const k0 = nearest2(f64x2.div(e0, constant(LN2)));
      const k1 = nearest2(f64x2.div(e1, constant(LN2)));
      y0 = expFractions4(e0, f64x2.convert_low_i32x4_s(k0), e1, f64x2.convert_low_i32x4_s(k1));
      y1 = v128.load(second);
      y0 = name == TANH ? tanhFrom2(x0, k0, y0) : expFrom2(k0, y0);
      y1 = name == TANH ? tanhFrom2(x1, k1, y1) : expFrom2(k1, y1);
    }
    v128.store64_lane(out + at, f32x4.demote_f64x2_zero(y0), 0);
    v128.store64_lane(out + at, f32x4.demote_f64x2_zero(y1), 0, 8);
  }
  for (; at + 8 <= end; at += 8) {
    const y = function2(name, f64x2.promote_low_f32x4(v128.load64_zero(a + at)));
    v128.store64_lane(out + at, f32x4.demote_f64x2_zero(y), 0);
  }
  if (at < end) {
    const y = function2(name, f64x2of(load<f32>(a + at)));
    v128.store32_lane(out + at, f32x4.demote_f64x2_zero(y), 0);
  }
}

export function exp(a: usize, out: usize, count: u32): void {
  each(EXP, a, out, count);
}

export function log(a: usize, out: usize, count: u32): void {
  each(LOG, a, out, count);
}

export function tanh(a: usize, out: usize, count: u32): void {
  each(TANH, a, out, count);
}
