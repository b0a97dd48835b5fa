/**
 * A whole training step of part 4 in one function, for `npm run bench`: the limit of what SIMD can do. Nothing is
 * allocated, every pass over memory does as much as possible, and exp and tanh are float32 polynomials, accurate to a few
 * units in the last place. Sizes are fixed: n 32, block 3, embd 10, hidden 200, vocab 27.
 *
 * Memory, from START on: the parameters C, W1, b1, W2, b2, bngain, bnbias, then Xb and Yb, then room for intermediate results.
 */
import { product } from "./matmul";

const N: u32 = 32;
const BLOCK: u32 = 3;
const EMBD: u32 = 10;
const INPUTS: u32 = 30;
const HIDDEN: u32 = 200;
const VOCAB: u32 = 27;

const START: usize = 65536;
const C: usize = START;
const W1: usize = C + 4 * 272;
const B1: usize = W1 + 4 * 6000;
const W2: usize = B1 + 4 * 200;
const B2: usize = W2 + 4 * 5400;
const BNGAIN: usize = B2 + 4 * 28;
const BNBIAS: usize = BNGAIN + 4 * 200;
const XB: usize = BNBIAS + 4 * 200;
const YB: usize = XB + 4 * 96;
const EMBCAT: usize = YB + 4 * 32;
const HPREBN: usize = EMBCAT + 4 * 960;
const BNRAW: usize = HPREBN + 4 * 6400;
const H: usize = BNRAW + 4 * 6400;
const BNVAR_INV: usize = H + 4 * 6400;
const LOGITS: usize = BNVAR_INV + 4 * 200;
const DH: usize = LOGITS + 4 * 864;
const DEMBCAT: usize = DH + 4 * 6400;
const DW: usize = DEMBCAT + 4 * 960;

const ROW: usize = 4 * 200;

@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** e^x for four numbers, |x| < 87. */
@inline
function exp4(x: v128): v128 {
  const k = f32x4.nearest(f32x4.mul(x, splat(1.44269504)));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(k, splat(0.693359375))), f32x4.mul(k, splat(-2.12194440e-4)));
  let p = splat(1.9875691e-4);
  p = f32x4.add(f32x4.mul(p, r), splat(1.3981999e-3));
  p = f32x4.add(f32x4.mul(p, r), splat(8.3334519e-3));
  p = f32x4.add(f32x4.mul(p, r), splat(4.1665795e-2));
  p = f32x4.add(f32x4.mul(p, r), splat(1.6666665e-1));
  p = f32x4.add(f32x4.mul(p, r), splat(0.5));
  const y = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), splat(1));
  return f32x4.mul(y, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23));
}

/** 1 - 2 / (e^2|x| + 1), with the sign of x. */
@inline
function tanh4(x: v128): v128 {
  const size = f32x4.pmin(f32x4.abs(x), splat(10));
  const y = f32x4.sub(splat(1), f32x4.div(splat(2), f32x4.add(exp4(f32x4.add(size, size)), splat(1))));
  return v128.or(y, v128.and(x, splat(-0.0)));
}

/** parameter -= rate * gradient. */
@inline
function descend(parameter: usize, gradient: usize, count: u32, rate: v128): void {
  const whole = (<usize>(count & ~3)) << 2;
  const end = (<usize>count) << 2;
  let at: usize = 0;
  for (; at < whole; at += 16) {
    v128.store(parameter + at, f32x4.sub(v128.load(parameter + at), f32x4.mul(rate, v128.load(gradient + at))));
  }
  const last = f32x4.extract_lane(rate, 0);
  for (; at < end; at += 4) store<f32>(parameter + at, load<f32>(parameter + at) - last * load<f32>(gradient + at));
}

/** One step: forward, backward, update. Returns the loss before the update. */
export function step(learningRate: f32): f32 {
  const rate = splat(learningRate);
  gatherEmbeddings();
  product<f32>(EMBCAT, W1, HPREBN, N, INPUTS, HIDDEN, false, false);
  for (let at: usize = 0; at < ROW; at += 16) forwardColumns(at);
  product<f32>(H, W2, LOGITS, N, HIDDEN, VOCAB, false, false);
  const loss = crossEntropy();
  product<f32>(LOGITS, W2, DH, N, VOCAB, HIDDEN, false, true);
  product<f32>(H, LOGITS, DW, HIDDEN, N, VOCAB, true, false);
  descend(W2, DW, HIDDEN * VOCAB, rate);
  for (let at: usize = 0; at < 4 * 27; at += 4) {
    let sum: f32 = 0;
    for (let i: usize = 0; i < N; i++) sum += load<f32>(LOGITS + i * 4 * 27 + at);
    store<f32>(B2 + at, load<f32>(B2 + at) - learningRate * sum);
  }
  for (let at: usize = 0; at < ROW; at += 16) backwardColumns(at, rate);
  product<f32>(DH, W1, DEMBCAT, N, HIDDEN, INPUTS, false, true);
  product<f32>(EMBCAT, DH, DW, INPUTS, N, HIDDEN, true, false);
  descend(W1, DW, INPUTS * HIDDEN, rate);
  for (let i: usize = 0; i < N * BLOCK; i++) {
    const row = C + 4 * EMBD * <usize>load<u32>(XB + 4 * i);
    // the gradient of a row that is used twice is a sum, and so is its update
    descend(row, DEMBCAT + 4 * EMBD * i, EMBD, rate);
  }
  return loss;
}

function gatherEmbeddings(): void {
  for (let i: usize = 0; i < N * BLOCK; i++) {
    memory.copy(EMBCAT + 4 * EMBD * i, C + 4 * EMBD * <usize>load<u32>(XB + 4 * i), 4 * EMBD);
  }
}

/** Batchnorm and tanh of four columns. */
@inline
function forwardColumns(at: usize): void {
  const bias = v128.load(B1 + at);
  let sum = splat(0);
  let row = HPREBN + at;
  for (let i: u32 = 0; i < N; i++, row += ROW) sum = f32x4.add(sum, v128.load(row));
  const mean = f32x4.add(f32x4.mul(sum, splat(1.0 / 32.0)), bias);
  // the mean subtracts what b1 adds
  const shift = f32x4.sub(bias, mean);
  let squares = splat(0);
  row = HPREBN + at;
  for (let i: u32 = 0; i < N; i++, row += ROW) {
    const difference = f32x4.add(v128.load(row), shift);
    squares = f32x4.add(squares, f32x4.mul(difference, difference));
  }
  const variance = f32x4.add(f32x4.mul(squares, splat(1.0 / 31.0)), splat(1e-5));
  const inverse = f32x4.div(splat(1), f32x4.sqrt(variance));
  v128.store(BNVAR_INV + at, inverse);
  const gain = v128.load(BNGAIN + at);
  const offset = v128.load(BNBIAS + at);
  row = at;
  for (let i: u32 = 0; i < N; i++, row += ROW) {
    const raw = f32x4.mul(f32x4.add(v128.load(HPREBN + row), shift), inverse);
    v128.store(BNRAW + row, raw);
    v128.store(H + row, tanh4(f32x4.add(f32x4.mul(gain, raw), offset)));
  }
}

/** From dh to dhprebn, in place, for four columns; updates batchnorm's parameters and b1. */
@inline
function backwardColumns(at: usize, rate: v128): void {
  let dbngain = splat(0);
  let dbnbias = splat(0);
  let row = at;
  for (let i: u32 = 0; i < N; i++, row += ROW) {
    const h = v128.load(H + row);
    const d = f32x4.mul(f32x4.sub(splat(1), f32x4.mul(h, h)), v128.load(DH + row));
    v128.store(DH + row, d);
    dbnbias = f32x4.add(dbnbias, d);
    dbngain = f32x4.add(dbngain, f32x4.mul(d, v128.load(BNRAW + row)));
  }
  const gain = v128.load(BNGAIN + at);
  const scale = f32x4.mul(f32x4.mul(gain, v128.load(BNVAR_INV + at)), splat(1.0 / 32.0));
  const bessel = f32x4.mul(dbngain, splat(32.0 / 31.0));
  let db1 = splat(0);
  row = at;
  for (let i: u32 = 0; i < N; i++, row += ROW) {
    const d = f32x4.sub(f32x4.mul(v128.load(DH + row), splat(32)), dbnbias);
    const dhprebn = f32x4.mul(scale, f32x4.sub(d, f32x4.mul(v128.load(BNRAW + row), bessel)));
    v128.store(DH + row, dhprebn);
    db1 = f32x4.add(db1, dhprebn);
  }
  v128.store(BNGAIN + at, f32x4.sub(gain, f32x4.mul(rate, dbngain)));
  v128.store(BNBIAS + at, f32x4.sub(v128.load(BNBIAS + at), f32x4.mul(rate, dbnbias)));
  v128.store(B1 + at, f32x4.sub(v128.load(B1 + at), f32x4.mul(rate, db1)));
}

/** Returns the mean loss; replaces logits by dlogits. */
function crossEntropy(): f32 {
  let loss: f32 = 0;
  for (let i: usize = 0; i < N; i++) {
    const row = LOGITS + 4 * 27 * i;
    let most = -Infinity as f32;
    for (let at: usize = 0; at < 4 * 27; at += 4) {
      const x = load<f32>(row + at) + load<f32>(B2 + at);
      store<f32>(row + at, x);
      most = max(most, x);
    }
    const label = row + 4 * <usize>load<u32>(YB + 4 * i);
    const picked = load<f32>(label) - most;
    let sum: f32 = 0;
    for (let at: usize = 0; at < 4 * 27; at += 16) {
      // of the last vector, three elements belong to the row
      const isLast = at + 16 > 4 * 27;
      let x = isLast ? v128.load32_splat(row + at) : v128.load(row + at);
      if (isLast) {
        x = f32x4.replace_lane(x, 1, load<f32>(row + at, 4));
        x = f32x4.replace_lane(x, 2, load<f32>(row + at, 8));
      }
      const y = exp4(f32x4.max(f32x4.sub(x, splat(most)), splat(-80)));
      sum += f32x4.extract_lane(y, 0) + f32x4.extract_lane(y, 1) + f32x4.extract_lane(y, 2);
      if (!isLast) {
        sum += f32x4.extract_lane(y, 3);
        v128.store(row + at, y);
      } else {
        v128.store64_lane(row + at, y, 0);
        v128.store32_lane(row + at, y, 2, 8);
      }
    }
    loss += <f32>Math.log(sum) - picked;
    const scale: f32 = 1 / (sum * 32);
    for (let at: usize = 0; at < 4 * 27; at += 4) store<f32>(row + at, load<f32>(row + at) * scale);
    store<f32>(label, load<f32>(label) - <f32>(1.0 / 32.0));
  }
  return loss / 32;
}
