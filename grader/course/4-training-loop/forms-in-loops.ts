import { tensor, zeros, zerosLike, type Tensor } from "#tensor";
import type { Batch } from "../makemore/lines.ts";
import { parameterNames, type Parameters } from "../makemore/parameters.ts";
import type { TrainStepResult } from "../exercise.ts";
import { trainStepWith } from "../makemore/loop.ts";

/** A matrix of doubles. */
type Rows = number[][];

const rowsOf = (t: Tensor): Rows =>
  Array.from({ length: t.size(0) }, (_, i) => Array.from({ length: t.size(1) }, (_, j) => t.get(i, j)));
const product = (a: Rows, b: Rows): Rows =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)));
const turned = (a: Rows): Rows => a[0]!.map((_, j) => a.map((row) => row[j]!));
const columnSums = (a: Rows): number[] => a[0]!.map((_, j) => a.reduce((sum, row) => sum + row[j]!, 0));
const mapped = (a: Rows, f: (x: number, i: number, j: number) => number): Rows =>
  a.map((row, i) => row.map((x, j) => f(x, i, j)));

/** The whole step in double precision, rounded once at the end. */
export function inDouble(parameters: Parameters, { Xb, Yb }: Batch, learningRate: number): TrainStepResult {
  const n = Xb.size(0);
  const contexts = rowsOf(Xb);
  const [C, W1, W2] = [rowsOf(parameters.C), rowsOf(parameters.W1), rowsOf(parameters.W2)];
  const [b1, b2] = [parameters.b1.toArray(), parameters.b2.toArray()];
  const [bngain, bnbias] = [rowsOf(parameters.bngain)[0]!, rowsOf(parameters.bnbias)[0]!];
  const embcat = contexts.map((context) => context.flatMap((character) => C[character]!));
  const hprebn = mapped(product(embcat, W1), (x, _, j) => x + b1[j]!);
  const means = columnSums(hprebn).map((sum) => sum / n);
  const centered = mapped(hprebn, (x, _, j) => x - means[j]!);
  const inverse = columnSums(mapped(centered, (x) => x * x)).map((sum) => 1 / Math.sqrt(sum / (n - 1) + 1e-5));
  const bnraw = mapped(centered, (x, _, j) => x * inverse[j]!);
  const h = mapped(bnraw, (x, _, j) => Math.tanh(bngain[j]! * x + bnbias[j]!));
  const logits = mapped(product(h, W2), (x, _, j) => x + b2[j]!);
  const probs = logits.map((row) => {
    const largest = Math.max(...row);
    const counts = row.map((x) => Math.exp(x - largest));
    const sum = counts.reduce((total, x) => total + x, 0);
    return counts.map((x) => x / sum);
  });
  const loss = probs.reduce((sum, row, i) => sum - Math.log(row[Yb.get(i)]!) / n, 0);

  const dlogits = mapped(probs, (p, i, j) => (p - (Yb.get(i) === j ? 1 : 0)) / n);
  const dhpreact = mapped(product(dlogits, turned(W2)), (x, i, j) => x * (1 - h[i]![j]! ** 2));
  const dbngain = columnSums(mapped(dhpreact, (x, i, j) => x * bnraw[i]![j]!));
  const dbnbias = columnSums(dhpreact);
  const dhprebn = mapped(
    dhpreact,
    (x, i, j) => bngain[j]! * inverse[j]! * (x - dbnbias[j]! / n - (bnraw[i]![j]! * dbngain[j]!) / (n - 1)),
  );
  const dembcat = product(dhprebn, turned(W1));
  const dC = mapped(C, () => 0);
  const embd = C[0]!.length;
  for (const [i, context] of contexts.entries())
    for (const [place, character] of context.entries())
      for (let k = 0; k < embd; k++) dC[character]![k]! += dembcat[i]![place * embd + k]!;
  const gradients: Parameters = {
    C: tensor(dC),
    W1: tensor(product(turned(embcat), dhprebn)),
    b1: tensor(columnSums(dhprebn)),
    W2: tensor(product(turned(h), dlogits)),
    b2: tensor(columnSums(dlogits)),
    bngain: tensor([dbngain]),
    bnbias: tensor([dbnbias]),
  };
  for (const name of parameterNames) parameters[name].sub_(gradients[name].mul(learningRate));
  return { loss: tensor(loss), gradients };
}

/** a @ b, each sum taken from its last term to its first and rounded at each term. */
function productByGetAndSet(a: Tensor, b: Tensor): Tensor {
  const out = zeros(a.size(0), b.size(1));
  for (let i = 0; i < a.size(0); i++)
    for (let j = 0; j < b.size(1); j++) {
      let sum = 0;
      for (let k = a.size(1) - 1; k >= 0; k--) sum = Math.fround(sum + Math.fround(a.get(i, k) * b.get(k, j)));
      out.set(i, j, sum);
    }
  return out;
}

/** The backward pass in loops that keep every sum in a tensor, so that it is rounded at each term. */
export function byGetAndSet(parameters: Parameters, batch: Batch, learningRate: number): TrainStepResult {
  const sumOver = (x: Tensor, out: Tensor): Tensor => {
    const isRow = out.shape.length === 2;
    for (let i = x.size(0) - 1; i >= 0; i--)
      for (let j = 0; j < x.size(1); j++) {
        if (isRow) out.set(0, j, out.get(0, j) + x.get(i, j));
        else out.set(j, out.get(j) + x.get(i, j));
      }
    return out;
  };
  return trainStepWith({
    dW2: ({ h, dlogits }) => productByGetAndSet(h.T, dlogits),
    db2: ({ b2, dlogits }) => sumOver(dlogits, zerosLike(b2)),
    dh: ({ dlogits, W2 }) => productByGetAndSet(dlogits, W2.T),
    dbngain: ({ bngain, bnraw, dhpreact }) => sumOver(bnraw.mul(dhpreact), zerosLike(bngain)),
    dbnbias: ({ bnbias, dhpreact }) => sumOver(dhpreact, zerosLike(bnbias)),
    dW1: ({ embcat, dhprebn }) => productByGetAndSet(embcat.T, dhprebn),
    db1: ({ b1, dhprebn }) => sumOver(dhprebn, zerosLike(b1)),
    dembcat: ({ dhprebn, W1 }) => productByGetAndSet(dhprebn, W1.T),
  })(parameters, batch, learningRate);
}
