import type { Batch } from "../grader/course/makemore/lines.ts";
import { parameterNames, type Parameters } from "../grader/course/makemore/parameters.ts";
import { bytes } from "./fused-bytes.ts";

/**
 * The training step of part 4 without tensors: one function over plain typed arrays, and one SIMD kernel
 * (simd/fused.ts). Both work only for the lecture's sizes, with exp and tanh in their fastest forms.
 */

const n = 32;
const block = 3;
const embd = 10;
const inputs = block * embd;
const hidden = 200;
const vocab = 27;

/** A training step that changes its own parameters, and returns the loss before the update. */
export interface FusedStep {
  step(batch: Batch, learningRate: number): number;
  /** The parameters as they are, by name, flat. */
  parameters(): Record<string, Float32Array>;
}

/** The same step in plain JavaScript, without a library. */
export function typedArrayStep(start: Parameters): FusedStep {
  const parameters = Object.fromEntries(parameterNames.map((name) => [name, start[name].toArray() as Float32Array]));
  const [C, W1, b1, W2, b2, bngain, bnbias] = parameterNames.map((name) => parameters[name]!) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const embcat = new Float32Array(n * inputs);
  const hprebn = new Float32Array(n * hidden);
  const bnraw = new Float32Array(n * hidden);
  const bnvar_inv = new Float32Array(hidden);
  const h = new Float32Array(n * hidden);
  const logits = new Float32Array(n * vocab);
  const dh = new Float32Array(n * hidden);
  const dembcat = new Float32Array(n * inputs);
  const dW1 = new Float32Array(inputs * hidden);
  const dW2 = new Float32Array(hidden * vocab);

  function step({ Xb, Yb }: Batch, learningRate: number): number {
    const [contexts, labels] = [Xb.toArray(), Yb.toArray()];
    for (let i = 0; i < n * block; i++) {
      for (let j = 0; j < embd; j++) embcat[i * embd + j] = C[contexts[i]! * embd + j]!;
    }
    multiply(whole(embcat, inputs), whole(W1, hidden), hprebn, n, inputs, hidden);
    for (let j = 0; j < hidden; j++) forwardColumn(j);
    multiply(whole(h, hidden), whole(W2, vocab), logits, n, hidden, vocab);
    const loss = crossEntropy(labels);
    multiply(whole(logits, vocab), transposed(W2, vocab), dh, n, vocab, hidden);
    multiply(transposed(h, hidden), whole(logits, vocab), dW2, hidden, n, vocab);
    for (let i = 0; i < W2.length; i++) W2[i]! -= learningRate * dW2[i]!;
    for (let j = 0; j < vocab; j++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += logits[i * vocab + j]!;
      b2[j]! -= learningRate * sum;
    }
    for (let j = 0; j < hidden; j++) backwardColumn(j, learningRate);
    multiply(whole(dh, hidden), transposed(W1, hidden), dembcat, n, hidden, inputs);
    multiply(transposed(embcat, inputs), whole(dh, hidden), dW1, inputs, n, hidden);
    for (let i = 0; i < W1.length; i++) W1[i]! -= learningRate * dW1[i]!;
    for (let i = 0; i < n * block; i++) {
      for (let j = 0; j < embd; j++) C[contexts[i]! * embd + j]! -= learningRate * dembcat[i * embd + j]!;
    }
    return loss;
  }

  function forwardColumn(j: number): void {
    let sum = 0;
    for (let at = j; at < n * hidden; at += hidden) sum += hprebn[at]! += b1[j]!;
    const mean = sum / n;
    let squares = 0;
    for (let at = j; at < n * hidden; at += hidden) squares += (hprebn[at]! - mean) ** 2;
    const inverse = 1 / Math.sqrt(squares / (n - 1) + 1e-5);
    bnvar_inv[j] = inverse;
    for (let at = j; at < n * hidden; at += hidden) {
      const raw = (hprebn[at]! - mean) * inverse;
      bnraw[at] = raw;
      h[at] = Math.tanh(bngain[j]! * raw + bnbias[j]!);
    }
  }

  /** Replaces logits by dlogits. */
  function crossEntropy(labels: ArrayLike<number>): number {
    let loss = 0;
    for (let i = 0; i < n; i++) {
      const row = i * vocab;
      let most = -Infinity;
      for (let j = 0; j < vocab; j++) most = Math.max(most, (logits[row + j]! += b2[j]!));
      const picked = logits[row + labels[i]!]! - most;
      let sum = 0;
      for (let j = 0; j < vocab; j++) sum += logits[row + j] = Math.exp(logits[row + j]! - most);
      loss += Math.log(sum) - picked;
      for (let j = 0; j < vocab; j++) logits[row + j]! /= sum * n;
      logits[row + labels[i]!]! -= 1 / n;
    }
    return loss / n;
  }

  /** Replaces dh by dhprebn. */
  function backwardColumn(j: number, learningRate: number): void {
    let dbngain = 0;
    let dbnbias = 0;
    for (let at = j; at < n * hidden; at += hidden) {
      const d = (1 - h[at]! ** 2) * dh[at]!;
      dh[at] = d;
      dbnbias += d;
      dbngain += d * bnraw[at]!;
    }
    const scale = (bngain[j]! * bnvar_inv[j]!) / n;
    let db1 = 0;
    for (let at = j; at < n * hidden; at += hidden) {
      db1 += dh[at] = scale * (n * dh[at]! - dbnbias - (n / (n - 1)) * bnraw[at]! * dbngain);
    }
    bngain[j]! -= learningRate * dbngain;
    bnbias[j]! -= learningRate * dbnbias;
    b1[j]! -= learningRate * db1;
  }

  return { step, parameters: () => parameters };
}

/** A matrix in an array: the element of row i, column j is at i * row + j * step. */
interface Matrix {
  values: Float32Array;
  row: number;
  step: number;
}

const whole = (values: Float32Array, columns: number): Matrix => ({ values, row: columns, step: 1 });
const transposed = (values: Float32Array, columns: number): Matrix => ({ values, row: 1, step: columns });

/** out [rows, columns] = a [rows, k] @ b [k, columns]: two rows and four columns share what they read. */
function multiply(a: Matrix, b: Matrix, out: Float32Array, rows: number, k: number, columns: number): void {
  const [x, y] = [a.values, b.values];
  for (let i = 0; i < rows; i += 2) {
    for (let j = 0; j < columns; j += 4) {
      // at the right edge the last four columns overlap the ones before
      const from = Math.min(j, columns - 4);
      let sum00 = 0;
      let sum01 = 0;
      let sum02 = 0;
      let sum03 = 0;
      let sum10 = 0;
      let sum11 = 0;
      let sum12 = 0;
      let sum13 = 0;
      let atX = i * a.row;
      let atY = from * b.step;
      for (let l = 0; l < k; l++, atX += a.step, atY += b.row) {
        const x0 = x[atX]!;
        const x1 = x[atX + a.row]!;
        const y0 = y[atY]!;
        const y1 = y[atY + b.step]!;
        const y2 = y[atY + 2 * b.step]!;
        const y3 = y[atY + 3 * b.step]!;
        sum00 += x0 * y0;
        sum01 += x0 * y1;
        sum02 += x0 * y2;
        sum03 += x0 * y3;
        sum10 += x1 * y0;
        sum11 += x1 * y1;
        sum12 += x1 * y2;
        sum13 += x1 * y3;
      }
      const o = i * columns + from;
      out[o] = sum00;
      out[o + 1] = sum01;
      out[o + 2] = sum02;
      out[o + 3] = sum03;
      out[o + columns] = sum10;
      out[o + columns + 1] = sum11;
      out[o + columns + 2] = sum12;
      out[o + columns + 3] = sum13;
    }
  }
}

declare const WebAssembly: {
  Memory: new (size: { initial: number }) => { buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: object };
};

/** The limit: everything in one SIMD kernel. */
export function simdStep(start: Parameters): FusedStep {
  const memory = new WebAssembly.Memory({ initial: 8 });
  const module = new WebAssembly.Module(Buffer.from(bytes, "hex"));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const { step } = exports as { step: (learningRate: number) => number };
  // as simd/fused.ts lays them out: one after another, each at a multiple of 16 bytes
  let address = 65_536;
  const take = (length: number): number => {
    const at = address;
    address += (4 * length + 15) & ~15;
    return at;
  };
  const parameters = Object.fromEntries(
    parameterNames.map((name) => {
      const values = new Float32Array(memory.buffer, take(start[name].numel()), start[name].numel());
      values.set(start[name].toArray());
      return [name, values];
    }),
  );
  const contexts = new Int32Array(memory.buffer, take(n * block), n * block);
  const labels = new Int32Array(memory.buffer, take(n), n);
  return {
    step({ Xb, Yb }, learningRate) {
      contexts.set(Xb.toArray());
      labels.set(Yb.toArray());
      return step(learningRate);
    },
    parameters: () => parameters,
  };
}
