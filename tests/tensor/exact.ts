/**
 * exp, log, tanh and pow in fixed point: integer multiples of 2^-400. Float32 numbers are multiples of 2^-149, so each is
 * represented exactly, and a function's value has far more digits than rounding to float32 can need.
 */

const FRACTION = 400n;
const ONE = 1n << FRACTION;
/** The first number that float32 cannot hold. */
const TOO_LARGE = ONE << 128n;

/** A float32 number, or an exponent such as -1.5, exactly. */
export function fixed(x: number): bigint {
  if (Math.abs(x) === Infinity) return x < 0 ? -TOO_LARGE : TOO_LARGE;
  return BigInt(x * 2 ** 149) << (FRACTION - 149n);
}

/** The distance of y from the true value, in units of float32's last place there; an infinite y counts as 2^128. */
export function unitsOff(y: number, truth: bigint): number {
  const size = magnitude(truth);
  if (size >= TOO_LARGE) return y === (truth < 0n ? -Infinity : Infinity) ? 0 : Infinity;
  const exponent = bits(size) - 1n - FRACTION;
  const unit = 1n << ((exponent < -126n ? -149n : exponent - 23n) + FRACTION);
  return Number((magnitude(fixed(y) - truth) * 1_000_000n) / unit) / 1_000_000;
}

/** e^x: the Taylor series of x / 2^16, squared 16 times. */
export function exp(x: bigint): bigint {
  const r = x >> 16n;
  let term = ONE;
  let sum = 0n;
  for (let k = 1n; term !== 0n; k++) {
    sum += term;
    term = multiply(term, r) / k;
  }
  for (let i = 0; i < 16; i++) sum = multiply(sum, sum);
  return sum;
}

/** x = 2^k m with m in [1, 2), and log m = 2 atanh((m-1)/(m+1)). */
export function log(x: bigint): bigint {
  const k = bits(x) - 1n - FRACTION;
  const m = k < 0n ? x << -k : x >> k;
  return k * LN2 + 2n * atanh(divide(m - ONE, m + ONE));
}

export function tanh(x: bigint): bigint {
  const e = exp(2n * x);
  return divide(e - ONE, e + ONE);
}

/** x^p for x > 0. */
export function pow(x: bigint, p: bigint): bigint {
  return exp(multiply(p, log(x)));
}

const LN2 = 2n * atanh(ONE / 3n);

/** s + s^3/3 + s^5/5 + ... for |s| <= 1/3. */
function atanh(s: bigint): bigint {
  const square = multiply(s, s);
  let sum = 0n;
  for (let power = s, k = 1n; power !== 0n; k += 2n) {
    sum += power / k;
    power = multiply(power, square);
  }
  return sum;
}

function multiply(a: bigint, b: bigint): bigint {
  return (a * b) / ONE;
}

function divide(a: bigint, b: bigint): bigint {
  return (a * ONE) / b;
}

function magnitude(x: bigint): bigint {
  return x < 0n ? -x : x;
}

function bits(x: bigint): bigint {
  return BigInt(x.toString(2).length);
}
