/** A learner's wrong answers, as the bodies of functions of `given`, by step. */
export interface WrongTree {
  learner: string;
  bodies: Record<string, string>;
}

/** Ten learners, each with one habit. */
export const wrongTrees: readonly WrongTree[] = [
  {
    learner: "forgets that broadcasting copies",
    bodies: {
      dcounts_sum_inv: "return given.counts.mul(given.dprobs);",
      dlogit_maxes: "return given.dnorm_logits.neg();",
      dbngain: "return given.bnraw.mul(given.dhpreact);",
      db1: "return given.dhprebn;",
    },
  },
  {
    learner: "forgets keepdim",
    bodies: {
      dcounts_sum_inv: "return given.counts.mul(given.dprobs).sum(1);",
      dlogit_maxes: "return given.dnorm_logits.sum(1).neg();",
      dbnbias: "return given.dhpreact.sum(0);",
      dbngain: "return given.hpreact.mul(given.dhpreact).sum(0);",
    },
  },
  {
    learner: "takes means for sums",
    bodies: {
      dlogprobs: "return oneHot(given.Yb, given.logprobs.size(1)).div(-given.logprobs.numel());",
      dcounts: "return given.counts_sum_inv.mul(given.dprobs).add(given.dcounts_sum.div(given.dprobs.size(1)));",
      db2: "return given.dlogits.mean(0);",
      dbndiff2: "return onesLike(given.bndiff2).div(given.bndiff2.size(0)).mul(given.dbnvar);",
    },
  },
  {
    learner: "loses signs",
    bodies: {
      dlogprobs: "return oneHot(given.Yb, given.logprobs.size(1)).div(given.Yb.size(0));",
      dcounts_sum: "return given.counts_sum.pow(-2).mul(given.dcounts_sum_inv);",
      dbnmeani: "return given.dbndiff.sum(0, keepdim);",
      dbnvar: "return given.bnvar.add(1e-5).pow(-1.5).mul(0.5).mul(given.dbnvar_inv);",
    },
  },
  {
    learner: "takes values for gradients",
    bodies: {
      dprobs: "return given.probs.pow(-1);",
      dh: "return given.logits.matmul(given.W2.T);",
      dW1: "return given.embcat.T.matmul(given.hprebn);",
      demb: "return given.embcat.view(given.emb.shape);",
    },
  },
  {
    learner: "transposes by guess",
    bodies: {
      dh: "return given.dlogits.matmul(given.W2);",
      dW2: "return given.h.view(given.h.size(1), -1).matmul(given.dlogits);",
      dembcat: "return given.W1.matmul(given.dhprebn.T);",
      demb: "return given.dembcat.view(given.emb.size(0), given.emb.size(2), given.emb.size(1));",
    },
  },
  {
    learner: "sees one branch of two",
    bodies: {
      dcounts: "return given.counts_sum_inv.mul(given.dprobs);",
      dlogits: "return given.dnorm_logits;",
      dbndiff: "return given.bndiff.mul(2).mul(given.dbndiff2);",
      dhprebn: "return given.dbndiff.sub(given.dbndiff.mean(0, keepdim));",
    },
  },
  {
    learner: "writes loops that are off by one",
    bodies: {
      dlogprobs: `const d = zerosLike(given.logprobs);
  for (let i = 0; i < given.Yb.size(0) - 1; i++) d.set(i, given.Yb.get(i), -1 / given.Yb.size(0));
  return d;`,
      db2: `const d = zerosLike(given.b2);
  for (let i = 1; i < given.dlogits.size(0); i++)
    for (let j = 0; j < d.size(0); j++) d.set(j, d.get(j) + given.dlogits.get(i, j));
  return d;`,
      demb: `const d = zerosLike(given.emb);
  const [n, block, embd] = d.shape;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < block; j++)
      for (let k = 0; k < embd; k++) d.set(i, j, k, given.dembcat.get(i, k * block + j));
  return d;`,
      dC: `const d = zerosLike(given.C);
  for (let i = 0; i < given.Xb.size(0); i++)
    for (let j = 0; j < given.Xb.size(1); j++)
      for (let k = 0; k < d.size(1); k++) d.set(given.Xb.get(i, j), k, given.demb.get(i, j, k));
  return d;`,
    },
  },
  {
    learner: "knows batchnorm from elsewhere",
    bodies: {
      dbnvar: "return given.bnvar.add(1e-3).pow(-1.5).mul(-0.5).mul(given.dbnvar_inv);",
      dbndiff2: "return onesLike(given.bndiff2).div(32).mul(given.dbnvar);",
      "fused-dhprebn": `const { bngain, bnvar_inv, bnraw, dhpreact } = given;
  const n = bnraw.size(0);
  const sums = dhpreact.sum(0, keepdim).add(bnraw.mul(dhpreact.mul(bnraw).sum(0, keepdim)));
  return bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(sums));`,
      "fused-dlogits":
        "return given.logits.softmax(0).sub(oneHot(given.Yb, given.logits.size(1))).div(given.Yb.size(0));",
    },
  },
  {
    learner: "has ideas of their own",
    bodies: {
      dprobs: "return given.dlogprobs.div(given.probs.add(1e-5));",
      dnorm_logits: "return given.counts.mul(given.dcounts.sub(given.dcounts.mul(given.counts).sum(1, keepdim)));",
      dhpreact: "return given.h.pow(2).mul(given.dh).neg().add(1);",
      dcounts: "return given.counts_sum_inv.mul(given.dprobs).neg().add(given.dcounts_sum.mul(given.counts));",
      dW2: "return given.h.T.matmul(given.dlogits).add(given.W2.mul(0.1));",
    },
  },
];
