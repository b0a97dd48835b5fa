import { todo, type Batch, type Parameters, type TrainStepResult } from "#course";
import { crossEntropy, keepdim, oneHot, onesLike, tensor, zerosLike } from "#tensor";

/**
 * 4.1. trainStep
 *
 * One step of training: forward (given), backward and update (yours).
 *
 * Given:
 *   parameters: C [vocab, embd]; W1 [block*embd, hidden]; b1 [hidden]; W2 [hidden, vocab]; b2 [vocab];
 *     bngain, bnbias [1, hidden]
 *   batch: Xb [n, block] and Yb [n], integers
 *   learningRate: a number
 *
 * Return: { loss, gradients }: the loss before the update, and the gradient of each parameter, under the parameter's name
 * and in its shape. By then each parameter has been updated: learningRate times its gradient has been subtracted from it.
 *
 * @see [the lesson](README.md)
 */
export function trainStep(parameters: Parameters, batch: Batch, learningRate: number): TrainStepResult {
  const { C, W1, b1, W2, b2, bngain, bnbias } = parameters;
  const { Xb, Yb } = batch;
  const n = Xb.size(0);

  // forward pass
  const emb = C.gatherRows(Xb);
  const embcat = emb.view(n, -1);
  const hprebn = embcat.matmul(W1).add(b1);
  const bnmean = hprebn.mean(0, keepdim);
  const bnvar = hprebn.var(0, keepdim);
  const bnvar_inv = bnvar.add(1e-5).pow(-0.5);
  const bnraw = hprebn.sub(bnmean).mul(bnvar_inv);
  const hpreact = bngain.mul(bnraw).add(bnbias);
  const h = hpreact.tanh();
  const logits = h.matmul(W2).add(b2);
  const loss = crossEntropy(logits, Yb);

  // backward pass and update
  // solution
  // what ends in _ computes in place, on an intermediate result that nothing else reads: that saves new memory
  const vocab = logits.size(1);
  const dlogits = logits.softmax(1).sub_(oneHot(Yb, vocab)).div_(n);
  const dh = dlogits.matmul(W2.T);
  const dW2 = h.T.matmul(dlogits);
  const db2 = dlogits.sum(0);
  const dhpreact = tensor(1).sub(h.pow(2)).mul_(dh);
  const dbngain = bnraw.mul(dhpreact).sum(0, keepdim);
  const dbnbias = dhpreact.sum(0, keepdim);
  const dhprebn = dhpreact
    .sub(dbnbias.div(n))
    .sub_(bnraw.mul(dbngain.div(n - 1)))
    .mul_(bngain.mul(bnvar_inv));
  const dembcat = dhprebn.matmul(W1.T);
  const dW1 = embcat.T.matmul(dhprebn);
  const db1 = dhprebn.sum(0);
  const demb = dembcat.view(...emb.shape);
  const dC = zerosLike(C).indexAdd(0, Xb, demb);

  const gradients = { C: dC, W1: dW1, b1: db1, W2: dW2, b2: db2, bngain: dbngain, bnbias: dbnbias };
  for (const name of Object.keys(gradients) as (keyof Parameters)[]) {
    parameters[name].sub_(gradients[name].mul(learningRate));
  }
  return { loss, gradients };
  // end of solution
}
