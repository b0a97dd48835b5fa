import { keepdim, oneHot, tensor, zerosLike, type Tensor } from "#tensor";
import type { FunctionStepId, GivenName } from "../../../grader/course/steps.ts";

type Given = Readonly<Record<GivenName<FunctionStepId>, Tensor>>;

/** Wrong answers to the second half of the exam, written from its forward lines, without having seen the catalogue. */
export const heldBack: { step: FunctionStepId; what: string; answer: (given: Given) => Tensor }[] = [
  // ---- attention
  {
    step: "attention-dV",
    what: "the weights not transposed",
    answer: ({ weights, dout }) => weights.matmul(dout),
  },
  {
    step: "attention-dV",
    what: "V for dout",
    answer: ({ V, weights }) => weights.transpose(1, 2).matmul(V),
  },
  {
    step: "attention-dV",
    what: "out for dout",
    answer: ({ weights, out }) => weights.transpose(1, 2).matmul(out),
  },
  {
    step: "attention-dV",
    what: "averaged over the positions",
    answer: ({ weights, dout }) => weights.transpose(1, 2).matmul(dout).div(dout.size(1)),
  },
  {
    step: "attention-dV",
    what: "summed over the batch, as for a parameter that all sequences share",
    answer: ({ V, weights, dout }) => weights.transpose(1, 2).matmul(dout).sum(0, keepdim).expand(V.shape),
  },
  {
    step: "attention-dV",
    what: "each position read by itself alone: the weights' diagonal",
    answer: ({ weights, dout }) => dout.mul(diagonalOf(weights)),
  },
  {
    step: "attention-dweights",
    what: "V transposed into place by view",
    answer: ({ V, dout }) => dout.matmul(V.view(V.size(0), V.size(2), V.size(1))),
  },
  {
    step: "attention-dweights",
    what: "the product the other way round: V @ dout.T",
    answer: ({ V, dout }) => V.matmul(dout.transpose(1, 2)),
  },
  {
    step: "attention-dweights",
    what: "zero where the weights are zero: the mask applied here already",
    answer: ({ weights, V, dout }) => dout.matmul(V.transpose(1, 2)).mul(weights.each((v) => (v === 0 ? 0 : 1))),
  },
  {
    step: "attention-dweights",
    what: "multiplied by the weights",
    answer: ({ weights, V, dout }) => dout.matmul(V.transpose(1, 2)).mul(weights),
  },
  {
    step: "attention-dweights",
    what: "scaled by width ** -0.5, which belongs to the scores",
    answer: ({ V, dout }) => dout.matmul(V.transpose(1, 2)).mul(V.size(2) ** -0.5),
  },
  {
    step: "attention-dmasked",
    what: "the sum over the row forgotten, only the diagonal of the Jacobian",
    answer: ({ weights, dweights }) => weights.mul(tensor(1).sub(weights)).mul(dweights),
  },
  {
    step: "attention-dmasked",
    what: "the second term forgotten",
    answer: ({ weights, dweights }) => weights.mul(dweights),
  },
  {
    step: "attention-dmasked",
    what: "summed over the queries, not the keys",
    answer: ({ weights, dweights }) => weights.mul(dweights.sub(weights.mul(dweights).sum(1, keepdim))),
  },
  {
    step: "attention-dmasked",
    what: "the sum of dweights without the weights",
    answer: ({ weights, dweights }) => weights.mul(dweights.sub(dweights.sum(2, keepdim))),
  },
  {
    step: "attention-dmasked",
    what: "the weights left out of the second term",
    answer: ({ weights, dweights }) => {
      const weighted = weights.mul(dweights);
      return weighted.sub(weighted.sum(2, keepdim));
    },
  },
  {
    step: "attention-dmasked",
    what: "minus infinity where the mask was",
    answer: ({ masked, weights, dweights }) =>
      throughSoftmax(weights, dweights, 2).add(masked.each((v) => (v === -Infinity ? v : 0))),
  },
  {
    step: "attention-dmasked",
    what: "masked for weights, whose minus infinities become NaN",
    answer: ({ masked, dweights }) => throughSoftmax(masked, dweights, 2),
  },
  {
    step: "attention-dscores",
    what: "the mask forgotten",
    answer: ({ dmasked }) => dmasked.clone(),
  },
  {
    step: "attention-dscores",
    what: "the mask turned round",
    answer: ({ later, dmasked }) => dmasked.mul(later.float()),
  },
  {
    step: "attention-dscores",
    what: "filled with minus infinity, as in the forward pass",
    answer: ({ later, dmasked }) => dmasked.maskedFill(later, -Infinity),
  },
  {
    step: "attention-dscores",
    what: "the transposed mask",
    answer: ({ later, dmasked }) => dmasked.maskedFill(later.T, 0),
  },
  {
    step: "attention-dscores",
    what: "the diagonal masked as well",
    answer: ({ later, dmasked }) => {
      const mask = later.clone();
      for (let i = 0; i < mask.size(0); i++) mask.set(i, i, 1);
      return dmasked.maskedFill(mask, 0);
    },
  },
  {
    step: "attention-dscores",
    what: "scaled by width ** -0.5 with a guessed width, the number of positions",
    answer: ({ later, dmasked }) => dmasked.maskedFill(later, 0).mul(later.size(0) ** -0.5),
  },
  {
    step: "attention-dQ",
    what: "the scale forgotten",
    answer: ({ K, dscores }) => dscores.matmul(K),
  },
  {
    step: "attention-dQ",
    what: "the scale turned round: multiplied by the root of the width",
    answer: ({ K, dscores }) => dscores.matmul(K).mul(K.size(2) ** 0.5),
  },
  {
    step: "attention-dQ",
    what: "divided by the width",
    answer: ({ K, dscores }) => dscores.matmul(K).div(K.size(2)),
  },
  {
    step: "attention-dQ",
    what: "dscores transposed, as for K",
    answer: ({ K, dscores }) =>
      dscores
        .transpose(1, 2)
        .matmul(K)
        .mul(K.size(2) ** -0.5),
  },
  {
    step: "attention-dQ",
    what: "Q for K",
    answer: ({ Q, dscores }) => dscores.matmul(Q).mul(Q.size(2) ** -0.5),
  },
  {
    step: "attention-dQ",
    what: "the root of the number of positions",
    answer: ({ K, dscores }) => dscores.matmul(K).mul(K.size(1) ** -0.5),
  },
  {
    step: "attention-dQ",
    what: "scores for dscores",
    answer: ({ K, scores }) => scores.matmul(K).mul(K.size(2) ** -0.5),
  },
  {
    step: "attention-dK",
    what: "dscores not transposed",
    answer: ({ Q, dscores }) => dscores.matmul(Q).mul(Q.size(2) ** -0.5),
  },
  {
    step: "attention-dK",
    what: "the scale forgotten",
    answer: ({ Q, dscores }) => dscores.transpose(1, 2).matmul(Q),
  },
  {
    step: "attention-dK",
    what: "K for Q",
    answer: ({ K, dscores }) =>
      dscores
        .transpose(1, 2)
        .matmul(K)
        .mul(K.size(2) ** -0.5),
  },
  {
    step: "attention-dK",
    what: "the gradient of K.transpose(1, 2), forced into K's shape",
    answer: ({ K, Q, dscores }) =>
      Q.transpose(1, 2)
        .matmul(dscores)
        .mul(K.size(2) ** -0.5)
        .view(K.shape),
  },
  {
    step: "attention-dK",
    what: "the scale applied twice",
    answer: ({ Q, dscores }) => dscores.transpose(1, 2).matmul(Q).div(Q.size(2)),
  },
  {
    step: "attention-fused-dQ",
    what: "the mask forgotten in the forward pass",
    answer: ({ Q, K, V, dout }) => {
      const weights = scoresOf(Q, K).softmax(2);
      return scaled(throughSoftmax(weights, dout.matmul(V.transpose(1, 2)), 2).matmul(K));
    },
  },
  {
    step: "attention-fused-dQ",
    what: "the scale forgotten in the backward pass",
    answer: ({ Q, K, V, later, dout }) =>
      throughSoftmax(weightsOf(Q, K, later), dout.matmul(V.transpose(1, 2)), 2).matmul(K),
  },
  {
    step: "attention-fused-dQ",
    what: "the scale forgotten in the forward pass",
    answer: ({ Q, K, V, later, dout }) => {
      const weights = Q.matmul(K.transpose(1, 2)).maskedFill(later, -Infinity).softmax(2);
      return scaled(throughSoftmax(weights, dout.matmul(V.transpose(1, 2)), 2).matmul(K));
    },
  },
  {
    step: "attention-fused-dQ",
    what: "softmax's second term forgotten",
    answer: ({ Q, K, V, later, dout }) =>
      scaled(
        weightsOf(Q, K, later)
          .mul(dout.matmul(V.transpose(1, 2)))
          .matmul(K),
      ),
  },
  {
    step: "attention-fused-dQ",
    what: "the scores masked with 0 for minus infinity",
    answer: ({ Q, K, V, later, dout }) => {
      const weights = scoresOf(Q, K).maskedFill(later, 0).softmax(2);
      return scaled(
        throughSoftmax(weights, dout.matmul(V.transpose(1, 2)), 2)
          .maskedFill(later, 0)
          .matmul(K),
      );
    },
  },
  {
    step: "attention-fused-dQ",
    what: "masked after the softmax, so that the rows no longer sum to 1",
    answer: ({ Q, K, V, later, dout }) => {
      const weights = scoresOf(Q, K).softmax(2).maskedFill(later, 0);
      return scaled(throughSoftmax(weights, dout.matmul(V.transpose(1, 2)), 2).matmul(K));
    },
  },
  {
    step: "attention-fused-dQ",
    what: "softmax over the queries",
    answer: ({ Q, K, V, later, dout }) => {
      const weights = scoresOf(Q, K).maskedFill(later, -Infinity).softmax(1);
      return scaled(throughSoftmax(weights, dout.matmul(V.transpose(1, 2)), 1).matmul(K));
    },
  },
  {
    step: "attention-fused-dK",
    what: "dscores not transposed",
    answer: ({ Q, K, V, later, dout }) => scaled(dscoresOf(Q, K, V, later, dout).matmul(Q)),
  },
  {
    step: "attention-fused-dK",
    what: "dQ returned",
    answer: ({ Q, K, V, later, dout }) => scaled(dscoresOf(Q, K, V, later, dout).matmul(K)),
  },
  {
    step: "attention-fused-dK",
    what: "the scale forgotten in the backward pass",
    answer: ({ Q, K, V, later, dout }) => dscoresOf(Q, K, V, later, dout).transpose(1, 2).matmul(Q),
  },
  {
    step: "attention-fused-dK",
    what: "the mask forgotten in the forward pass",
    answer: ({ Q, K, V, dout }) => {
      const weights = scoresOf(Q, K).softmax(2);
      const dscores = throughSoftmax(weights, dout.matmul(V.transpose(1, 2)), 2);
      return scaled(dscores.transpose(1, 2).matmul(Q));
    },
  },
  {
    step: "attention-fused-dK",
    what: "the causal mask the wrong way: each position reads what comes after it",
    answer: ({ Q, K, V, later, dout }) => scaled(dscoresOf(Q, K, V, later.T, dout).transpose(1, 2).matmul(Q)),
  },
  {
    step: "attention-fused-dK",
    what: "softmax's Jacobian by its diagonal alone",
    answer: ({ Q, K, V, later, dout }) => {
      const weights = weightsOf(Q, K, later);
      const dscores = weights.mul(tensor(1).sub(weights)).mul(dout.matmul(V.transpose(1, 2)));
      return scaled(dscores.transpose(1, 2).matmul(Q));
    },
  },

  // ---- several heads
  {
    step: "heads-djoined",
    what: "Wo not transposed but reshaped",
    answer: ({ Wo, dout }) => dout.matmul(Wo.view(Wo.size(1), Wo.size(0))),
  },
  {
    step: "heads-djoined",
    what: "out for dout",
    answer: ({ Wo, out }) => out.matmul(Wo.T),
  },
  {
    step: "heads-djoined",
    what: "multiplied by joined",
    answer: ({ joined, Wo, dout }) => dout.matmul(Wo.T).mul(joined),
  },
  {
    step: "heads-dWo",
    what: "a matrix per sequence, not summed over the batch",
    answer: ({ joined, dout }) => joined.transpose(1, 2).matmul(dout),
  },
  {
    step: "heads-dWo",
    what: "averaged over the batch",
    answer: ({ joined, dout }) => joined.transpose(1, 2).matmul(dout).mean(0),
  },
  {
    step: "heads-dWo",
    what: "the first sequence alone",
    answer: ({ Wo, joined, dout }) => {
      const all = joined.transpose(1, 2).matmul(dout);
      const d = zerosLike(Wo);
      for (let i = 0; i < d.size(0); i++) for (let j = 0; j < d.size(1); j++) d.set(i, j, all.get(0, i, j));
      return d;
    },
  },
  {
    step: "heads-dWo",
    what: "dout.T @ joined, forced into Wo's shape",
    answer: ({ Wo, joined, dout }) => dout.transpose(1, 2).matmul(joined).sum(0).view(Wo.shape),
  },
  {
    step: "heads-dWo",
    what: "divided by the number of positions too",
    answer: ({ joined, dout }) => joined.transpose(1, 2).matmul(dout).sum(0).div(dout.size(1)),
  },
  {
    step: "heads-dmixed",
    what: "one view into the heads, without the transpose",
    answer: ({ mixed, djoined }) => djoined.view(mixed.shape),
  },
  {
    step: "heads-dmixed",
    what: "split with width outside: view(batch, time, width, heads)",
    answer: ({ mixed, djoined }) => {
      const [batch, heads, time, width] = mixed.shape as [number, number, number, number];
      return djoined.view(batch, time, width, heads).transpose(2, 3).transpose(1, 2);
    },
  },
  {
    step: "heads-dmixed",
    what: "left at [batch, time, heads, width]",
    answer: ({ mixed, djoined }) => {
      const [batch, heads, time, width] = mixed.shape as [number, number, number, number];
      return djoined.view(batch, time, heads, width);
    },
  },
  {
    step: "heads-dmixed",
    what: "divided by the number of heads",
    answer: ({ mixed, djoined }) => {
      const [batch, heads, time, width] = mixed.shape as [number, number, number, number];
      return djoined.view(batch, time, heads, width).transpose(1, 2).div(heads);
    },
  },
  {
    step: "heads-dmixed",
    what: "the values of mixed, in place of the gradient",
    answer: ({ mixed }) => mixed.clone(),
  },
  {
    step: "heads-dweights",
    what: "V split by one view, without the transpose",
    answer: ({ V, dmixed }) => dmixed.matmul(V.view(dmixed.shape).transpose(2, 3)),
  },
  {
    step: "heads-dweights",
    what: "the product the other way round: V @ dmixed.T",
    answer: ({ V, dmixed }) => apart(V, dmixed).matmul(dmixed.transpose(2, 3)),
  },
  {
    step: "heads-dweights",
    what: "masked: zero where the weights are zero",
    answer: ({ weights, V, dmixed }) =>
      dmixed.matmul(apart(V, dmixed).transpose(2, 3)).mul(weights.each((v) => (v === 0 ? 0 : 1))),
  },
  {
    step: "heads-dweights",
    what: "divided by the root of the width",
    answer: ({ V, dmixed }) => dmixed.matmul(apart(V, dmixed).transpose(2, 3)).mul(dmixed.size(3) ** -0.5),
  },
  {
    step: "heads-dweights",
    what: "all heads given the sum over the heads",
    answer: ({ weights, V, dmixed }) =>
      dmixed.matmul(apart(V, dmixed).transpose(2, 3)).sum(1, keepdim).expand(weights.shape),
  },
  {
    step: "heads-dV",
    what: "joined by one view, without the transpose back",
    answer: ({ V, weights, dmixed }) => weights.transpose(2, 3).matmul(dmixed).view(V.shape),
  },
  {
    step: "heads-dV",
    what: "the weights not transposed",
    answer: ({ V, weights, dmixed }) => weights.matmul(dmixed).transpose(1, 2).view(V.shape),
  },
  {
    step: "heads-dV",
    what: "left split, [batch, heads, time, width]",
    answer: ({ weights, dmixed }) => weights.transpose(2, 3).matmul(dmixed),
  },
  {
    step: "heads-dV",
    what: "mixed for dmixed",
    answer: ({ V, weights, mixed }) => weights.transpose(2, 3).matmul(mixed).transpose(1, 2).view(V.shape),
  },
  {
    step: "heads-dV",
    what: "the weights averaged over the heads",
    answer: ({ V, weights, dmixed }) =>
      weights.mean(1, keepdim).transpose(2, 3).matmul(dmixed).transpose(1, 2).view(V.shape),
  },

  // ---- embeddings with a tied output layer
  {
    step: "tied-dlogits",
    what: "the mean over the batch alone",
    answer: ({ logits, Yb }) => logits.softmax(2).sub(labelsOf(logits, Yb)).div(logits.size(0)),
  },
  {
    step: "tied-dlogits",
    what: "the mean forgotten",
    answer: ({ logits, Yb }) => logits.softmax(2).sub(labelsOf(logits, Yb)),
  },
  {
    step: "tied-dlogits",
    what: "the label's one forgotten",
    answer: ({ logits, Yb }) => logits.softmax(2).div(Yb.numel()),
  },
  {
    step: "tied-dlogits",
    what: "softmax over the positions",
    answer: ({ logits, Yb }) => logits.softmax(1).sub(labelsOf(logits, Yb)).div(Yb.numel()),
  },
  {
    step: "tied-dlogits",
    what: "label minus probability",
    answer: ({ logits, Yb }) => labelsOf(logits, Yb).sub(logits.softmax(2)).div(Yb.numel()),
  },
  {
    step: "tied-dlogits",
    what: "divided by the vocabulary too",
    answer: ({ logits, Yb }) => logits.softmax(2).sub(labelsOf(logits, Yb)).div(logits.numel()),
  },
  {
    step: "tied-dlogits",
    what: "only the last position of each sequence scored",
    answer: ({ logits, Yb }) => {
      const d = logits.softmax(2).sub(labelsOf(logits, Yb)).div(Yb.numel());
      for (let b = 0; b < d.size(0); b++)
        for (let t = 0; t < d.size(1) - 1; t++) for (let c = 0; c < d.size(2); c++) d.set(b, t, c, 0);
      return d;
    },
  },
  {
    step: "tied-dx",
    what: "C transposed, as in the forward pass, by view",
    answer: ({ C, dlogits }) => dlogits.matmul(C.T.view(C.shape)),
  },
  {
    step: "tied-dx",
    what: "logits for dlogits",
    answer: ({ C, logits }) => logits.matmul(C),
  },
  {
    step: "tied-dx",
    what: "x added, as if there were a residual connection",
    answer: ({ x, C, dlogits }) => dlogits.matmul(C).add(x),
  },
  {
    step: "tied-dx",
    what: "doubled, since the table is used twice",
    answer: ({ C, dlogits }) => dlogits.matmul(C).mul(2),
  },
  {
    step: "tied-dP",
    what: "not summed over the batch",
    answer: ({ dx }) => dx.clone(),
  },
  {
    step: "tied-dP",
    what: "averaged over the batch",
    answer: ({ dx }) => dx.mean(0),
  },
  {
    step: "tied-dP",
    what: "summed over the positions, then repeated",
    answer: ({ P, dx }) => dx.sum([0, 1]).view(1, P.size(1)).expand(P.shape),
  },
  {
    step: "tied-dP",
    what: "summed over the positions instead of the batch, [batch, embd]",
    answer: ({ dx }) => dx.sum(1),
  },
  {
    step: "tied-dP",
    what: "emb multiplied in",
    answer: ({ emb, dx }) => dx.mul(emb).sum(0),
  },
  {
    step: "tied-dP",
    what: "x for dx",
    answer: ({ x }) => x.sum(0),
  },
  {
    step: "tied-dC",
    what: "only the lookup's branch",
    answer: ({ C, Xb, demb }) => lookupGradient(C, Xb, demb),
  },
  {
    step: "tied-dC",
    what: "only the output layer's branch",
    answer: ({ x, dlogits }) => outputGradient(x, dlogits),
  },
  {
    step: "tied-dC",
    what: "rows assigned, not added, where a character is repeated",
    answer: ({ C, Xb, demb, x, dlogits }) => {
      const d = zerosLike(C);
      for (let b = 0; b < Xb.size(0); b++)
        for (let t = 0; t < Xb.size(1); t++)
          for (let k = 0; k < C.size(1); k++) d.set(Xb.get(b, t), k, demb.get(b, t, k));
      return d.add(outputGradient(x, dlogits));
    },
  },
  {
    step: "tied-dC",
    what: "the mean of the two uses",
    answer: ({ C, Xb, demb, x, dlogits }) => lookupGradient(C, Xb, demb).add(outputGradient(x, dlogits)).mul(0.5),
  },
  {
    step: "tied-dC",
    what: "the lookup's branch subtracted",
    answer: ({ C, Xb, demb, x, dlogits }) => outputGradient(x, dlogits).sub(lookupGradient(C, Xb, demb)),
  },
  {
    step: "tied-dC",
    what: "emb for x in the output layer: the positions left out",
    answer: ({ C, Xb, demb, emb, dlogits }) => lookupGradient(C, Xb, demb).add(outputGradient(emb, dlogits)),
  },
  {
    step: "tied-dC",
    what: "emb, the value, looked up backward for demb",
    answer: ({ C, Xb, emb, x, dlogits }) => lookupGradient(C, Xb, emb).add(outputGradient(x, dlogits)),
  },
  {
    step: "tied-dC",
    what: "the output layer's branch averaged over the batch",
    answer: ({ C, Xb, demb, x, dlogits }) => lookupGradient(C, Xb, demb).add(outputGradient(x, dlogits).div(x.size(0))),
  },
  {
    step: "tied-dC",
    what: "the gradient added to C itself",
    answer: ({ C, Xb, demb, x, dlogits }) =>
      C.indexAdd(0, Xb.view(-1), demb.view(-1, C.size(1))).add(outputGradient(x, dlogits)),
  },

  // ---- a transformer block
  {
    step: "block-dact",
    what: "W2 not transposed but reshaped",
    answer: ({ W2, dout }) => dout.matmul(W2.view(W2.size(1), W2.size(0))),
  },
  {
    step: "block-dact",
    what: "res taken off out: the value for the gradient",
    answer: ({ res, W2, out }) => out.sub(res).matmul(W2.T),
  },
  {
    step: "block-dact",
    what: "halved between the residual and the layer",
    answer: ({ W2, dout }) => dout.matmul(W2.T).mul(0.5),
  },
  {
    step: "block-dact",
    what: "multiplied by act",
    answer: ({ act, W2, dout }) => dout.matmul(W2.T).mul(act),
  },
  {
    step: "block-dpre",
    what: "GELU's gate alone",
    answer: ({ pre, dact }) => bentOf(pre).add(1).mul(0.5).mul(dact),
  },
  {
    step: "block-dpre",
    what: "the gate's own term forgotten",
    answer: ({ pre, dact }) => bendSlope(pre).mul(dact),
  },
  {
    step: "block-dpre",
    what: "the 3 of the cube forgotten",
    answer: ({ pre, dact }) => {
      const bent = bentOf(pre);
      const inner = pre.pow(2).mul(0.044715).add(1).mul(ROOT);
      return bent
        .add(1)
        .mul(0.5)
        .add(
          pre
            .mul(0.5)
            .mul(tensor(1).sub(bent.pow(2)))
            .mul(inner),
        )
        .mul(dact);
    },
  },
  {
    step: "block-dpre",
    what: "ReLU's derivative",
    answer: ({ pre, dact }) => dact.mul(pre.each((v) => (v > 0 ? 1 : 0))),
  },
  {
    step: "block-dpre",
    what: "act / pre, which is the gate",
    answer: ({ pre, act, dact }) => act.div(pre).mul(dact),
  },
  {
    step: "block-dpre",
    what: "the root of pi for that of 2 / pi",
    answer: ({ pre, dact }) => {
      const bent = bentOf(pre);
      const inner = pre
        .pow(2)
        .mul(3 * 0.044715)
        .add(1)
        .mul(Math.sqrt(Math.PI));
      return bent
        .add(1)
        .mul(0.5)
        .add(
          pre
            .mul(0.5)
            .mul(tensor(1).sub(bent.pow(2)))
            .mul(inner),
        )
        .mul(dact);
    },
  },
  {
    step: "block-dnorm2",
    what: "W1 not transposed but reshaped",
    answer: ({ W1, dpre }) => dpre.matmul(W1.view(W1.size(1), W1.size(0))),
  },
  {
    step: "block-dnorm2",
    what: "pre for dpre",
    answer: ({ W1, pre }) => pre.matmul(W1.T),
  },
  {
    step: "block-dnorm2",
    what: "multiplied by norm2",
    answer: ({ norm2, W1, dpre }) => dpre.matmul(W1.T).mul(norm2),
  },
  {
    step: "block-dgain2",
    what: "summed over the batch alone",
    answer: ({ raw2, dnorm2 }) => raw2.mul(dnorm2).sum(0),
  },
  {
    step: "block-dgain2",
    what: "averaged over the positions of the batch",
    answer: ({ raw2, dnorm2 }) => raw2.mul(dnorm2).mean([0, 1]),
  },
  {
    step: "block-dgain2",
    what: "norm2 for raw2",
    answer: ({ norm2, dnorm2 }) => norm2.mul(dnorm2).sum([0, 1]),
  },
  {
    step: "block-dgain2",
    what: "raw2 forgotten, as for a bias",
    answer: ({ dnorm2 }) => dnorm2.sum([0, 1]),
  },
  {
    step: "block-dgain2",
    what: "the mean over the batch, the sum over the positions",
    answer: ({ raw2, dnorm2 }) => raw2.mul(dnorm2).sum(1).mean(0),
  },
  {
    step: "block-dres",
    what: "the residual connection forgotten",
    answer: ({ res, raw2, draw2 }) => throughNorm(res, raw2, draw2),
  },
  {
    step: "block-dres",
    what: "only the residual connection",
    answer: ({ dout }) => dout.clone(),
  },
  {
    step: "block-dres",
    what: "draw2 added as it is, not taken through the norm",
    answer: ({ draw2, dout }) => dout.add(draw2),
  },
  {
    step: "block-dres",
    what: "the norm's mean and variance taken as constants",
    answer: ({ res, draw2, dout }) => draw2.mul(inverseOf(res)).add(dout),
  },
  {
    step: "block-dres",
    what: "the variance with Bessel's correction",
    answer: ({ res, raw2, draw2, dout }) =>
      throughNorm(res, raw2, draw2, res.var(2, keepdim).add(1e-5).pow(-0.5)).add(dout),
  },
  {
    step: "block-dres",
    what: "epsilon forgotten",
    answer: ({ res, raw2, draw2, dout }) => throughNorm(res, raw2, draw2, varianceOf(res).pow(-0.5)).add(dout),
  },
  {
    step: "block-dres",
    what: "the residual's gradient sent through the norm as well",
    answer: ({ res, raw2, draw2, dout }) => throughNorm(res, raw2, draw2.add(dout)),
  },
  {
    step: "block-dres",
    what: "epsilon outside the root",
    answer: ({ res, raw2, draw2, dout }) =>
      throughNorm(res, raw2, draw2, varianceOf(res).sqrt().add(1e-5).pow(-1)).add(dout),
  },
  {
    step: "block-dres",
    what: "the variance's term forgotten",
    answer: ({ res, draw2, dout }) => draw2.sub(draw2.mean(2, keepdim)).mul(inverseOf(res)).add(dout),
  },
  {
    step: "block-dmixed",
    what: "dres shared among the heads: divided by their number",
    answer: ({ Wo, dres }) => forHeads(dres).matmul(Wo.transpose(1, 2)).div(Wo.size(0)),
  },
  {
    step: "block-dmixed",
    what: "Wo not transposed but reshaped",
    answer: ({ Wo, dres }) => forHeads(dres).matmul(Wo.view(Wo.size(0), Wo.size(2), Wo.size(1))),
  },
  {
    step: "block-dmixed",
    what: "every head with the first head's matrix",
    answer: ({ mixed, Wo, dres }) => {
      const first = zerosLike(Wo);
      for (let h = 0; h < Wo.size(0); h++)
        for (let i = 0; i < Wo.size(1); i++) for (let j = 0; j < Wo.size(2); j++) first.set(h, i, j, Wo.get(0, i, j));
      return forHeads(dres).matmul(first.transpose(1, 2)).view(mixed.shape);
    },
  },
  {
    step: "block-dmixed",
    what: "summed over the heads",
    answer: ({ mixed, Wo, dres }) => forHeads(dres).matmul(Wo.transpose(1, 2)).sum(1, keepdim).expand(mixed.shape),
  },
  {
    step: "block-dWo",
    what: "not summed over the batch",
    answer: ({ mixed, dres }) => mixed.transpose(2, 3).matmul(forHeads(dres)),
  },
  {
    step: "block-dWo",
    what: "averaged over the batch",
    answer: ({ mixed, dres }) => mixed.transpose(2, 3).matmul(forHeads(dres)).mean(0),
  },
  {
    step: "block-dWo",
    what: "res for dres",
    answer: ({ mixed, res }) => mixed.transpose(2, 3).matmul(forHeads(res)).sum(0),
  },
  {
    step: "block-dWo",
    what: "the attention's output without x taken off res, in place of dres",
    answer: ({ mixed, x, res }) =>
      mixed
        .transpose(2, 3)
        .matmul(forHeads(res.sub(x)))
        .sum(0),
  },
  {
    step: "block-dWo",
    what: "the sum over the heads for each head",
    answer: ({ Wo, mixed, dres }) =>
      mixed.transpose(2, 3).matmul(forHeads(dres)).sum([0, 1]).view(1, Wo.size(1), Wo.size(2)).expand(Wo.shape),
  },
  {
    step: "block-dV",
    what: "the weights not transposed",
    answer: ({ weights, dmixed }) => weights.matmul(dmixed),
  },
  {
    step: "block-dV",
    what: "mixed for dmixed",
    answer: ({ weights, mixed }) => weights.transpose(2, 3).matmul(mixed),
  },
  {
    step: "block-dV",
    what: "dimensions 1 and 3 swapped for 2 and 3: summed over the heads by mistake",
    answer: ({ V, weights, dmixed }) => weights.transpose(2, 3).matmul(dmixed).sum(1, keepdim).expand(V.shape),
  },
  {
    step: "block-dV",
    what: "averaged over the positions that read",
    answer: ({ weights, dmixed }) => weights.transpose(2, 3).matmul(dmixed).div(weights.size(2)),
  },
  {
    step: "block-dQ",
    what: "the scale forgotten",
    answer: ({ K, weights, dweights }) => throughSoftmax(weights, dweights, 3).matmul(K),
  },
  {
    step: "block-dQ",
    what: "the root of all heads' width together",
    answer: ({ K, weights, dweights }) =>
      throughSoftmax(weights, dweights, 3)
        .matmul(K)
        .mul((K.size(1) * K.size(3)) ** -0.5),
  },
  {
    step: "block-dQ",
    what: "softmax's second term forgotten",
    answer: ({ K, weights, dweights }) =>
      weights
        .mul(dweights)
        .matmul(K)
        .mul(K.size(3) ** -0.5),
  },
  {
    step: "block-dQ",
    what: "softmax skipped: dweights masked and multiplied by K",
    answer: ({ K, later, dweights }) =>
      dweights
        .maskedFill(later, 0)
        .matmul(K)
        .mul(K.size(3) ** -0.5),
  },
  {
    step: "block-dQ",
    what: "dK: transposed, with Q",
    answer: ({ Q, weights, dweights }) =>
      throughSoftmax(weights, dweights, 3)
        .transpose(2, 3)
        .matmul(Q)
        .mul(Q.size(3) ** -0.5),
  },
  {
    step: "block-dQ",
    what: "the row's sum taken over the queries",
    answer: ({ K, weights, dweights }) =>
      throughSoftmax(weights, dweights, 2)
        .matmul(K)
        .mul(K.size(3) ** -0.5),
  },
  {
    step: "block-dnorm1",
    what: "the keys' branch forgotten",
    answer: ({ Wq, dQ, Wv, dV }) =>
      dQ
        .matmul(Wq.transpose(1, 2))
        .add(dV.matmul(Wv.transpose(1, 2)))
        .sum(1),
  },
  {
    step: "block-dnorm1",
    what: "the values' branch forgotten",
    answer: ({ Wq, dQ, Wk, dK }) =>
      dQ
        .matmul(Wq.transpose(1, 2))
        .add(dK.matmul(Wk.transpose(1, 2)))
        .sum(1),
  },
  {
    step: "block-dnorm1",
    what: "the mean over the heads",
    answer: ({ Wq, dQ, Wk, dK, Wv, dV }) => allBranches(Wq, dQ, Wk, dK, Wv, dV).mean(1),
  },
  {
    step: "block-dnorm1",
    what: "not summed over the heads",
    answer: ({ Wq, dQ, Wk, dK, Wv, dV }) => allBranches(Wq, dQ, Wk, dK, Wv, dV),
  },
  {
    step: "block-dnorm1",
    what: "a third of the sum of three branches",
    answer: ({ Wq, dQ, Wk, dK, Wv, dV }) => allBranches(Wq, dQ, Wk, dK, Wv, dV).sum(1).div(3),
  },
  {
    step: "block-dnorm1",
    what: "the matrices of queries and keys mixed up",
    answer: ({ Wq, dQ, Wk, dK, Wv, dV }) => allBranches(Wk, dQ, Wq, dK, Wv, dV).sum(1),
  },
  {
    step: "block-dnorm1",
    what: "one matrix for all: the gradients added before the product",
    answer: ({ Wq, dQ, dK, dV }) => dQ.add(dK).add(dV).matmul(Wq.transpose(1, 2)).sum(1),
  },
  {
    step: "block-dnorm1",
    what: "V, the value, for dV",
    answer: ({ Wq, dQ, Wk, dK, Wv, V }) => allBranches(Wq, dQ, Wk, dK, Wv, V).sum(1),
  },
  {
    step: "block-dWq",
    what: "not summed over the batch",
    answer: ({ norm1, dQ }) => forHeads(norm1).transpose(2, 3).matmul(dQ),
  },
  {
    step: "block-dWq",
    what: "averaged over the batch",
    answer: ({ norm1, dQ }) => forHeads(norm1).transpose(2, 3).matmul(dQ).mean(0),
  },
  {
    step: "block-dWq",
    what: "Q for dQ",
    answer: ({ norm1, Q }) => forHeads(norm1).transpose(2, 3).matmul(Q).sum(0),
  },
  {
    step: "block-dWq",
    what: "the same gradient for every head: the heads summed",
    answer: ({ Wq, norm1, dQ }) =>
      forHeads(norm1).transpose(2, 3).matmul(dQ).sum([0, 1]).view(1, Wq.size(1), Wq.size(2)).expand(Wq.shape),
  },
  {
    step: "block-dWq",
    what: "the scale of the scores once more",
    answer: ({ norm1, dQ }) =>
      forHeads(norm1)
        .transpose(2, 3)
        .matmul(dQ)
        .sum(0)
        .mul(dQ.size(3) ** -0.5),
  },
  {
    step: "block-dx",
    what: "the residual connection forgotten",
    answer: ({ x, raw1, draw1 }) => throughNorm(x, raw1, draw1),
  },
  {
    step: "block-dx",
    what: "only the residual connection",
    answer: ({ dres }) => dres.clone(),
  },
  {
    step: "block-dx",
    what: "the norm's inverse root of res",
    answer: ({ x, raw1, draw1, res, dres }) => throughNorm(x, raw1, draw1, inverseOf(res)).add(dres),
  },
  {
    step: "block-dx",
    what: "the mean's term forgotten",
    answer: ({ x, raw1, draw1, dres }) =>
      draw1
        .sub(raw1.mul(draw1.mul(raw1).mean(2, keepdim)))
        .mul(inverseOf(x))
        .add(dres),
  },
  {
    step: "block-dx",
    what: "the variance's term with the sum for the mean",
    answer: ({ x, raw1, draw1, dres }) =>
      draw1
        .sub(draw1.mean(2, keepdim))
        .sub(raw1.mul(draw1.mul(raw1).sum(2, keepdim)))
        .mul(inverseOf(x))
        .add(dres),
  },
  {
    step: "block-dx",
    what: "the means over the positions, not the features",
    answer: ({ x, raw1, draw1, dres }) =>
      draw1
        .sub(draw1.mean(1, keepdim))
        .sub(raw1.mul(draw1.mul(raw1).mean(1, keepdim)))
        .mul(inverseOf(x))
        .add(dres),
  },
  {
    step: "block-dx",
    what: "the inverse root forgotten",
    answer: ({ raw1, draw1, dres }) =>
      draw1
        .sub(draw1.mean(2, keepdim))
        .sub(raw1.mul(draw1.mul(raw1).mean(2, keepdim)))
        .add(dres),
  },
  {
    step: "block-dx",
    what: "the residual's branch through Wo as well, for the attention's part of it",
    answer: ({ x, raw1, draw1, Wo, dres }) =>
      throughNorm(x, raw1, draw1)
        .add(dres)
        .add(forHeads(dres).matmul(Wo.transpose(1, 2)).matmul(Wo).sum(1)),
  },
  ...wholeBlock(),
];

type Slips = Partial<
  Record<
    | "firstResidual"
    | "secondResidual"
    | "gain1"
    | "gain2"
    | "values"
    | "keys"
    | "scale"
    | "mask"
    | "gelu"
    | "jacobian"
    | "bessel"
    | "epsilon"
    | "headsMean",
    true
  >
>;

/** The whole block at once, with one slip each. */
function wholeBlock(): { step: FunctionStepId; what: string; answer: (given: Given) => Tensor }[] {
  const slips: [string, Slips][] = [
    ["the first residual connection forgotten", { firstResidual: true }],
    ["the second residual connection forgotten", { secondResidual: true }],
    ["the first gain forgotten in the backward pass", { gain1: true }],
    ["the second gain forgotten in the backward pass", { gain2: true }],
    ["the values' branch forgotten", { values: true }],
    ["the keys' branch forgotten", { keys: true }],
    ["the scale of the scores forgotten in the backward pass", { scale: true }],
    ["the mask forgotten", { mask: true }],
    ["GELU's derivative by its gate alone", { gelu: true }],
    ["softmax's second term forgotten", { jacobian: true }],
    ["the variances with Bessel's correction", { bessel: true }],
    ["an epsilon of 1e-6", { epsilon: true }],
    ["the mean over the heads in front of the first norm", { headsMean: true }],
  ];
  return slips.map(([what, slip]) => ({ step: "block-fused-dx", what, answer: (given) => blockGradient(given, slip) }));
}

function blockGradient({ x, gain1, Wq, Wk, Wv, Wo, gain2, W1, W2, later, dout }: Given, slip: Slips): Tensor {
  const inverse = (row: Tensor): Tensor =>
    (slip.bessel ? row.var(2, keepdim) : varianceOf(row)).add(slip.epsilon ? 1e-6 : 1e-5).pow(-0.5);
  const raw1 = x.sub(x.mean(2, keepdim)).mul(inverse(x));
  const norm1 = forHeads(raw1.mul(gain1));
  const [Q, K, V] = [norm1.matmul(Wq), norm1.matmul(Wk), norm1.matmul(Wv)];
  const scale = K.size(3) ** -0.5;
  const scores = Q.matmul(K.transpose(2, 3)).mul(scale);
  const weights = (slip.mask ? scores : scores.maskedFill(later, -Infinity)).softmax(3);
  const res = x.add(weights.matmul(V).matmul(Wo).sum(1));
  const raw2 = res.sub(res.mean(2, keepdim)).mul(inverse(res));
  const pre = raw2.mul(gain2).matmul(W1);

  const gate = bentOf(pre).add(1).mul(0.5);
  const dpre = dout.matmul(W2.T).mul(slip.gelu ? gate : gate.add(bendSlope(pre)));
  const dnorm2 = dpre.matmul(W1.T);
  const dres2 = throughNorm(res, raw2, slip.gain2 ? dnorm2 : dnorm2.mul(gain2), inverse(res));
  const dres = slip.secondResidual ? dres2 : dres2.add(dout);
  const dmixed = forHeads(dres).matmul(Wo.transpose(1, 2));
  const dV = weights.transpose(2, 3).matmul(dmixed);
  const dweights = dmixed.matmul(V.transpose(2, 3));
  const dmasked = slip.jacobian ? weights.mul(dweights) : throughSoftmax(weights, dweights, 3);
  const dscores = slip.scale ? dmasked : dmasked.mul(scale);
  const branches = [
    dscores.matmul(K).matmul(Wq.transpose(1, 2)),
    ...(slip.keys ? [] : [dscores.transpose(2, 3).matmul(Q).matmul(Wk.transpose(1, 2))]),
    ...(slip.values ? [] : [dV.matmul(Wv.transpose(1, 2))]),
  ].reduce((sum, branch) => sum.add(branch));
  const dnorm1 = slip.headsMean ? branches.mean(1) : branches.sum(1);
  const dx = throughNorm(x, raw1, slip.gain1 ? dnorm1 : dnorm1.mul(gain1), inverse(x));
  return slip.firstResidual ? dx : dx.add(dres);
}

const ROOT = Math.sqrt(2 / Math.PI);

function throughSoftmax(weights: Tensor, above: Tensor, dim: number): Tensor {
  return weights.mul(above.sub(weights.mul(above).sum(dim, keepdim)));
}

function diagonalOf(weights: Tensor): Tensor {
  const d = weights.sum(2, keepdim);
  for (let b = 0; b < d.size(0); b++) for (let t = 0; t < d.size(1); t++) d.set(b, t, 0, weights.get(b, t, t));
  return d;
}

function scaled(d: Tensor): Tensor {
  return d.mul(d.size(2) ** -0.5);
}

function scoresOf(Q: Tensor, K: Tensor): Tensor {
  return scaled(Q).matmul(K.transpose(1, 2));
}

function weightsOf(Q: Tensor, K: Tensor, later: Tensor): Tensor {
  return scoresOf(Q, K).maskedFill(later, -Infinity).softmax(2);
}

function dscoresOf(Q: Tensor, K: Tensor, V: Tensor, later: Tensor, dout: Tensor): Tensor {
  return throughSoftmax(weightsOf(Q, K, later), dout.matmul(V.transpose(1, 2)), 2);
}

/** [batch, time, heads*width] as a head each, of the shape of another tensor. */
function apart(V: Tensor, like: Tensor): Tensor {
  const [batch, heads, time, width] = like.shape as [number, number, number, number];
  return V.view(batch, time, heads, width).transpose(1, 2);
}

/** [batch, time, embd] for all heads: [batch, 1, time, embd]. */
function forHeads(x: Tensor): Tensor {
  return x.view(x.size(0), 1, x.size(1), x.size(2));
}

function labelsOf(logits: Tensor, Yb: Tensor): Tensor {
  return oneHot(Yb.view(-1), logits.size(2)).view(logits.shape);
}

function lookupGradient(C: Tensor, Xb: Tensor, demb: Tensor): Tensor {
  return zerosLike(C).indexAdd(0, Xb.view(-1), demb.view(-1, C.size(1)));
}

function outputGradient(x: Tensor, dlogits: Tensor): Tensor {
  return dlogits.transpose(1, 2).matmul(x).sum(0);
}

function bentOf(pre: Tensor): Tensor {
  return pre.pow(3).mul(0.044715).add(pre).mul(ROOT).tanh();
}

/** What the bend of the gate adds to GELU's derivative. */
function bendSlope(pre: Tensor): Tensor {
  const inner = pre
    .pow(2)
    .mul(3 * 0.044715)
    .add(1)
    .mul(ROOT);
  return pre
    .mul(0.5)
    .mul(tensor(1).sub(bentOf(pre).pow(2)))
    .mul(inner);
}

function varianceOf(x: Tensor): Tensor {
  return x.sub(x.mean(2, keepdim)).pow(2).mean(2, keepdim);
}

function inverseOf(x: Tensor): Tensor {
  return varianceOf(x).add(1e-5).pow(-0.5);
}

/** Through a layer norm of x. */
function throughNorm(x: Tensor, raw: Tensor, above: Tensor, inverse = inverseOf(x)): Tensor {
  return above
    .sub(above.mean(2, keepdim))
    .sub(raw.mul(above.mul(raw).mean(2, keepdim)))
    .mul(inverse);
}

function allBranches(Wq: Tensor, dQ: Tensor, Wk: Tensor, dK: Tensor, Wv: Tensor, dV: Tensor): Tensor {
  return [dQ.matmul(Wq.transpose(1, 2)), dK.matmul(Wk.transpose(1, 2)), dV.matmul(Wv.transpose(1, 2))].reduce(
    (sum, branch) => sum.add(branch),
  );
}
