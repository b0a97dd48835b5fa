import { lineWriter, networkOf, plainBatches, plainWords } from "#kit";

const sizes = {
  batch: { one: "sequence" },
  input: { one: "input", count: "the number of inputs" },
  hidden: { one: "neuron", count: "the number of neurons" },
};

const parameters = {
  Wr: ["input", "hidden"],
  Ur: ["hidden", "hidden"],
  br: ["hidden"],
  Wz: ["input", "hidden"],
  Uz: ["hidden", "hidden"],
  bz: ["hidden"],
  Wn: ["input", "hidden"],
  bn: ["hidden"],
  Un: ["hidden", "hidden"],
  cn: ["hidden"],
};
const inputs = { x: ["batch", "input"], h: ["batch", "hidden"], target: ["batch", "hidden"] };

const line = lineWriter();
const wide = ["batch", "hidden"] as const;

const lines = [
  line("rpre", ["x", "Wr", "h", "Ur", "br"], "x @ Wr + h @ Ur + br", wide, ({ x, Wr, h, Ur, br }) =>
    x.matmul(Wr).add(h.matmul(Ur)).add(br),
  ),
  line("r", ["rpre"], "sigmoid(rpre)", wide, ({ rpre }) => rpre.sigmoid()),
  line("zpre", ["x", "Wz", "h", "Uz", "bz"], "x @ Wz + h @ Uz + bz", wide, ({ x, Wz, h, Uz, bz }) =>
    x.matmul(Wz).add(h.matmul(Uz)).add(bz),
  ),
  line("z", ["zpre"], "sigmoid(zpre)", wide, ({ zpre }) => zpre.sigmoid()),
  line("past", ["h", "Un", "cn"], "h @ Un + cn", wide, ({ h, Un, cn }) => h.matmul(Un).add(cn)),
  line("npre", ["x", "Wn", "bn", "r", "past"], "x @ Wn + bn + r * past", wide, ({ x, Wn, bn, r, past }) =>
    x.matmul(Wn).add(bn).add(r.mul(past)),
  ),
  line("n", ["npre"], "tanh(npre)", wide, ({ npre }) => npre.tanh()),
  line("hnext", ["z", "n", "h"], "(1 - z) * n + z * h", wide, ({ z, n, h }) => z.neg().add(1).mul(n).add(z.mul(h))),
  line("loss", ["hnext", "target"], "((hnext - target) ** 2).mean()", [], ({ hnext, target }) =>
    hnext.sub(target).pow(2).mean(),
  ),
] as const;

/** A GRU cell, as PyTorch computes it: one step of a batch of sequences. */
export const gru = networkOf({
  name: "gru",
  lines,
  parameters,
  indices: {},
  inputs,
  loss: "loss",
  words: plainWords(sizes, "batch"),
  batches: plainBatches({ lines, parameters, inputs, sizes, examples: "batch" }),
});
