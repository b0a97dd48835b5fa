/** exp, log and tanh: float32 in, float64 between, float32 out; see grader/tensor/functions.ts. */

const EXP: i32 = 0;
const TANH: i32 = 1;

const SQRT2: f64 = 1.4142135623730951;

/**
 * Constants are read from memory, once for each pair of numbers: building them in registers took two thirds of the time.
 * The names below are positions in this list.
 */
const constants = memory.data<f64>([
  1.4426950408889634, 0.6931471803691238, 1.9082149292705877e-10,
  1.0 / 2.0, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0, 1.0 / 5040.0, 1.0 / 40320.0, 1.0 / 362880.0,
  1.0 / 3628800.0, 1.0 / 39916800.0, 1.0 / 479001600.0, 1.0 / 6227020800.0, 1.0 / 87178291200.0,
  2.0 / 3.0, 2.0 / 5.0, 2.0 / 7.0, 2.0 / 9.0, 2.0 / 11.0, 2.0 / 13.0, 2.0 / 15.0, 2.0 / 17.0, 2.0 / 19.0, 2.0 / 21.0,
  2.0 / 23.0, 1.0, 2.0, 0.5, -0.0, 20.0, 1e-9, 6755399441055744.0, 700.0, -700.0,
]);
const LOG2E: usize = 0;
const LN2_HIGH: usize = 1;
const LN2_LOW: usize = 2;
/** 1/k! is at this position plus k. */
export const FACTORIAL: usize = 1;
/** 2/(2k + 1) is at this position plus k. */
const ODD: usize = 15;
const ONE: usize = 27;
const TWO: usize = 28;
const HALF: usize = 29;
const SIGN: usize = 30;
const LARGEST_TANH: usize = 31;
const SMALLEST_TANH: usize = 32;
/** 1.5 * 2^52: a number added to it is rounded to an integer, which the lowest bits of the sum hold. */
const ROUND: usize = 33;
const LARGEST_EXP: usize = 34;
const SMALLEST_EXP: usize = 35;

@inline
export function constant(which: usize): v128 {
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

/** k for x = k ln 2 + r, as ROUND + k. */
@inline
function roundedQuotient(x: v128): v128 {
  return plus(times(x, constant(LOG2E)), constant(ROUND));
}

/** 2^k from ROUND + k. */
@inline
function powerOfTwo(rounded: v128): v128 {
  return i64x2.shl(i64x2.add(rounded, i64x2.splat(1023)), 52);
}

/** (e^r - 1 - r) / r^2 for |r| <= ln(2)/2: the even powers of r and the odd ones side by side. */
@inline
function expTail(r: v128): v128 {
  const z = times(r, r);
  let even = constant(FACTORIAL + 14);
  let odd = constant(FACTORIAL + 13);
  even = plus(times(even, z), constant(FACTORIAL + 12));
  odd = plus(times(odd, z), constant(FACTORIAL + 11));
  even = plus(times(even, z), constant(FACTORIAL + 10));
  odd = plus(times(odd, z), constant(FACTORIAL + 9));
  even = plus(times(even, z), constant(FACTORIAL + 8));
  odd = plus(times(odd, z), constant(FACTORIAL + 7));
  even = plus(times(even, z), constant(FACTORIAL + 6));
  odd = plus(times(odd, z), constant(FACTORIAL + 5));
  even = plus(times(even, z), constant(FACTORIAL + 4));
  odd = plus(times(odd, z), constant(FACTORIAL + 3));
  even = plus(times(even, z), constant(FACTORIAL + 2));
  return plus(even, times(odd, r));
}

/** r = x - k ln 2 in two parts, the high one minus the low one. */
@inline
function highPart(x: v128, k: v128): v128 {
  return minus(x, times(k, constant(LN2_HIGH)));
}

@inline
function lowPart(k: v128): v128 {
  return times(k, constant(LN2_LOW));
}

/** e^r - 1 from the parts of r and r^2 expTail(r). */
@inline
function expFraction(high: v128, low: v128, tail: v128): v128 {
  return minus(high, minus(low, tail));
}

/** e^x from 2^k and e^r - 1. */
@inline
function expFrom(power: v128, fraction: v128): v128 {
  return times(plus(constant(ONE), fraction), power);
}

/** What tanh takes the exponential of: 2|x|, but at most 40, because tanh is already 1 there. */
@inline
function doubled(x: v128): v128 {
  return times(constant(TWO), f64x2.pmin(constant(LARGEST_TANH), f64x2.abs(x)));
}

/** tanh from e^2|x| - 1, which is 2^k - 1 + 2^k fraction; below 1e-9 (and for NaN) it is x. */
@inline
function tanhFrom(x: v128, power: v128, fraction: v128): v128 {
  const e = plus(minus(power, constant(ONE)), times(power, fraction));
  const y = f64x2.div(e, plus(e, constant(TWO)));
  const signed = v128.or(y, v128.and(x, constant(SIGN)));
  return v128.bitselect(signed, x, f64x2.ge(f64x2.abs(x), constant(SMALLEST_TANH)));
}

/** e^x for two numbers, |x| < 700. */
@inline
export function exp2(x: v128): v128 {
  const rounded = roundedQuotient(x);
  const k = minus(rounded, constant(ROUND));
  const high = highPart(x, k);
  const low = lowPart(k);
  const r = minus(high, low);
  return expFrom(powerOfTwo(rounded), expFraction(high, low, times(times(r, r), expTail(r))));
}

/** The natural logarithm of two positive normal numbers. */
@inline
export function log2(x: v128): v128 {
  let m = v128.or(v128.and(x, i64x2.splat(0xfffffffffffff)), i64x2.splat(0x3ff0000000000000));
  const exponents = i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(1023));
  const isLarge = f64x2.gt(m, f64x2of(SQRT2));
  m = v128.bitselect(times(m, constant(HALF)), m, isLarge);
  // a mask is -1, so subtracting it adds one
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

@inline
export function tanh2(x: v128): v128 {
  const twice = doubled(x);
  const rounded = roundedQuotient(twice);
  const k = minus(rounded, constant(ROUND));
  const high = highPart(twice, k);
  const low = lowPart(k);
  const r = minus(high, low);
  return tanhFrom(x, powerOfTwo(rounded), expFraction(high, low, times(times(r, r), expTail(r))));
}

/** Whether both are numbers with |x| < 700. */
@inline
export function areExpable(x: v128): bool {
  return i64x2.all_true(f64x2.lt(f64x2.abs(x), constant(LARGEST_EXP)));
}

/** Whether both are positive, finite and not subnormal. */
@inline
export function areLoggable(x: v128): bool {
  return i64x2.all_true(
    v128.and(f64x2.ge(x, f64x2of(2.2250738585072014e-308)), f64x2.lt(x, f64x2of(Infinity))),
  );
}

/** e^x for any x; results outside the range of float32 are not computed. */
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

/** How many numbers go through the stages of exp or tanh together. */
const STRIP: u32 = 64;
const highs = memory.data(512, 16);
const lows = memory.data(512, 16);
const powers = memory.data(512, 16);
/** r, and then r^2 expTail(r). */
const tails = memory.data(512, 16);

/** Two of four numbers, in float64. */
@inline
function firstTwo(four: v128): v128 {
  return f64x2.promote_low_f32x4(four);
}

@inline
function lastTwo(four: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(four, four, 2, 3, 2, 3));
}

/** The same for float32 in float64; NaN stays NaN. */
@inline
function doubledOfFloat(x: v128): v128 {
  const size = f64x2.pmin(f64x2.abs(x), constant(LARGEST_TANH));
  return plus(size, size);
}

/** The same for float32 in float64: rounded to float32, small x stay what they are by themselves. */
@inline
function tanhOfFloat(x: v128, power: v128, fraction: v128): v128 {
  const e = plus(minus(power, constant(ONE)), times(power, fraction));
  return v128.or(f64x2.div(e, plus(e, constant(TWO))), v128.and(x, constant(SIGN)));
}

/** The first stage, for two numbers: k and r for what the exponential is taken of. */
@inline
function reduce(name: i32, given: v128, at: usize): void {
  // NaN stays NaN, because a comparison with it is false
  const x = name == TANH ? doubledOfFloat(given) : f64x2.pmax(f64x2.pmin(given, constant(LARGEST_EXP)), constant(SMALLEST_EXP));
  const rounded = roundedQuotient(x);
  const k = minus(rounded, constant(ROUND));
  const high = highPart(x, k);
  const low = lowPart(k);
  v128.store(highs + at, high);
  v128.store(lows + at, low);
  v128.store(powers + at, powerOfTwo(rounded));
  v128.store(tails + at, minus(high, low));
}

/** The second stage: the polynomial. */
@inline
function raise(at: usize): void {
  const r = v128.load(tails + at);
  v128.store(tails + at, times(times(r, r), expTail(r)));
}

/** The last stage: the results. */
@inline
function finish(name: i32, given: v128, at: usize): v128 {
  const fraction = expFraction(v128.load(highs + at), v128.load(lows + at), v128.load(tails + at));
  const power = v128.load(powers + at);
  return f32x4.demote_f64x2_zero(name == TANH ? tanhOfFloat(given, power, fraction) : expFrom(power, fraction));
}

/**
 * exp or tanh of float32 numbers. A strip of them goes through one stage after the other: in one loop, each pair would
 * keep the processor waiting for the result of the stage before. Up to three elements after the last are read too.
 */
@inline
function each(name: i32, a: usize, out: usize, count: u32): void {
  for (; count > 0; a += STRIP << 2, out += STRIP << 2) {
    const inStrip = min(count, STRIP);
    const end = <usize>inStrip << 3;
    for (let at: usize = 0; at < end; at += 32) {
      const four = v128.load(a + (at >> 1));
      reduce(name, firstTwo(four), at);
      reduce(name, lastTwo(four), at + 16);
    }
    for (let at: usize = 0; at < end; at += 32) {
      raise(at);
      raise(at + 16);
    }
    for (let at: usize = 0; at < end; at += 32) {
      const four = v128.load(a + (at >> 1));
      const y = v128.shuffle<i32>(finish(name, firstTwo(four), at), finish(name, lastTwo(four), at + 16), 0, 1, 4, 5);
      storeUpTo4(out + (at >> 1), y, inStrip - <u32>(at >> 3));
    }
    count -= inStrip;
  }
}

/** Stores four numbers, or the first ones. */
@inline
function storeUpTo4(to: usize, four: v128, count: u32): void {
  if (count >= 4) return v128.store(to, four);
  v128.store32_lane(to, four, 0);
  if (count > 1) v128.store32_lane(to, four, 1, 4);
  if (count > 2) v128.store32_lane(to, four, 2, 8);
}

export function exp(a: usize, out: usize, count: u32): void {
  each(EXP, a, out, count);
}

export function tanh(a: usize, out: usize, count: u32): void {
  each(TANH, a, out, count);
}

export function log(a: usize, out: usize, count: u32): void {
  const end = (<usize>count) << 2;
  for (let at: usize = 0; at < end; at += 8) {
    const isLast = at + 8 > end;
    const x = isLast ? f64x2of(load<f32>(a + at)) : f64x2.promote_low_f32x4(v128.load64_zero(a + at));
    const y = areLoggable(x)
      ? log2(x)
      : f64x2.replace_lane(f64x2of(log1(f64x2.extract_lane(x, 0))), 1, log1(f64x2.extract_lane(x, 1)));
    if (isLast) v128.store32_lane(out + at, f32x4.demote_f64x2_zero(y), 0);
    else v128.store64_lane(out + at, f32x4.demote_f64x2_zero(y), 0);
  }
}
