import { keepdim, tensor, zerosLike, type Tensor } from "#tensor";
import type { FunctionStepId, GivenName } from "../../../grader/course/steps.ts";

type Given = Readonly<Record<GivenName<FunctionStepId>, Tensor>>;

/** Wrong answers to the first half of the exam, written from its forward lines, without having seen the catalogue. */
export const heldBack: { step: FunctionStepId; what: string; answer: (given: Given) => Tensor }[] = [
  // ---- ReLU with a residual connection
  {
    step: "relu-dh",
    what: "the residual's input taken off out first: (out - x) @ W2.T",
    answer: ({ x, W2, out }) => out.sub(x).matmul(W2.T),
  },
  {
    step: "relu-dh",
    what: "W2 brought into the transposed shape by view",
    answer: ({ W2, dout }) => dout.matmul(W2.view(W2.size(1), W2.size(0))),
  },
  {
    step: "relu-dh",
    what: "ReLU's mask already multiplied in, which is the next step's",
    answer: ({ h, W2, dout }) => dout.matmul(W2.T).mul(h.each((v) => (v > 0 ? 1 : 0))),
  },
  {
    step: "relu-dh",
    what: "multiplied by h",
    answer: ({ h, W2, dout }) => dout.matmul(W2.T).mul(h),
  },
  {
    step: "relu-dpre",
    what: "ReLU applied to the upstream gradient, as in the forward pass",
    answer: ({ dh }) => dh.each((v) => Math.max(v, 0)),
  },
  {
    step: "relu-dpre",
    what: "no mask: dh as it is",
    answer: ({ dh }) => dh.clone(),
  },
  {
    step: "relu-dpre",
    what: "the mask alone, without the upstream gradient",
    answer: ({ pre }) => pre.each((v) => (v > 0 ? 1 : 0)),
  },
  {
    step: "relu-dpre",
    what: "h multiplied in, where h > 0 belongs",
    answer: ({ h, dh }) => dh.mul(h),
  },
  {
    step: "relu-dpre",
    what: "the sign of pre: -1 where the derivative is 0",
    answer: ({ pre, dh }) => dh.mul(pre.each((v) => Math.sign(v))),
  },
  {
    step: "relu-dpre",
    what: "a leaky ReLU, with a slope of 0.01 below 0",
    answer: ({ pre, dh }) => dh.mul(pre.each((v) => (v > 0 ? 1 : 0.01))),
  },
  {
    step: "relu-dpre",
    what: "h >= 0, which holds everywhere",
    answer: ({ h, dh }) => dh.mul(h.each((v) => (v >= 0 ? 1 : 0))),
  },
  {
    step: "relu-dpre",
    what: "tanh's derivative from habit",
    answer: ({ h, dh }) => tensor(1).sub(h.pow(2)).mul(dh),
  },
  {
    step: "relu-dx",
    what: "the residual connection forgotten",
    answer: ({ W1, dpre }) => dpre.matmul(W1.T),
  },
  {
    step: "relu-dx",
    what: "only the residual connection",
    answer: ({ dout }) => dout.clone(),
  },
  {
    step: "relu-dx",
    what: "the branches multiplied",
    answer: ({ W1, dpre, dout }) => dpre.matmul(W1.T).mul(dout),
  },
  {
    step: "relu-dx",
    what: "x added, the value, in place of its branch dout",
    answer: ({ x, W1, dpre }) => dpre.matmul(W1.T).add(x),
  },
  {
    step: "relu-dx",
    what: "W2 for W1.T, whose shape is the same",
    answer: ({ W2, dpre, dout }) => dpre.matmul(W2).add(dout),
  },
  {
    step: "relu-dx",
    what: "the mean of the two branches",
    answer: ({ W1, dpre, dout }) => dpre.matmul(W1.T).add(dout).mul(0.5),
  },
  {
    step: "relu-dx",
    what: "ReLU's mask applied a second time",
    answer: ({ x, W1, dpre, dout }) => {
      const through = dpre.matmul(W1.T);
      return through.mul(x.each((v) => (v > 0 ? 1 : 0))).add(dout);
    },
  },

  // ---- sigmoid and binary cross-entropy
  {
    step: "bce-dlogits",
    what: "divided by n alone, though the mean is over the tasks too",
    answer: ({ logits, target }) => sigmoid(logits).sub(target).div(logits.size(0)),
  },
  {
    step: "bce-dlogits",
    what: "the mean forgotten",
    answer: ({ logits, target }) => sigmoid(logits).sub(target),
  },
  {
    step: "bce-dlogits",
    what: "target minus probability",
    answer: ({ logits, target }) => target.sub(sigmoid(logits)).div(logits.numel()),
  },
  {
    step: "bce-dlogits",
    what: "softmax over the tasks, as for one right answer among many",
    answer: ({ logits, target }) => logits.softmax(1).sub(target).div(logits.numel()),
  },
  {
    step: "bce-dlogits",
    what: "the sigmoid's derivative multiplied in once more, as for a squared error",
    answer: ({ logits, target }) => {
      const p = sigmoid(logits);
      return p.sub(target).mul(p).mul(tensor(1).sub(p)).div(logits.numel());
    },
  },
  {
    step: "bce-dlogits",
    what: "the logits themselves minus the target",
    answer: ({ logits, target }) => logits.sub(target).div(logits.numel()),
  },
  {
    step: "bce-dlogits",
    what: "the target rounded to yes or no",
    answer: ({ logits, target }) =>
      sigmoid(logits)
        .sub(target.each((v) => (v > 0.5 ? 1 : 0)))
        .div(logits.numel()),
  },
  {
    step: "bce-dlogits",
    what: "multiplied by the loss, as if it were an upstream gradient",
    answer: ({ logits, target, loss }) => sigmoid(logits).sub(target).div(logits.numel()).mul(loss),
  },
  {
    step: "bce-dlogits",
    what: "exp(x) / (1 + exp(x)) with logits clamped to ±5 against overflow",
    answer: ({ logits, target }) => sigmoid(logits.clamp(-5, 5)).sub(target).div(logits.numel()),
  },
  {
    step: "bce-dx",
    what: "the derivative of tanh: 1 - gate**2",
    answer: ({ gate, dgate }) => tensor(1).sub(gate.pow(2)).mul(dgate),
  },
  {
    step: "bce-dx",
    what: "gate alone: the factor 1 - gate forgotten",
    answer: ({ gate, dgate }) => gate.mul(dgate),
  },
  {
    step: "bce-dx",
    what: "1 - gate alone",
    answer: ({ gate, dgate }) => tensor(1).sub(gate).mul(dgate),
  },
  {
    step: "bce-dx",
    what: "x * (1 - x): the input for the output",
    answer: ({ x, dgate }) => x.mul(tensor(1).sub(x)).mul(dgate),
  },
  {
    step: "bce-dx",
    what: "gate - 1: the sign turned",
    answer: ({ gate, dgate }) => gate.mul(gate.sub(1)).mul(dgate),
  },
  {
    step: "bce-dx",
    what: "gate - gate * dgate: brackets in the wrong place",
    answer: ({ gate, dgate }) => gate.sub(gate.mul(gate).mul(dgate)),
  },
  {
    step: "bce-dx",
    what: "sigmoid of the gate",
    answer: ({ gate, dgate }) => {
      const p = sigmoid(gate);
      return p.mul(tensor(1).sub(p)).mul(dgate);
    },
  },

  // ---- dropout
  {
    step: "dropout-dW",
    what: "scaled by 1 / 0.8 once more",
    answer: ({ thinned, dout }) => thinned.T.matmul(dout).div(0.8),
  },
  {
    step: "dropout-dW",
    what: "averaged over the batch",
    answer: ({ thinned, dout }) => thinned.T.matmul(dout).div(thinned.size(0)),
  },
  {
    step: "dropout-dW",
    what: "dout.T @ thinned, forced into W's shape",
    answer: ({ W, thinned, dout }) => dout.T.matmul(thinned).view(W.shape),
  },
  {
    step: "dropout-dW",
    what: "out in place of dout",
    answer: ({ thinned, out }) => thinned.T.matmul(out),
  },
  {
    step: "dropout-dh",
    what: "the mask forgotten",
    answer: ({ dthinned }) => dthinned.div(0.8),
  },
  {
    step: "dropout-dh",
    what: "the scale forgotten",
    answer: ({ mask, dthinned }) => dthinned.mul(mask),
  },
  {
    step: "dropout-dh",
    what: "multiplied by 0.8",
    answer: ({ mask, dthinned }) => dthinned.mul(mask).mul(0.8),
  },
  {
    step: "dropout-dh",
    what: "divided by the dropped share, 0.2",
    answer: ({ mask, dthinned }) => dthinned.mul(mask).div(0.2),
  },
  {
    step: "dropout-dh",
    what: "the mask turned round: what was dropped gets the gradient",
    answer: ({ mask, dthinned }) => dthinned.mul(tensor(1).sub(mask)).div(0.8),
  },
  {
    step: "dropout-dh",
    what: "scaled by the share that the mask kept, not by 0.8",
    answer: ({ mask, dthinned }) => dthinned.mul(mask).div(mask.mean()),
  },
  {
    step: "dropout-dh",
    what: "the mask read off thinned > 0, which drops the negative numbers as well",
    answer: ({ thinned, dthinned }) => dthinned.mul(thinned.each((v) => (v > 0 ? 1 : 0))).div(0.8),
  },
  {
    step: "dropout-dh",
    what: "thinned multiplied in for the mask",
    answer: ({ thinned, dthinned }) => dthinned.mul(thinned),
  },
  {
    step: "dropout-dh",
    what: "a new mask drawn by a rule of its own: rows kept whole",
    answer: ({ mask, dthinned }) => dthinned.mul(mask.max(1, keepdim).values).div(0.8),
  },

  // ---- softmax with a temperature
  {
    step: "softmax-dprobs",
    what: "V not transposed but reshaped",
    answer: ({ V, dout }) => dout.matmul(V.view(V.size(1), V.size(0))),
  },
  {
    step: "softmax-dprobs",
    what: "out for dout",
    answer: ({ V, out }) => out.matmul(V.T),
  },
  {
    step: "softmax-dprobs",
    what: "the mean of each row taken off, since the probabilities sum to 1",
    answer: ({ V, dout }) => {
      const d = dout.matmul(V.T);
      return d.sub(d.mean(1, keepdim));
    },
  },
  {
    step: "softmax-dprobs",
    what: "multiplied by probs",
    answer: ({ probs, V, dout }) => dout.matmul(V.T).mul(probs),
  },
  {
    step: "softmax-dtempered",
    what: "only the diagonal of the Jacobian: probs * (1 - probs)",
    answer: ({ probs, dprobs }) => probs.mul(tensor(1).sub(probs)).mul(dprobs),
  },
  {
    step: "softmax-dtempered",
    what: "the sum over the row forgotten: dprobs - dprobs * probs",
    answer: ({ probs, dprobs }) => probs.mul(dprobs.sub(dprobs.mul(probs))),
  },
  {
    step: "softmax-dtempered",
    what: "the second term forgotten",
    answer: ({ probs, dprobs }) => probs.mul(dprobs),
  },
  {
    step: "softmax-dtempered",
    what: "summed over the examples",
    answer: ({ probs, dprobs }) => probs.mul(dprobs.sub(probs.mul(dprobs).sum(0, keepdim))),
  },
  {
    step: "softmax-dtempered",
    what: "the sum of dprobs alone, without weights",
    answer: ({ probs, dprobs }) => probs.mul(dprobs.sub(dprobs.sum(1, keepdim))),
  },
  {
    step: "softmax-dtempered",
    what: "the mean in place of the weighted sum",
    answer: ({ probs, dprobs }) => probs.mul(dprobs.sub(probs.mul(dprobs).mean(1, keepdim))),
  },
  {
    step: "softmax-dtempered",
    what: "the probabilities left out of the second term",
    answer: ({ probs, dprobs }) => {
      const weighted = probs.mul(dprobs);
      return weighted.sub(weighted.sum(1, keepdim));
    },
  },
  {
    step: "softmax-dtempered",
    what: "the terms added",
    answer: ({ probs, dprobs }) => probs.mul(dprobs.add(probs.mul(dprobs).sum(1, keepdim))),
  },
  {
    step: "softmax-dtempered",
    what: "probs**2 where probs belongs in front of the bracket",
    answer: ({ probs, dprobs }) => probs.pow(2).mul(dprobs.sub(probs.mul(dprobs).sum(1, keepdim))),
  },
  {
    step: "softmax-dtempered",
    what: "softmax of the upstream gradient",
    answer: ({ dprobs }) => dprobs.softmax(1),
  },
  {
    step: "softmax-dtemperature",
    what: "the minus sign forgotten",
    answer: ({ temperature, scores, dtempered }) => scores.mul(dtempered).sum().div(temperature.pow(2)),
  },
  {
    step: "softmax-dtemperature",
    what: "divided by the temperature once",
    answer: ({ temperature, scores, dtempered }) => scores.mul(dtempered).sum().neg().div(temperature),
  },
  {
    step: "softmax-dtemperature",
    what: "tempered for scores, with the square",
    answer: ({ temperature, tempered, dtempered }) => tempered.mul(dtempered).sum().neg().div(temperature.pow(2)),
  },
  {
    step: "softmax-dtemperature",
    what: "summed over the examples only, a number per expert",
    answer: ({ temperature, scores, dtempered }) => scores.mul(dtempered).sum(0).neg().div(temperature.pow(2)),
  },
  {
    step: "softmax-dtemperature",
    what: "the mean in place of the sum",
    answer: ({ temperature, scores, dtempered }) => scores.mul(dtempered).mean().neg().div(temperature.pow(2)).view(1),
  },
  {
    step: "softmax-dtemperature",
    what: "scores left out: -dtempered / temperature**2",
    answer: ({ temperature, dtempered }) => dtempered.sum().neg().div(temperature.pow(2)).view(1),
  },
  {
    step: "softmax-dtemperature",
    what: "the sums multiplied, not the products summed",
    answer: ({ temperature, scores, dtempered }) =>
      scores.sum().mul(dtempered.sum()).neg().div(temperature.pow(2)).view(1),
  },
  {
    step: "softmax-dtemperature",
    what: "the gradient of the other operand: dtempered / temperature, summed",
    answer: ({ temperature, dtempered }) => dtempered.div(temperature).sum().view(1),
  },

  // ---- layer norm
  {
    step: "layernorm-dlngain",
    what: "summed over the features",
    answer: ({ lnraw, dout }) => lnraw.mul(dout).sum(1),
  },
  {
    step: "layernorm-dlngain",
    what: "lnraw forgotten, as for the bias",
    answer: ({ dout }) => dout.sum(0),
  },
  {
    step: "layernorm-dlngain",
    what: "out for lnraw",
    answer: ({ out, dout }) => out.mul(dout).sum(0),
  },
  {
    step: "layernorm-dlngain",
    what: "averaged over the batch",
    answer: ({ lnraw, dout }) => lnraw.mul(dout).mean(0),
  },
  {
    step: "layernorm-dlngain",
    what: "lngain multiplied in as well",
    answer: ({ lngain, lnraw, dout }) => lnraw.mul(dout).sum(0).mul(lngain),
  },
  {
    step: "layernorm-dlnbias",
    what: "averaged over the batch",
    answer: ({ dout }) => dout.mean(0),
  },
  {
    step: "layernorm-dlnbias",
    what: "not summed, [n, features]",
    answer: ({ dout }) => dout.clone(),
  },
  {
    step: "layernorm-dlnbias",
    what: "multiplied by lngain",
    answer: ({ lngain, dout }) => dout.mul(lngain).sum(0),
  },
  {
    step: "layernorm-dlnbias",
    what: "the first example alone",
    answer: ({ lnbias, dout }) => {
      const d = zerosLike(lnbias);
      for (let k = 0; k < d.size(0); k++) d.set(k, dout.get(0, k));
      return d;
    },
  },
  {
    step: "layernorm-dlnraw",
    what: "the bias added",
    answer: ({ lngain, lnbias, dout }) => dout.mul(lngain).add(lnbias),
  },
  {
    step: "layernorm-dlnraw",
    what: "lnraw multiplied in",
    answer: ({ lngain, lnraw, dout }) => dout.mul(lngain).mul(lnraw),
  },
  {
    step: "layernorm-dlnraw",
    what: "divided by the gain",
    answer: ({ lngain, dout }) => dout.div(lngain),
  },
  {
    step: "layernorm-dlnraw",
    what: "summed over the batch and repeated",
    answer: ({ lnraw, lngain, dout }) => dout.mul(lngain).sum(0, keepdim).expand(lnraw.shape),
  },
  {
    step: "layernorm-dlnvar_inv",
    what: "summed over the examples",
    answer: ({ lndiff, dlnraw }) => lndiff.mul(dlnraw).sum(0, keepdim),
  },
  {
    step: "layernorm-dlnvar_inv",
    what: "the mean over the features",
    answer: ({ lndiff, dlnraw }) => lndiff.mul(dlnraw).mean(1, keepdim),
  },
  {
    step: "layernorm-dlnvar_inv",
    what: "lnraw for lndiff",
    answer: ({ lnraw, dlnraw }) => lnraw.mul(dlnraw).sum(1, keepdim),
  },
  {
    step: "layernorm-dlnvar_inv",
    what: "without keepdim, [n]",
    answer: ({ lndiff, dlnraw }) => lndiff.mul(dlnraw).sum(1),
  },
  {
    step: "layernorm-dlnvar_inv",
    what: "multiplied by lnvar_inv as well",
    answer: ({ lnvar_inv, lndiff, dlnraw }) => lndiff.mul(dlnraw).sum(1, keepdim).mul(lnvar_inv),
  },
  {
    step: "layernorm-dlnvar",
    what: "epsilon forgotten",
    answer: ({ lnvar, dlnvar_inv }) => lnvar.pow(-1.5).mul(-0.5).mul(dlnvar_inv),
  },
  {
    step: "layernorm-dlnvar",
    what: "epsilon added after the power",
    answer: ({ lnvar, dlnvar_inv }) => lnvar.pow(-1.5).add(1e-5).mul(-0.5).mul(dlnvar_inv),
  },
  {
    step: "layernorm-dlnvar",
    what: "the power raised to 0.5, not lowered to -1.5",
    answer: ({ lnvar, dlnvar_inv }) => lnvar.add(1e-5).pow(0.5).mul(-0.5).mul(dlnvar_inv),
  },
  {
    step: "layernorm-dlnvar",
    what: "the minus sign forgotten",
    answer: ({ lnvar_inv, dlnvar_inv }) => lnvar_inv.pow(3).mul(0.5).mul(dlnvar_inv),
  },
  {
    step: "layernorm-dlnvar",
    what: "the derivative of 1/x: lnvar_inv squared",
    answer: ({ lnvar_inv, dlnvar_inv }) => lnvar_inv.pow(2).mul(-0.5).mul(dlnvar_inv),
  },
  {
    step: "layernorm-dlnvar",
    what: "lnvar_inv to the power -1.5, which is that of lnvar",
    answer: ({ lnvar_inv, dlnvar_inv }) => lnvar_inv.pow(-1.5).mul(-0.5).mul(dlnvar_inv),
  },
  {
    step: "layernorm-dlnvar",
    what: "epsilon of 1e-8, another library's",
    answer: ({ lnvar, dlnvar_inv }) => lnvar.add(1e-8).pow(-1.5).mul(-0.5).mul(dlnvar_inv),
  },
  {
    step: "layernorm-dlndiff",
    what: "the variance's branch forgotten",
    answer: ({ lnvar_inv, dlnraw }) => dlnraw.mul(lnvar_inv),
  },
  {
    step: "layernorm-dlndiff",
    what: "only the variance's branch",
    answer: ({ lndiff, dlnvar }) => lndiff.mul(2 / lndiff.size(1)).mul(dlnvar),
  },
  {
    step: "layernorm-dlndiff",
    what: "divided by features - 1, with Bessel's correction",
    answer: ({ lndiff, dlnvar, lnvar_inv, dlnraw }) =>
      dlnraw.mul(lnvar_inv).add(lndiff.mul(2 / (lndiff.size(1) - 1)).mul(dlnvar)),
  },
  {
    step: "layernorm-dlndiff",
    what: "the mean over the examples: divided by n",
    answer: ({ lndiff, dlnvar, lnvar_inv, dlnraw }) =>
      dlnraw.mul(lnvar_inv).add(lndiff.mul(2 / lndiff.size(0)).mul(dlnvar)),
  },
  {
    step: "layernorm-dlndiff",
    what: "the 2 of the square forgotten",
    answer: ({ lndiff, dlnvar, lnvar_inv, dlnraw }) =>
      dlnraw.mul(lnvar_inv).add(lndiff.div(lndiff.size(1)).mul(dlnvar)),
  },
  {
    step: "layernorm-dlndiff",
    what: "the mean's division forgotten",
    answer: ({ lndiff, dlnvar, lnvar_inv, dlnraw }) => dlnraw.mul(lnvar_inv).add(lndiff.mul(2).mul(dlnvar)),
  },
  {
    step: "layernorm-dlndiff",
    what: "the branches subtracted",
    answer: ({ lndiff, dlnvar, lnvar_inv, dlnraw }) =>
      dlnraw.mul(lnvar_inv).sub(lndiff.mul(2 / lndiff.size(1)).mul(dlnvar)),
  },
  {
    step: "layernorm-dlndiff",
    what: "lnvar for dlnvar",
    answer: ({ lndiff, lnvar, lnvar_inv, dlnraw }) =>
      dlnraw.mul(lnvar_inv).add(lndiff.mul(2 / lndiff.size(1)).mul(lnvar)),
  },
  {
    step: "layernorm-dlnmean",
    what: "the minus sign forgotten",
    answer: ({ dlndiff }) => dlndiff.sum(1, keepdim),
  },
  {
    step: "layernorm-dlnmean",
    what: "the mean in place of the sum",
    answer: ({ dlndiff }) => dlndiff.mean(1, keepdim).neg(),
  },
  {
    step: "layernorm-dlnmean",
    what: "summed over the examples",
    answer: ({ dlndiff }) => dlndiff.sum(0, keepdim).neg(),
  },
  {
    step: "layernorm-dlnmean",
    what: "not summed, [n, features]",
    answer: ({ dlndiff }) => dlndiff.neg(),
  },
  {
    step: "layernorm-dlnmean",
    what: "lndiff for dlndiff",
    answer: ({ lndiff }) => lndiff.sum(1, keepdim).neg(),
  },
  {
    step: "layernorm-dx",
    what: "the mean's branch forgotten",
    answer: ({ dlndiff }) => dlndiff.clone(),
  },
  {
    step: "layernorm-dx",
    what: "the mean's branch not divided by the number of features",
    answer: ({ dlnmean, dlndiff }) => dlndiff.add(dlnmean),
  },
  {
    step: "layernorm-dx",
    what: "divided by n, as in batch norm",
    answer: ({ x, dlnmean, dlndiff }) => dlndiff.add(dlnmean.div(x.size(0))),
  },
  {
    step: "layernorm-dx",
    what: "the mean's branch subtracted, though dlnmean has its sign already",
    answer: ({ x, dlnmean, dlndiff }) => dlndiff.sub(dlnmean.div(x.size(1))),
  },
  {
    step: "layernorm-dx",
    what: "the mean's branch times x",
    answer: ({ x, dlnmean, dlndiff }) => dlndiff.add(x.mul(dlnmean).div(x.size(1))),
  },
  {
    step: "layernorm-fused-dx",
    what: "the gain forgotten",
    answer: ({ lnvar_inv, lnraw, dout }) => throughNorm(lnvar_inv, lnraw, dout, 1),
  },
  {
    step: "layernorm-fused-dx",
    what: "over the batch, as in batch norm",
    answer: ({ lngain, lnvar_inv, lnraw, dout }) => throughNorm(lnvar_inv, lnraw, dout.mul(lngain), 0),
  },
  {
    step: "layernorm-fused-dx",
    what: "the gain multiplied in at the end, not before the means",
    answer: ({ lngain, lnvar_inv, lnraw, dout }) => throughNorm(lnvar_inv, lnraw, dout, 1).mul(lngain),
  },
  {
    step: "layernorm-fused-dx",
    what: "the mean's term forgotten",
    answer: ({ lngain, lnvar_inv, lnraw, dout }) => {
      const d = dout.mul(lngain);
      return d.sub(lnraw.mul(d.mul(lnraw).mean(1, keepdim))).mul(lnvar_inv);
    },
  },
  {
    step: "layernorm-fused-dx",
    what: "the variance's term forgotten",
    answer: ({ lngain, lnvar_inv, dout }) => {
      const d = dout.mul(lngain);
      return d.sub(d.mean(1, keepdim)).mul(lnvar_inv);
    },
  },
  {
    step: "layernorm-fused-dx",
    what: "with Bessel's correction, as in the batch norm of part 3",
    answer: ({ lngain, lnvar_inv, lnraw, dout }) => {
      const d = dout.mul(lngain);
      const features = d.size(1);
      return d
        .sub(d.mean(1, keepdim))
        .sub(lnraw.mul(d.mul(lnraw).sum(1, keepdim)).div(features - 1))
        .mul(lnvar_inv);
    },
  },
  {
    step: "layernorm-fused-dx",
    what: "sums that were not divided by the number of features",
    answer: ({ lngain, lnvar_inv, lnraw, dout }) => {
      const d = dout.mul(lngain);
      return d
        .sub(d.sum(1, keepdim))
        .sub(lnraw.mul(d.mul(lnraw).sum(1, keepdim)))
        .mul(lnvar_inv);
    },
  },
  {
    step: "layernorm-fused-dx",
    what: "the scale lnvar_inv forgotten",
    answer: ({ lngain, lnraw, dout }) => {
      const d = dout.mul(lngain);
      return d.sub(d.mean(1, keepdim)).sub(lnraw.mul(d.mul(lnraw).mean(1, keepdim)));
    },
  },
  {
    step: "layernorm-fused-dx",
    what: "lnraw left out in front of the variance's term",
    answer: ({ lngain, lnvar_inv, lnraw, dout }) => {
      const d = dout.mul(lngain);
      return d.sub(d.mean(1, keepdim)).sub(d.mul(lnraw).mean(1, keepdim)).mul(lnvar_inv);
    },
  },
  {
    step: "layernorm-fused-dx",
    what: "the variance's term added",
    answer: ({ lngain, lnvar_inv, lnraw, dout }) => {
      const d = dout.mul(lngain);
      return d
        .sub(d.mean(1, keepdim))
        .add(lnraw.mul(d.mul(lnraw).mean(1, keepdim)))
        .mul(lnvar_inv);
    },
  },

  // ---- RMS norm
  {
    step: "rmsnorm-dgain",
    what: "rms_inv forgotten",
    answer: ({ x, dout }) => x.mul(dout).sum(0),
  },
  {
    step: "rmsnorm-dgain",
    what: "x forgotten",
    answer: ({ rms_inv, dout }) => dout.mul(rms_inv).sum(0),
  },
  {
    step: "rmsnorm-dgain",
    what: "out * dout: the gain stays inside",
    answer: ({ out, dout }) => out.mul(dout).sum(0),
  },
  {
    step: "rmsnorm-dgain",
    what: "summed over the features",
    answer: ({ x, rms_inv, dout }) => x.mul(rms_inv).mul(dout).sum(1),
  },
  {
    step: "rmsnorm-dgain",
    what: "summed before rms_inv is multiplied in, with its mean",
    answer: ({ x, rms_inv, dout }) => x.mul(dout).sum(0).mul(rms_inv.mean()),
  },
  {
    step: "rmsnorm-drms_inv",
    what: "the gain forgotten",
    answer: ({ x, dout }) => x.mul(dout).sum(1, keepdim),
  },
  {
    step: "rmsnorm-drms_inv",
    what: "x forgotten",
    answer: ({ gain, dout }) => dout.mul(gain).sum(1, keepdim),
  },
  {
    step: "rmsnorm-drms_inv",
    what: "the mean over the features",
    answer: ({ x, gain, dout }) => x.mul(gain).mul(dout).mean(1, keepdim),
  },
  {
    step: "rmsnorm-drms_inv",
    what: "out * dout: rms_inv stays inside",
    answer: ({ out, dout }) => out.mul(dout).sum(1, keepdim),
  },
  {
    step: "rmsnorm-drms_inv",
    what: "summed over the examples",
    answer: ({ x, gain, dout }) => x.mul(gain).mul(dout).sum(0, keepdim),
  },
  {
    step: "rmsnorm-dx",
    what: "the mean square's branch forgotten",
    answer: ({ rms_inv, gain, dout }) => dout.mul(gain).mul(rms_inv),
  },
  {
    step: "rmsnorm-dx",
    what: "the mean square's branch divided by n",
    answer: ({ x, dmeansq, rms_inv, gain, dout }) =>
      dout
        .mul(gain)
        .mul(rms_inv)
        .add(x.mul(2 / x.size(0)).mul(dmeansq)),
  },
  {
    step: "rmsnorm-dx",
    what: "the 2 of the square forgotten",
    answer: ({ x, dmeansq, rms_inv, gain, dout }) =>
      dout
        .mul(gain)
        .mul(rms_inv)
        .add(x.mul(1 / x.size(1)).mul(dmeansq)),
  },
  {
    step: "rmsnorm-dx",
    what: "the gain forgotten in the direct branch",
    answer: ({ x, dmeansq, rms_inv, dout }) => dout.mul(rms_inv).add(x.mul(2 / x.size(1)).mul(dmeansq)),
  },
  {
    step: "rmsnorm-dx",
    what: "meansq for dmeansq",
    answer: ({ x, meansq, rms_inv, gain, dout }) =>
      dout
        .mul(gain)
        .mul(rms_inv)
        .add(x.mul(2 / x.size(1)).mul(meansq)),
  },
  {
    step: "rmsnorm-dx",
    what: "the branch of the mean square without x",
    answer: ({ x, dmeansq, rms_inv, gain, dout }) =>
      dout
        .mul(gain)
        .mul(rms_inv)
        .add(dmeansq.mul(2 / x.size(1))),
  },
  {
    step: "rmsnorm-fused-dx",
    what: "the mean taken off, as in layer norm",
    answer: ({ x, rms_inv, gain, dout }) => throughNorm(rms_inv, x.mul(rms_inv), dout.mul(gain), 1),
  },
  {
    step: "rmsnorm-fused-dx",
    what: "rms_inv squared for cubed in the second term",
    answer: ({ x, rms_inv, gain, dout }) => {
      const d = dout.mul(gain);
      return d.mul(rms_inv).sub(x.mul(rms_inv.pow(2)).mul(d.mul(x).mean(1, keepdim)));
    },
  },
  {
    step: "rmsnorm-fused-dx",
    what: "the second term added",
    answer: ({ x, rms_inv, gain, dout }) => {
      const d = dout.mul(gain);
      return d.mul(rms_inv).add(x.mul(rms_inv.pow(3)).mul(d.mul(x).mean(1, keepdim)));
    },
  },
  {
    step: "rmsnorm-fused-dx",
    what: "the sum in place of the mean",
    answer: ({ x, rms_inv, gain, dout }) => {
      const d = dout.mul(gain);
      return d.mul(rms_inv).sub(x.mul(rms_inv.pow(3)).mul(d.mul(x).sum(1, keepdim)));
    },
  },
  {
    step: "rmsnorm-fused-dx",
    what: "the gain left out of the second term",
    answer: ({ x, rms_inv, gain, dout }) =>
      dout
        .mul(gain)
        .mul(rms_inv)
        .sub(x.mul(rms_inv.pow(3)).mul(dout.mul(x).mean(1, keepdim))),
  },
  {
    step: "rmsnorm-fused-dx",
    what: "half the second term: the 2 of the square forgotten",
    answer: ({ x, rms_inv, gain, dout }) => {
      const d = dout.mul(gain);
      return d.mul(rms_inv).sub(x.mul(rms_inv.pow(3)).mul(d.mul(x).mean(1, keepdim)).mul(0.5));
    },
  },
  {
    step: "rmsnorm-fused-dx",
    what: "only the direct branch",
    answer: ({ rms_inv, gain, dout }) => dout.mul(gain).mul(rms_inv),
  },

  // ---- GELU
  {
    step: "gelu-dbent",
    what: "the half forgotten",
    answer: ({ x, dout }) => x.mul(dout),
  },
  {
    step: "gelu-dbent",
    what: "x forgotten",
    answer: ({ dout }) => dout.mul(0.5),
  },
  {
    step: "gelu-dbent",
    what: "1 + bent for its derivative, 1",
    answer: ({ bent, x, dout }) => x.mul(0.5).mul(bent.add(1)).mul(dout),
  },
  {
    step: "gelu-dbent",
    what: "tanh's derivative already multiplied in",
    answer: ({ bent, x, dout }) =>
      x
        .mul(0.5)
        .mul(dout)
        .mul(tensor(1).sub(bent.pow(2))),
  },
  {
    step: "gelu-dinner",
    what: "inner for bent: 1 - inner**2",
    answer: ({ inner, dbent }) => tensor(1).sub(inner.pow(2)).mul(dbent),
  },
  {
    step: "gelu-dinner",
    what: "the sigmoid's derivative: bent * (1 - bent)",
    answer: ({ bent, dbent }) => bent.mul(tensor(1).sub(bent)).mul(dbent),
  },
  {
    step: "gelu-dinner",
    what: "not squared: 1 - bent",
    answer: ({ bent, dbent }) => tensor(1).sub(bent).mul(dbent),
  },
  {
    step: "gelu-dinner",
    what: "tanh taken of bent again",
    answer: ({ bent, dbent }) => tensor(1).sub(bent.tanh().pow(2)).mul(dbent),
  },
  {
    step: "gelu-dinner",
    what: "brackets: 1 - bent**2 * dbent",
    answer: ({ bent, dbent }) => tensor(1).sub(bent.pow(2).mul(dbent)),
  },
  {
    step: "gelu-dx",
    what: "the direct branch forgotten",
    answer: ({ x, dinner }) => innerSlope(x).mul(dinner),
  },
  {
    step: "gelu-dx",
    what: "only the direct branch",
    answer: ({ bent, dout }) => bent.add(1).mul(0.5).mul(dout),
  },
  {
    step: "gelu-dx",
    what: "the 3 of the cube forgotten",
    answer: ({ x, dinner, bent, dout }) =>
      x.pow(2).mul(0.044715).add(1).mul(ROOT).mul(dinner).add(bent.add(1).mul(0.5).mul(dout)),
  },
  {
    step: "gelu-dx",
    what: "the outer factor 0.797884561 on the first term only",
    answer: ({ x, dinner, bent, dout }) =>
      x
        .pow(2)
        .mul(3 * 0.044715)
        .add(ROOT)
        .mul(dinner)
        .add(bent.add(1).mul(0.5).mul(dout)),
  },
  {
    step: "gelu-dx",
    what: "the derivative of x in inner forgotten: the cube's alone",
    answer: ({ x, dinner, bent, dout }) =>
      x
        .pow(2)
        .mul(3 * 0.044715 * ROOT)
        .mul(dinner)
        .add(bent.add(1).mul(0.5).mul(dout)),
  },
  {
    step: "gelu-dx",
    what: "the half forgotten in the direct branch",
    answer: ({ x, dinner, bent, dout }) => innerSlope(x).mul(dinner).add(bent.add(1).mul(dout)),
  },
  {
    step: "gelu-dx",
    what: "bent for 1 + bent in the direct branch",
    answer: ({ x, dinner, bent, dout }) => innerSlope(x).mul(dinner).add(bent.mul(0.5).mul(dout)),
  },
  {
    step: "gelu-dx",
    what: "x**3 for the cube's derivative",
    answer: ({ x, dinner, bent, dout }) =>
      x
        .pow(3)
        .mul(3 * 0.044715)
        .add(1)
        .mul(ROOT)
        .mul(dinner)
        .add(bent.add(1).mul(0.5).mul(dout)),
  },
  {
    step: "gelu-fused-dx",
    what: "the gate alone: the derivative through tanh forgotten",
    answer: ({ x, dout }) => bentOf(x).add(1).mul(0.5).mul(dout),
  },
  {
    step: "gelu-fused-dx",
    what: "the gate's own term forgotten",
    answer: ({ x, dout }) =>
      x
        .mul(0.5)
        .mul(tensor(1).sub(bentOf(x).pow(2)))
        .mul(innerSlope(x))
        .mul(dout),
  },
  {
    step: "gelu-fused-dx",
    what: "x forgotten in front of tanh's derivative",
    answer: ({ x, dout }) => {
      const bent = bentOf(x);
      const slope = tensor(1).sub(bent.pow(2)).mul(innerSlope(x)).mul(0.5);
      return bent.add(1).mul(0.5).add(slope).mul(dout);
    },
  },
  {
    step: "gelu-fused-dx",
    what: "the inner derivative forgotten",
    answer: ({ x, dout }) => {
      const bent = bentOf(x);
      const slope = x.mul(0.5).mul(tensor(1).sub(bent.pow(2)));
      return bent.add(1).mul(0.5).add(slope).mul(dout);
    },
  },
  {
    step: "gelu-fused-dx",
    what: "another approximation: x * sigmoid(1.702 x)",
    answer: ({ x, dout }) => {
      const gate = sigmoid(x.mul(1.702));
      return gate.add(x.mul(1.702).mul(gate).mul(tensor(1).sub(gate))).mul(dout);
    },
  },
  {
    step: "gelu-fused-dx",
    what: "ReLU's derivative",
    answer: ({ x, dout }) => dout.mul(x.each((v) => (v > 0 ? 1 : 0))),
  },
  {
    step: "gelu-fused-dx",
    what: "GELU itself times the upstream gradient",
    answer: ({ x, dout }) => x.mul(0.5).mul(bentOf(x).add(1)).mul(dout),
  },
  {
    step: "gelu-fused-dx",
    what: "0.0044715: a digit lost in the cube's factor",
    answer: ({ x, dout }) => {
      const bent = x.pow(3).mul(0.0044715).add(x).mul(ROOT).tanh();
      const slope = x
        .pow(2)
        .mul(3 * 0.0044715)
        .add(1)
        .mul(ROOT);
      return bent
        .add(1)
        .mul(0.5)
        .add(
          x
            .mul(0.5)
            .mul(tensor(1).sub(bent.pow(2)))
            .mul(slope),
        )
        .mul(dout);
    },
  },
];

const ROOT = 0.797884561;

function sigmoid(x: Tensor): Tensor {
  return x.neg().exp().add(1).pow(-1);
}

/** Through a norm along a dimension: right for layer norm, along its own one. */
function throughNorm(inverse: Tensor, raw: Tensor, above: Tensor, dim: number): Tensor {
  return above
    .sub(above.mean(dim, keepdim))
    .sub(raw.mul(above.mul(raw).mean(dim, keepdim)))
    .mul(inverse);
}

/** The derivative of inner with respect to x. */
function innerSlope(x: Tensor): Tensor {
  return x
    .pow(2)
    .mul(3 * 0.044715)
    .add(1)
    .mul(ROOT);
}

function bentOf(x: Tensor): Tensor {
  return x.pow(3).mul(0.044715).add(x).mul(ROOT).tanh();
}
