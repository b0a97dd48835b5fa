import { oneHot, zerosLike, type Tensor } from "#tensor";
import { build, flat } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { embeddings } from "./network.ts";

export const dC = gradientRoom(embeddings, {
  id: "tied-dC",
  tensor: "C",
  title: "a table that is used twice",
  idea: "Tied weights are one tensor in two lines: their gradients add up, as those of any other.",
  hints: {
    piece:
      "Two terms of the same shape. Where the table looks up: each row collects from the places that read it. Where it " +
      "scores: a product over all places.",
  },

  mistakes: [
    {
      id: "scores-missing",
      idea: "the output layer is overlooked",
      sentence: "the branch through logits is missing: the table is also the output layer",
      namesBranch: true,
      look: looks.branchMissing("C"),
      answer: ({ C, Xb, demb }) => looked(C, Xb, demb),
    },
    {
      id: "lookup-missing",
      idea: "the lookup is overlooked",
      sentence: "the branch through emb is missing: the table is also where characters are looked up",
      namesBranch: true,
      look: looks.branchMissing("C"),
      answer: ({ x, dlogits }) => scored(x, dlogits),
    },
    {
      id: "overwritten",
      idea: "rows are set instead of added up",
      sentence: "a character that occurs several times keeps the gradient of one place alone: all of them add up",
      look: "What does row c of the table collect if character c stands in three places?",
      answer: ({ C, Xb, demb, x, dlogits }) => {
        const d = zerosLike(C);
        for (let b = 0; b < Xb.size(0); b++)
          for (let t = 0; t < Xb.size(1); t++)
            for (let k = 0; k < C.size(1); k++) d.set(Xb.get(b, t), k, demb.get(b, t, k));
        return d.add(scored(x, dlogits));
      },
    },
    {
      id: "halved",
      idea: "the branches are averaged",
      sentence: "the branches are averaged: their gradients add up",
      look: looks.halved("C"),
      answer: ({ C, Xb, demb, x, dlogits }) => looked(C, Xb, demb).add(scored(x, dlogits)).div(2),
    },
    {
      id: "difference",
      idea: "the branches are subtracted",
      sentence: "the two branches are subtracted: both affect the loss, so their gradients add up",
      look: looks.difference("C"),
      answer: ({ C, Xb, demb, x, dlogits }) => looked(C, Xb, demb).sub(scored(x, dlogits)),
    },
    {
      id: "scores-of-emb",
      idea: "the output layer is thought to read the embeddings",
      sentence:
        "in the branch through logits, the product contains emb: the output layer reads x, with the positions added",
      namesBranch: true,
      look: "Which tensor does the line of logits multiply by the table?",
      answer: ({ C, Xb, emb, demb, dlogits }) => looked(C, Xb, demb).add(scored(emb, dlogits)),
    },
    {
      id: "logits-for-dlogits",
      idea: "the value is used instead of its gradient",
      sentence: "in the branch through logits, the logits themselves are in the product, instead of their gradient",
      namesBranch: true,
      look: looks.valueForGradient,
      answer: ({ C, Xb, demb, x, logits }) => looked(C, Xb, demb).add(scored(x, logits)),
    },
    {
      id: "counted",
      idea: "the row is averaged over the places",
      sentence:
        "in the branch through emb, each row is divided by the number of places that read it: their gradients add up",
      namesBranch: true,
      look: looks.mean,
      answer: ({ C, Xb, demb, x, dlogits }) => {
        const counts = oneHot(Xb.view(-1), C.size(0)).sum(0).view(-1, 1);
        const several = counts.each((count) => Math.max(count, 1));
        return looked(C, Xb, demb).div(several).add(scored(x, dlogits));
      },
    },
    {
      id: "sign",
      idea: "both branches are negated",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("C"),
      answer: ({ C, Xb, demb, x, dlogits }) => looked(C, Xb, demb).add(scored(x, dlogits)).neg(),
    },
  ],

  alsoRight: [
    {
      code: `const [vocab, embd] = C.shape as [number, number];
const asTable = oneHot(Xb.view(-1), vocab).T.matmul(demb.view(-1, embd));
return dlogits.view(-1, vocab).T.matmul(x.view(-1, embd)).add(asTable);`,
      why: "The lookup as a product with one-hot rows: both uses of C then have the same form.",
    },
  ],

  forms: [
    ({ C, Xb, demb, x, dlogits }) => looked(C, Xb, demb).add(scored(x, dlogits)),
    ({ C, Xb, demb, x, dlogits }) => {
      return scored(x, dlogits).add(oneHot(Xb.view(-1), C.size(0)).T.matmul(flat(demb)));
    },
    ({ Xb, demb, x, dlogits }) => scored(x, dlogits).indexAdd(0, Xb, demb),
    ({ C, Xb, demb, x, dlogits }) => looked(C, Xb, demb).add(dlogits.transpose(1, 2).matmul(x).sum(0)),
    ({ C, Xb, demb, x, dlogits }) => looked(C, Xb, demb).add(flat(x).T.matmul(flat(dlogits)).T),
    ({ C, Xb, demb, x, dlogits }) =>
      build([...C.shape], (c, k) => {
        let total = 0;
        for (let b = 0; b < Xb.size(0); b++)
          for (let t = 0; t < Xb.size(1); t++) {
            total += dlogits.get(b, t, c) * x.get(b, t, k);
            if (Xb.get(b, t) === c) total += demb.get(b, t, k);
          }
        return total;
      }),
  ],
});

/** The branch of the lookup, shape [vocab, embd]. */
function looked(C: Tensor, Xb: Tensor, demb: Tensor): Tensor {
  return zerosLike(C).indexAdd(0, Xb, demb);
}

/** The branch of the output layer, shape [vocab, embd]. */
function scored(x: Tensor, dlogits: Tensor): Tensor {
  return flat(dlogits).T.matmul(flat(x));
}
