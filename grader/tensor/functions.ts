/**
 * exp, log, tanh, pow, sin and cos in float64, made only of + - * / sqrt and bit operations, so that every engine and
 * machine gives the same bits. (Math.exp and its kin differ between engines.) Each is within three units in the last
 * place of float64, pow within 100 over float32's range (p multiplies the logarithm's error), so that rounding the
 * result once to float32 lands within 0.51 units of the true value.
 *
 * The polynomials are plain Taylor series on a reduced range, long enough for float64; the coefficients are 1/k!.
 */

/** ln 2 in two parts: the high one has 21 trailing zero bits, so k * LN2_HIGH is exact for every exponent k. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

const view = new DataView(new ArrayBuffer(8));

/** 2^k for -1022 <= k <= 1023, by writing the exponent's bits. */
function powerOfTwo(k: number): number {
  view.setUint32(0, (k + 1023) << 20);
  view.setUint32(4, 0);
  return view.getFloat64(0);
}

/** x 2^k for any k that exp can ask for; in two factors, so that a subnormal result is rounded once. */
function scale(x: number, k: number): number {
  if (k > 1023) return x * powerOfTwo(1023) * powerOfTwo(k - 1023);
  if (k < -1022) return x * powerOfTwo(k + 1000) * powerOfTwo(-1000);
  return x * powerOfTwo(k);
}

/**
 * (e^r - 1 - r) / r^2 for |r| <= ln(2)/2: the terms 1/2! to 1/14!, the even powers of r and the odd ones apart, so that
 * a processor works on both at once.
 */
function expTail(r: number): number {
  const z = r * r;
  let even = 1 / 87178291200;
  let odd = 1 / 6227020800;
  even = even * z + 1 / 479001600;
  odd = odd * z + 1 / 39916800;
  even = even * z + 1 / 3628800;
  odd = odd * z + 1 / 362880;
  even = even * z + 1 / 40320;
  odd = odd * z + 1 / 5040;
  even = even * z + 1 / 720;
  odd = odd * z + 1 / 120;
  even = even * z + 1 / 24;
  odd = odd * z + 1 / 6;
  even = even * z + 1 / 2;
  return even + odd * r;
}

/** 1.5 * 2^52: a number added to it loses its fraction. */
const ROUND = 6755399441055744;

/** The whole number nearest to x, for |x| < 2^51; of two, the even one. */
function nearest(x: number): number {
  return x + ROUND - ROUND;
}

/** e^x: x = k ln 2 + r with |r| <= ln(2)/2, so e^x = 2^k e^r. */
export function exp(x: number): number {
  if (x !== x) return NaN;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  const k = nearest(x * Math.LOG2E);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  // 1 + r with r's own rounding error (high - r - low) put back
  return scale(1 + (high - (low - r * r * expTail(r))), k);
}

/** e^x - 1 without losing the digits of a small result; for |x| <= 40. */
function expm1(x: number): number {
  const k = nearest(x * Math.LOG2E);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const fraction = high - (low - r * r * expTail(r));
  if (k === 0) return fraction;
  const power = powerOfTwo(k);
  return power - 1 + power * fraction;
}

/** Natural logarithm: x = 2^k m with m in [sqrt(1/2), sqrt(2)), s = (m-1)/(m+1), log m = 2 (s + s^3/3 + s^5/5 + ...). */
export function log(x: number): number {
  if (x !== x || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return Infinity;
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984; // 2^54: a subnormal number becomes a normal one
    k = -54;
  }
  view.setFloat64(0, x);
  const top = view.getUint32(0);
  k += (top >>> 20) - 1023;
  view.setUint32(0, (top & 0xfffff) | 0x3ff00000);
  let m = view.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    k += 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let p = 2 / 23;
  p = p * z + 2 / 21;
  p = p * z + 2 / 19;
  p = p * z + 2 / 17;
  p = p * z + 2 / 15;
  p = p * z + 2 / 13;
  p = p * z + 2 / 11;
  p = p * z + 2 / 9;
  p = p * z + 2 / 7;
  p = p * z + 2 / 5;
  p = p * z + 2 / 3;
  // log(1 + f) = f - f^2/2 + s (f^2/2 + z p): the leading f is exact, so the digits near 1 survive
  const half = 0.5 * f * f;
  return k * LN2_HIGH + (f - (half - (s * (half + z * p) + k * LN2_LOW)));
}

/** (e^2x - 1) / (e^2x + 1), from e^2x - 1 so that small x keep their digits. */
export function tanh(x: number): number {
  if (x !== x) return NaN;
  const a = Math.abs(x);
  if (a < 1e-9) return x;
  let y = 1;
  if (a < 20) {
    const e = expm1(2 * a);
    y = e / (e + 2);
  }
  return x < 0 ? -y : y;
}

/** 1 / (1 + e^-x), from the exponential that does not overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
}

/** log(1 + e^x) = max(x, 0) + log(1 + e^-|x|), so that nothing overflows. */
export function softplus(x: number): number {
  return (x > 0 ? x : 0) + log1p(exp(-Math.abs(x)));
}

/** log(1 + x) for 0 <= x <= 1: what 1 + x rounds away is put back as a factor. */
function log1p(x: number): number {
  const y = 1 + x;
  return y === 1 ? x : (log(y) * x) / (y - 1);
}

/** 0 where x is negative; NaN stays. */
export function relu(x: number): number {
  return x < 0 ? 0 : x;
}

/**
 * x^p. The exponents 2, 1, -1, -2, 0.5 and -0.5 are products, quotients and roots; 0 gives 1; every other one is
 * exp(p log |x|), with the sign of x for odd whole p and NaN for a negative x with a fractional p.
 */
export function pow(x: number, p: number): number {
  if (p === 2) return x * x;
  if (p === 1) return x;
  if (p === -1) return 1 / x;
  if (p === -2) return 1 / (x * x);
  if (p === 0) return 1;
  if (p === 0.5) return x === -Infinity ? Infinity : Math.sqrt(x + 0);
  if (p === -0.5) return x === -Infinity ? 0 : 1 / Math.sqrt(x + 0);
  if (p !== p || x !== x) return x === 1 ? 1 : NaN;
  const a = Math.abs(x);
  if (p === Infinity || p === -Infinity) return a === 1 ? 1 : a > 1 === p > 0 ? Infinity : 0;
  const odd = p % 2 === 1 || p % 2 === -1;
  const negative = x < 0 || Object.is(x, -0);
  if (a === 0) return p > 0 ? (odd && negative ? -0 : 0) : odd && negative ? -Infinity : Infinity;
  if (negative && p % 1 !== 0 && a !== Infinity) return NaN;
  const y = exp(p * log(a));
  return odd && negative ? -y : y;
}

/** The sine of x for 0 <= x <= 2 pi, as the random normals need it. */
export function sin(x: number): number {
  const quarter = nearest(x / (Math.PI / 2));
  return sinOfQuarter(reduceQuarter(x, quarter), quarter);
}

/** The cosine of x for 0 <= x <= 2 pi: the sine a quarter turn on. */
export function cos(x: number): number {
  const quarter = nearest(x / (Math.PI / 2));
  return sinOfQuarter(reduceQuarter(x, quarter), quarter + 1);
}

/** sin(r + quarter pi/2) for |r| <= pi/4. */
function sinOfQuarter(r: number, quarter: number): number {
  const size = quarter % 2 === 0 ? sinTaylor(r) : cosTaylor(r);
  return quarter % 4 < 2 ? size : -size;
}

/** x - q pi/2, with pi/2 in two parts (the high one short enough that q * high is exact). */
function reduceQuarter(x: number, q: number): number {
  return x - q * 1.5707963267341256 - q * 6.077100506506192e-11;
}

function sinTaylor(r: number): number {
  const z = r * r;
  let p = 1 / 355687428096000;
  p = -p * z + 1 / 1307674368000;
  p = -p * z + 1 / 6227020800;
  p = -p * z + 1 / 39916800;
  p = -p * z + 1 / 362880;
  p = -p * z + 1 / 5040;
  p = -p * z + 1 / 120;
  p = -p * z + 1 / 6;
  return r - r * z * p;
}

function cosTaylor(r: number): number {
  const z = r * r;
  let p = 1 / 20922789888000;
  p = -p * z + 1 / 87178291200;
  p = -p * z + 1 / 479001600;
  p = -p * z + 1 / 3628800;
  p = -p * z + 1 / 40320;
  p = -p * z + 1 / 720;
  p = -p * z + 1 / 24;
  return 1 - (0.5 * z - z * z * p);
}
