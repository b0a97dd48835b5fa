import { keepdim, zerosLike, type Tensor } from "#tensor";
import type { LoopValues } from "../makemore/loop.ts";
import { LOOKUP, ORDER, PRODUCT, SHAPE } from "./looks.ts";
import type { LoopMistake } from "./mistake.ts";

/** Wrong in the gradients of W1, b1 and C. */
export const firstLayer: readonly LoopMistake[] = [
  {
    id: "dW1-mean",
    idea: "the examples are averaged again for W1",
    sentence: "the gradient of W1 is n times too small: dhprebn holds the 1/n already, and the examples add up",
    look: "The mean of the loss is in dlogits. Is there another division by n in the forward lines of W1?",
    changes: { dW1: ({ embcat, dhprebn, n }) => embcat.T.matmul(dhprebn).div(n) },
  },
  {
    id: "dW1-from-dhpreact",
    idea: "batchnorm is skipped for W1",
    sentence: "the gradient of W1 is made from dhpreact: between hpreact and W1 lies batchnorm",
    look: "W1 goes into hprebn. Which gradient does its product begin from?",
    changes: { dW1: ({ embcat, dhpreact }) => embcat.T.matmul(dhpreact) },
  },
  {
    id: "embcat-not-transposed",
    idea: "embcat stands in the product as it is",
    sentence:
      "a product of [n, block*embd] with [n, hidden] does not fit: for the gradient of W1, embcat is to be transposed",
    look: PRODUCT,
    changes: { dW1: ({ embcat, dhprebn }) => embcat.matmul(dhprebn) },
  },
  {
    id: "db1-from-dhpreact",
    idea: "batchnorm is skipped for b1",
    sentence:
      "the gradient of b1 is the sum of dhpreact: between hpreact and b1 lies batchnorm, which leaves it nearly zero",
    look: "b1 goes into hprebn, and batchnorm takes out what is the same in all rows.",
    changes: { db1: ({ dhpreact }) => dhpreact.sum(0) },
  },
  {
    id: "db1-keepdim",
    idea: "the sum keeps its dimension for b1",
    sentence:
      "the gradient of b1 keeps the dimension that is summed over: it has shape [1, hidden], and b1 has [hidden]",
    look: SHAPE,
    changes: { db1: ({ dhprebn }) => dhprebn.sum(0, keepdim) },
  },
  {
    id: "W1-moved-first",
    idea: "W1 is updated before it is used on the way back",
    sentence: "the gradient that goes back through W1 is taken at the W1 that has moved already",
    look: ORDER,
    changes: { dembcat: ({ dhprebn, W1, dW1, learningRate }) => dhprebn.matmul(W1.sub(dW1.mul(learningRate)).T) },
  },
  {
    id: "W1-not-transposed",
    idea: "the product is written as in the forward pass for W1",
    sentence: "a product of [n, hidden] with [block*embd, hidden] does not fit: W1 is to be transposed on the way back",
    look: PRODUCT,
    changes: { dembcat: ({ dhprebn, W1 }) => dhprebn.matmul(W1) },
  },
  {
    id: "dembcat-from-dhpreact",
    idea: "batchnorm is skipped on the way to C",
    sentence: "the gradient of C is made from dhpreact: between hpreact and C lies batchnorm",
    look: "W1 and C go into hprebn. Which gradient does the product begin from?",
    changes: { dembcat: ({ dhpreact, W1 }) => dhpreact.matmul(W1.T) },
  },
  {
    id: "last-use-wins",
    idea: "a row is set where it should collect",
    sentence: "each row of dC holds the contribution of its last use alone: the uses of a character add up",
    look: LOOKUP,
    changes: { dC: (values) => collected(values, (_, comes) => comes) },
  },
  {
    id: "first-use-alone",
    idea: "a row is filled once",
    sentence: "each row of dC holds the contribution of its first use alone: the uses of a character add up",
    look: LOOKUP,
    changes: { dC: (values) => collected(values, (held, comes, use) => (use === 0 ? comes : held)) },
  },
  {
    id: "uses-averaged",
    idea: "the uses of a character are averaged",
    sentence: "each row of dC is the mean of its uses' contributions: the uses of a character add up",
    look: LOOKUP,
    changes: { dC: (values) => collected(values, (held, comes, use) => (held * use + comes) / (use + 1)) },
  },
  {
    id: "last-example-without-use",
    idea: "a loop over the contexts ends one early",
    sentence: "dC has nothing from the last example: does a loop over the examples end too early?",
    look: "How many rows has this batch, and which is the last one that is visited?",
    changes: { dC: ({ C, Xb, demb, n }) => placesOf(C, Xb, demb, (_, row) => row < n - 1) },
  },
  {
    id: "one-use-per-context",
    idea: "a character that is twice in a context counts once",
    sentence:
      "where a character stands more than once in one context, dC has only the last of these: each place counts",
    look: LOOKUP,
    changes: {
      dC: ({ C, Xb, demb }) => {
        const dC = zerosLike(C);
        for (let i = 0; i < Xb.size(0); i++) {
          const places = new Map<number, number>();
          for (let j = 0; j < Xb.size(1); j++) places.set(Xb.get(i, j), j);
          for (const [character, j] of places)
            for (let k = 0; k < C.size(1); k++) dC.set(character, k, dC.get(character, k) + demb.get(i, j, k));
        }
        return dC;
      },
    },
  },
  {
    id: "first-place-alone",
    idea: "only a context's first character learns",
    sentence: "dC has the contributions of each context's first character alone: all places of the context count",
    look: LOOKUP,
    changes: {
      dC: ({ C, Xb, demb }) => placesOf(C, Xb, demb, (j) => j === 0),
    },
  },
  {
    id: "last-place-alone",
    idea: "only a context's last character learns",
    sentence: "dC has the contributions of each context's last character alone: all places of the context count",
    look: LOOKUP,
    changes: {
      dC: ({ C, Xb, demb }) => placesOf(C, Xb, demb, (j) => j === Xb.size(1) - 1),
    },
  },
  {
    id: "demb-turned",
    idea: "demb is cut up in another order than embcat was joined",
    sentence: "demb has the right numbers in other places: its view puts the contexts' places before the examples",
    look: "embcat came from emb by a view; its gradient goes back by the view to emb's own shape.",
    changes: { demb: ({ dembcat, emb, n }) => turned(dembcat, n, emb.size(1), emb.size(2)) },
  },
  {
    id: "places-reversed",
    idea: "a context is read from its end",
    sentence: "dC has each contribution at the character of the mirrored place: the context is read from its other end",
    look: "Row i and place j of Xb name the row of C that entry [i, j] of emb came from.",
    changes: {
      dC: ({ C, Xb, demb }) => {
        const dC = zerosLike(C);
        const block = Xb.size(1);
        eachPlace(Xb, (i, j, character) => {
          for (let k = 0; k < C.size(1); k++)
            dC.set(character, k, dC.get(character, k) + demb.get(i, block - 1 - j, k));
        });
        return dC;
      },
    },
  },
];

/** The contexts and the places in them, in order. */
function eachPlace(Xb: Tensor, visit: (row: number, place: number, character: number) => void): void {
  for (let i = 0; i < Xb.size(0); i++) for (let j = 0; j < Xb.size(1); j++) visit(i, j, Xb.get(i, j));
}

/** dC where each row holds what `keep` makes of what it held and of what comes. */
function collected({ C, Xb, demb }: LoopValues, keep: (held: number, comes: number, use: number) => number): Tensor {
  const dC = zerosLike(C);
  const uses = new Int32Array(C.size(0));
  eachPlace(Xb, (row, place, character) => {
    const use = uses[character]!++;
    for (let k = 0; k < C.size(1); k++) dC.set(character, k, keep(dC.get(character, k), demb.get(row, place, k), use));
  });
  return dC;
}

function placesOf(C: Tensor, Xb: Tensor, demb: Tensor, counts: (place: number, row: number) => boolean): Tensor {
  const dC = zerosLike(C);
  eachPlace(Xb, (i, j, character) => {
    if (!counts(j, i)) return;
    for (let k = 0; k < C.size(1); k++) dC.set(character, k, dC.get(character, k) + demb.get(i, j, k));
  });
  return dC;
}

/** [n, block*embd] read as [block, n, embd], and its first two dimensions exchanged. */
function turned(dembcat: Tensor, n: number, block: number, embd: number): Tensor {
  const read = dembcat.view(block, n, embd);
  const out = zerosLike(dembcat.view(n, block, embd));
  for (let i = 0; i < n; i++)
    for (let j = 0; j < block; j++) for (let k = 0; k < embd; k++) out.set(i, j, k, read.get(j, i, k));
  return out;
}
