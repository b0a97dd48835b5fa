import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
import type { FunctionStepId, GivenName } from "../../../grader/course/steps.ts";

type Given = Readonly<Record<GivenName<FunctionStepId>, Tensor>>;
type Entry = { step: FunctionStepId; what: string; answer: (given: Given) => Tensor };

const beta1 = 0.9;
const beta2 = 0.999;
const eps = 1e-8;
const decay = 0.01;

/** A step of AdamW with some of its parts replaced. */
interface Adam {
  m?: (given: Given) => Tensor;
  v?: (given: Given) => Tensor;
  a?: (m: Tensor, t: number) => Tensor;
  b?: (v: Tensor, t: number) => Tensor;
  direction?: (a: Tensor, b: Tensor) => Tensor;
  last?: (p: Tensor, direction: Tensor, rate: number) => Tensor;
}

function adam(changed: Adam): Entry["answer"] {
  const parts: Required<Adam> = {
    m: ({ m, G }) => m.mul(beta1).add(G.mul(1 - beta1)),
    v: ({ v, G }) => v.mul(beta2).add(G.pow(2).mul(1 - beta2)),
    a: (m, t) => m.div(1 - beta1 ** t),
    b: (v, t) => v.div(1 - beta2 ** t),
    direction: (a, b) => a.div(b.sqrt().add(eps)),
    last: (p, direction, rate) => p.mul(1 - rate * decay).sub(direction.mul(rate)),
    ...changed,
  };
  return (given) => {
    const t = given.t.item();
    const direction = parts.direction(parts.a(parts.m(given), t), parts.b(parts.v(given), t));
    return parts.last(given.p, direction, given.learningRate.item());
  };
}

/** The end of the network with some of its parts replaced. */
interface End {
  dlogits?: (given: Given) => Tensor;
  dln?: (given: Given, dlogits: Tensor) => Tensor;
  du?: (given: Given, dln: Tensor) => Tensor;
  norm?: (u: Tensor, raw: Tensor, inv: Tensor) => Tensor;
}

function marksOf({ Yb, probs }: Given): Tensor {
  return oneHot(Yb.view(-1), probs.size(2)).view(...probs.shape);
}

function norm(u: Tensor, raw: Tensor, inv: Tensor): Tensor {
  return u
    .sub(u.mean(-1, keepdim))
    .sub(raw.mul(u.mul(raw).mean(-1, keepdim)))
    .mul(inv);
}

function end(changed: End): Entry["answer"] {
  const parts: Required<End> = {
    dlogits: (given) => given.probs.sub(marksOf(given)).div(given.Yb.numel()),
    dln: ({ Wl }, dlogits) => dlogits.matmul(Wl.T),
    du: ({ gain }, dln) => dln.mul(gain),
    norm,
    ...changed,
  };
  return (given) => parts.norm(parts.du(given, parts.dln(given, parts.dlogits(given))), given.raw, given.inv);
}

/** The second half of a block with some of its parts replaced. */
interface Half {
  dh?: (given: Given) => Tensor;
  dpre?: (given: Given, dh: Tensor) => Tensor;
  dln?: (given: Given, dpre: Tensor) => Tensor;
  du?: (given: Given, dln: Tensor) => Tensor;
  norm?: (u: Tensor, raw: Tensor, inv: Tensor) => Tensor;
  sum?: (given: Given, through: Tensor) => Tensor;
}

function half(changed: Half): Entry["answer"] {
  const parts: Required<Half> = {
    dh: ({ dx_1, W2_0 }) => dx_1.matmul(W2_0.T),
    dpre: ({ h_0 }, dh) => dh.mul(tensor(1).sub(h_0.pow(2))),
    dln: ({ W1_0 }, dpre) => dpre.matmul(W1_0.T),
    du: ({ gain2_0 }, dln) => dln.mul(gain2_0),
    norm,
    sum: ({ dx_1 }, through) => dx_1.add(through),
    ...changed,
  };
  return (given) => {
    const u = parts.du(given, parts.dln(given, parts.dpre(given, parts.dh(given))));
    return parts.sum(given, parts.norm(u, given.raw2_0, given.inv2_0));
  };
}

/** Attention with some of its parts replaced. */
interface Attention {
  split?: (x: Tensor, like: Tensor) => Tensor;
  join?: (x: Tensor, like: Tensor) => Tensor;
  dweights?: (given: Given, dmixed: Tensor) => Tensor;
  dv?: (given: Given, dmixed: Tensor) => Tensor;
  dscores?: (given: Given, dweights: Tensor) => Tensor;
  scale?: (given: Given) => number;
  dq?: (given: Given, dscores: Tensor) => Tensor;
  dk?: (given: Given, dscores: Tensor) => Tensor;
  back?: (d: Tensor, W: Tensor) => Tensor;
  sum?: (dq: Tensor, dk: Tensor, dv: Tensor) => Tensor;
}

function attention(changed: Attention): Entry["answer"] {
  const parts: Required<Attention> = {
    split: (x, like) => {
      const [batch, heads, time, head] = like.shape as [number, number, number, number];
      return x.view(batch, time, heads, head).transpose(1, 2);
    },
    join: (x, like) => x.transpose(1, 2).view(...like.shape),
    dweights: ({ v_0 }, dmixed) => dmixed.matmul(v_0.transpose(2, 3)),
    dv: ({ weights_0 }, dmixed) => weights_0.transpose(2, 3).matmul(dmixed),
    dscores: ({ weights_0 }, dweights) => weights_0.mul(dweights.sub(weights_0.mul(dweights).sum(-1, keepdim))),
    scale: ({ q_0 }) => q_0.size(3) ** -0.5,
    dq: ({ k_0 }, dscores) => dscores.matmul(k_0),
    dk: ({ q_0 }, dscores) => dscores.transpose(2, 3).matmul(q_0),
    back: (d, W) => d.matmul(W.T),
    sum: (dq, dk, dv) => dq.add(dk).add(dv),
    ...changed,
  };
  return (given) => {
    const { dmixed_0, q_0, Wq_0, Wk_0, Wv_0 } = given;
    const dmixed = parts.split(dmixed_0, q_0);
    const dscores = parts.dscores(given, parts.dweights(given, dmixed)).mul(parts.scale(given));
    const out = (d: Tensor, W: Tensor): Tensor => parts.back(parts.join(d, dmixed_0), W);
    return parts.sum(
      out(parts.dq(given, dscores), Wq_0),
      out(parts.dk(given, dscores), Wk_0),
      out(parts.dv(given, dmixed), Wv_0),
    );
  };
}

/** Wrong answers to the steps of part 8, by somebody who had read the exercises and the lesson, and nothing else. */
export const heldBack: Entry[] = [
  // ---- 1. clipped
  {
    step: "clipped",
    what: "the norm of G alone",
    answer: ({ G, most }) => G.mul(Math.min(1, most.item() / Math.sqrt(G.pow(2).sum().item()))),
  },
  {
    step: "clipped",
    what: "always scaled, short gradients made longer",
    answer: ({ G, g, most }) => G.mul(most.item() / Math.sqrt(G.pow(2).sum().item() + g.pow(2).sum().item())),
  },
  {
    step: "clipped",
    what: "each entry clamped",
    answer: ({ G, most }) => G.clamp(-most.item(), most.item()),
  },
  {
    step: "clipped",
    what: "no root: divided by the sum of squares",
    answer: ({ G, g, most }) => G.mul(Math.min(1, most.item() / (G.pow(2).sum().item() + g.pow(2).sum().item()))),
  },
  {
    step: "clipped",
    what: "the norms are added, instead of their squares",
    answer: ({ G, g, most }) => {
      const N = Math.sqrt(G.pow(2).sum().item()) + Math.sqrt(g.pow(2).sum().item());
      return G.mul(Math.min(1, most.item() / N));
    },
  },
  {
    step: "clipped",
    what: "the quotient the other way round",
    answer: ({ G, g, most }) => {
      const N = Math.sqrt(G.pow(2).sum().item() + g.pow(2).sum().item());
      return G.mul(Math.min(1, N / most.item()));
    },
  },
  {
    step: "clipped",
    what: "scaled to the norm 1, whatever the limit is",
    answer: ({ G, g, most }) => {
      const N = Math.sqrt(G.pow(2).sum().item() + g.pow(2).sum().item());
      return N > most.item() ? G.div(N) : G;
    },
  },
  {
    step: "clipped",
    what: "max for min",
    answer: ({ G, g, most }) => {
      const N = Math.sqrt(G.pow(2).sum().item() + g.pow(2).sum().item());
      return G.mul(Math.max(1, most.item() / N));
    },
  },
  {
    step: "clipped",
    what: "the root of the mean of squares",
    answer: ({ G, g, most }) => {
      const N = Math.sqrt((G.pow(2).sum().item() + g.pow(2).sum().item()) / (G.numel() + g.numel()));
      return G.mul(Math.min(1, most.item() / N));
    },
  },

  // ---- 2. squares
  { step: "squares", what: "the weights swapped", answer: ({ v, G }) => v.mul(1 - beta2).add(G.pow(2).mul(beta2)) },
  { step: "squares", what: "G is not squared", answer: ({ v, G }) => v.mul(beta2).add(G.mul(1 - beta2)) },
  { step: "squares", what: "the new square has the weight 1", answer: ({ v, G }) => v.mul(beta2).add(G.pow(2)) },
  { step: "squares", what: "beta1 for beta2", answer: ({ v, G }) => v.mul(beta1).add(G.pow(2).mul(1 - beta1)) },
  {
    step: "squares",
    what: "the square of the weighted gradient",
    answer: ({ v, G }) => v.mul(beta2).add(G.mul(1 - beta2).pow(2)),
  },
  { step: "squares", what: "v keeps all of its weight", answer: ({ v, G }) => v.add(G.pow(2).mul(1 - beta2)) },
  {
    step: "squares",
    what: "v is squared as well",
    answer: ({ v, G }) =>
      v
        .pow(2)
        .mul(beta2)
        .add(G.pow(2).mul(1 - beta2)),
  },
  { step: "squares", what: "beta2 is 0.99", answer: ({ v, G }) => v.mul(0.99).add(G.pow(2).mul(0.01)) },
  {
    step: "squares",
    what: "the root is taken here",
    answer: ({ v, G }) =>
      v
        .mul(beta2)
        .add(G.pow(2).mul(1 - beta2))
        .sqrt(),
  },

  // ---- 3. direction
  { step: "direction", what: "no correction", answer: ({ m, v }) => m.div(v.sqrt().add(eps)) },
  {
    step: "direction",
    what: "only m is corrected",
    answer: ({ m, v, t }) => m.div(1 - beta1 ** t.item()).div(v.sqrt().add(eps)),
  },
  {
    step: "direction",
    what: "only v is corrected",
    answer: ({ m, v, t }) =>
      m.div(
        v
          .div(1 - beta2 ** t.item())
          .sqrt()
          .add(eps),
      ),
  },
  {
    step: "direction",
    what: "no root",
    answer: ({ m, v, t }) => m.div(1 - beta1 ** t.item()).div(v.div(1 - beta2 ** t.item()).add(eps)),
  },
  {
    step: "direction",
    what: "epsilon inside the root",
    answer: ({ m, v, t }) =>
      m.div(1 - beta1 ** t.item()).div(
        v
          .div(1 - beta2 ** t.item())
          .add(eps)
          .sqrt(),
      ),
  },
  {
    step: "direction",
    what: "no epsilon",
    answer: ({ m, v, t }) => m.div(1 - beta1 ** t.item()).div(v.div(1 - beta2 ** t.item()).sqrt()),
  },
  {
    step: "direction",
    what: "the betas swapped",
    answer: ({ m, v, t }) =>
      m.div(1 - beta2 ** t.item()).div(
        v
          .div(1 - beta1 ** t.item())
          .sqrt()
          .add(eps),
      ),
  },
  {
    step: "direction",
    what: "t counts from zero: one more",
    answer: ({ m, v, t }) =>
      m.div(1 - beta1 ** (t.item() + 1)).div(
        v
          .div(1 - beta2 ** (t.item() + 1))
          .sqrt()
          .add(eps),
      ),
  },
  {
    step: "direction",
    what: "corrected without the power",
    answer: ({ m, v }) =>
      m.div(1 - beta1).div(
        v
          .div(1 - beta2)
          .sqrt()
          .add(eps),
      ),
  },
  {
    step: "direction",
    what: "multiplied by the weights instead of divided",
    answer: ({ m, v, t }) =>
      m.mul(1 - beta1 ** t.item()).div(
        v
          .mul(1 - beta2 ** t.item())
          .sqrt()
          .add(eps),
      ),
  },
  {
    step: "direction",
    what: "v is corrected after its root",
    answer: ({ m, v, t }) =>
      m.div(1 - beta1 ** t.item()).div(
        v
          .sqrt()
          .div(1 - beta2 ** t.item())
          .add(eps),
      ),
  },

  // ---- 4. updated
  { step: "updated", what: "no decay", answer: adam({ last: (p, d, rate) => p.sub(d.mul(rate)) }) },
  {
    step: "updated",
    what: "the decay without the learning rate",
    answer: adam({ last: (p, d, rate) => p.mul(1 - decay).sub(d.mul(rate)) }),
  },
  {
    step: "updated",
    what: "the penalty in the gradient, as Adam with a penalty has it",
    answer: (given) =>
      adam({ last: (p, d, rate) => p.sub(d.mul(rate)) })({ ...given, G: given.G.add(given.p.mul(decay)) }),
  },
  {
    step: "updated",
    what: "the decay after the step, of the moved parameter",
    answer: adam({ last: (p, d, rate) => p.sub(d.mul(rate)).mul(1 - rate * decay) }),
  },
  { step: "updated", what: "m is not moved on", answer: adam({ m: ({ m }) => m }) },
  { step: "updated", what: "v is not moved on", answer: adam({ v: ({ v }) => v }) },
  { step: "updated", what: "the gradient instead of m", answer: adam({ m: ({ G }) => G, a: (m) => m }) },
  {
    step: "updated",
    what: "added to the parameter",
    answer: adam({ last: (p, d, rate) => p.mul(1 - rate * decay).add(d.mul(rate)) }),
  },
  { step: "updated", what: "no correction", answer: adam({ a: (m) => m, b: (v) => v }) },
  {
    step: "updated",
    what: "corrected for the step before",
    answer: (given) => adam({})({ ...given, t: given.t.add(-1).each((t) => Math.max(t, 1)) }),
  },
  {
    step: "updated",
    what: "the decay grows the parameter",
    answer: adam({ last: (p, d, rate) => p.mul(1 + rate * decay).sub(d.mul(rate)) }),
  },
  { step: "updated", what: "no learning rate", answer: adam({ last: (p, d, rate) => p.mul(1 - rate * decay).sub(d) }) },
  { step: "updated", what: "epsilon inside the root", answer: adam({ direction: (a, b) => a.div(b.add(eps).sqrt()) }) },

  // ---- 5. dx_2
  {
    step: "dx_2",
    what: "divided by the batch alone",
    answer: end({ dlogits: (given) => given.probs.sub(marksOf(given)).div(given.Yb.size(0)) }),
  },
  { step: "dx_2", what: "not divided at all", answer: end({ dlogits: (given) => given.probs.sub(marksOf(given)) }) },
  { step: "dx_2", what: "no one-hot", answer: end({ dlogits: ({ probs, Yb }) => probs.div(Yb.numel()) }) },
  {
    step: "dx_2",
    what: "the sign turned: marks minus probs",
    answer: end({ dlogits: (given) => marksOf(given).sub(given.probs).div(given.Yb.numel()) }),
  },
  { step: "dx_2", what: "the gain is forgotten", answer: end({ du: (_, dln) => dln }) },
  {
    step: "dx_2",
    what: "the gain after the norm",
    answer: (given) => end({ du: (_, dln) => dln })(given).mul(given.gain),
  },
  {
    step: "dx_2",
    what: "the variance's branch is missing",
    answer: end({ norm: (u, _, inv) => u.sub(u.mean(-1, keepdim)).mul(inv) }),
  },
  {
    step: "dx_2",
    what: "the mean's branch is missing",
    answer: end({ norm: (u, raw, inv) => u.sub(raw.mul(u.mul(raw).mean(-1, keepdim))).mul(inv) }),
  },
  { step: "dx_2", what: "inv times u alone", answer: end({ norm: (u, _, inv) => u.mul(inv) }) },
  {
    step: "dx_2",
    what: "sums for means",
    answer: end({
      norm: (u, raw, inv) =>
        u
          .sub(u.sum(-1, keepdim))
          .sub(raw.mul(u.mul(raw).sum(-1, keepdim)))
          .mul(inv),
    }),
  },
  {
    step: "dx_2",
    what: "D - 1 for the variance, as in the lecture's batch norm",
    answer: end({
      norm: (u, raw, inv) =>
        u
          .sub(u.mean(-1, keepdim))
          .sub(
            raw.mul(
              u
                .mul(raw)
                .sum(-1, keepdim)
                .div(raw.size(2) - 1),
            ),
          )
          .mul(inv),
    }),
  },
  {
    step: "dx_2",
    what: "the means over the batch",
    answer: end({
      norm: (u, raw, inv) =>
        u
          .sub(u.mean(0, keepdim))
          .sub(raw.mul(u.mul(raw).mean(0, keepdim)))
          .mul(inv),
    }),
  },
  { step: "dx_2", what: "inv is forgotten", answer: end({ norm: (u, raw) => norm(u, raw, onesLike(u)) }) },
  {
    step: "dx_2",
    what: "the variance's branch is added",
    answer: end({
      norm: (u, raw, inv) =>
        u
          .sub(u.mean(-1, keepdim))
          .add(raw.mul(u.mul(raw).mean(-1, keepdim)))
          .mul(inv),
    }),
  },

  // ---- 6. dy_0
  { step: "dy_0", what: "the way around is forgotten", answer: half({ sum: (_, through) => through }) },
  { step: "dy_0", what: "the way around alone", answer: half({ sum: ({ dx_1 }) => dx_1 }) },
  { step: "dy_0", what: "tanh is forgotten", answer: half({ dpre: (_, dh) => dh }) },
  { step: "dy_0", what: "1 - h", answer: half({ dpre: ({ h_0 }, dh) => dh.mul(tensor(1).sub(h_0)) }) },
  { step: "dy_0", what: "the gain is forgotten", answer: half({ du: (_, dln) => dln }) },
  {
    step: "dy_0",
    what: "the layer norm's variance branch is missing",
    answer: half({ norm: (u, _, inv) => u.sub(u.mean(-1, keepdim)).mul(inv) }),
  },
  {
    step: "dy_0",
    what: "the layer norm's mean branch is missing",
    answer: half({ norm: (u, raw, inv) => u.sub(raw.mul(u.mul(raw).mean(-1, keepdim))).mul(inv) }),
  },
  { step: "dy_0", what: "layer norm is passed as if it were not there", answer: half({ norm: (u) => u }) },
  {
    step: "dy_0",
    what: "the way around goes through the norm as well",
    answer: half({
      du: ({ gain2_0, dx_1 }, dln) => dln.mul(gain2_0).add(dx_1),
      sum: (_, through) => through,
    }),
  },
  {
    step: "dy_0",
    what: "the way around twice",
    answer: half({ sum: ({ dx_1 }, through) => through.add(dx_1.mul(2)) }),
  },
  {
    step: "dy_0",
    what: "the two ways multiplied",
    answer: half({ sum: ({ dx_1 }, through) => dx_1.mul(through) }),
  },
  {
    step: "dy_0",
    what: "the means over time",
    answer: half({
      norm: (u, raw, inv) =>
        u
          .sub(u.mean(1, keepdim))
          .sub(raw.mul(u.mul(raw).mean(1, keepdim)))
          .mul(inv),
    }),
  },

  // ---- 7. dln1_0
  { step: "dln1_0", what: "without the values' gradient", answer: attention({ sum: (dq, dk) => dq.add(dk) }) },
  { step: "dln1_0", what: "the queries' gradient alone", answer: attention({ sum: (dq) => dq }) },
  { step: "dln1_0", what: "the values' gradient alone", answer: attention({ sum: (_, __, dv) => dv }) },
  { step: "dln1_0", what: "the scale is forgotten", answer: attention({ scale: () => 1 }) },
  {
    step: "dln1_0",
    what: "divided by the width, not its root",
    answer: attention({ scale: ({ q_0 }) => 1 / q_0.size(3) }),
  },
  {
    step: "dln1_0",
    what: "scaled by the whole width of the embedding",
    answer: attention({ scale: ({ dmixed_0 }) => dmixed_0.size(2) ** -0.5 }),
  },
  {
    step: "dln1_0",
    what: "the softmax's sum is missing",
    answer: attention({ dscores: ({ weights_0 }, dweights) => weights_0.mul(dweights) }),
  },
  {
    step: "dln1_0",
    what: "the softmax is taken for an elementwise function: w * (1 - w)",
    answer: attention({ dscores: ({ weights_0 }, dweights) => dweights.mul(weights_0.mul(tensor(1).sub(weights_0))) }),
  },
  { step: "dln1_0", what: "the softmax is passed over", answer: attention({ dscores: (_, dweights) => dweights }) },
  {
    step: "dln1_0",
    what: "the softmax passed over, but masked",
    answer: attention({ dscores: ({ later }, dweights) => dweights.maskedFill(later, 0) }),
  },
  {
    step: "dln1_0",
    what: "the softmax's sum over the queries",
    answer: attention({
      dscores: ({ weights_0 }, dweights) => weights_0.mul(dweights.sub(weights_0.mul(dweights).sum(2, keepdim))),
    }),
  },
  {
    step: "dln1_0",
    what: "the softmax's sum without the weights",
    answer: attention({
      dscores: ({ weights_0 }, dweights) => weights_0.mul(dweights.sub(dweights.sum(-1, keepdim))),
    }),
  },
  {
    step: "dln1_0",
    what: "dk without the transpose",
    answer: attention({ dk: ({ q_0 }, dscores) => dscores.matmul(q_0) }),
  },
  {
    step: "dln1_0",
    what: "dv without the transpose",
    answer: attention({ dv: ({ weights_0 }, dmixed) => weights_0.matmul(dmixed) }),
  },
  {
    step: "dln1_0",
    what: "dq and dk swapped",
    answer: attention({ dq: ({ q_0 }, s) => s.matmul(q_0), dk: ({ k_0 }, s) => s.transpose(2, 3).matmul(k_0) }),
  },
  { step: "dln1_0", what: "the matrices are not transposed", answer: attention({ back: (d, W) => d.matmul(W) }) },
  {
    step: "dln1_0",
    what: "heads are joined by a view alone",
    answer: attention({ join: (x, like) => x.view(...like.shape) }),
  },
  {
    step: "dln1_0",
    what: "heads are made by a view alone",
    answer: attention({ split: (x, like) => x.view(...like.shape) }),
  },
  {
    step: "dln1_0",
    what: "the upstream itself is added, as if there were a residual connection here",
    answer: (given) => attention({})(given).add(given.dmixed_0),
  },
  {
    step: "dln1_0",
    what: "the diagonal is masked as well as what comes later",
    answer: attention({
      dscores: ({ weights_0 }, dweights) => {
        const d = weights_0.mul(dweights.sub(weights_0.mul(dweights).sum(-1, keepdim)));
        const later = zerosLike(weights_0.sum([0, 1]));
        for (let i = 0; i < later.size(0); i++) for (let j = 0; j < i; j++) later.set(i, j, 1);
        return d.mul(later);
      },
    }),
  },
];
