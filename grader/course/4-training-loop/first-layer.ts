import { keepdim, zerosLike, type Tensor } from "#tensor";
import type { LoopValues } from "../makemore/loop.ts";
import { LOOKUP, ORDER, PRODUCT, SHAPE } from "./looks.ts";
import type { LoopMistake } from "./mistake.ts";
import { alreadyMoved, movedAgain } from "./pieces.ts";

/** Mistakes in the gradients of W1, b1 and C. */
export const firstLayer: readonly LoopMistake[] = [
  {
    id: "dW1-mean",
    idea: "the examples are averaged again for W1",
    sentence: "the gradient of W1 is n times too small: dhprebn already contains the 1/n, and the examples add up",
    look: "The 1/n of the mean is already in dlogits. Is there another division by n in the forward line of W1?",
    changes: { dW1: ({ embcat, dhprebn, n }) => embcat.T.matmul(dhprebn).div(n) },
  },
  {
    id: "dW1-from-dhpreact",
    idea: "batchnorm is skipped for W1",
    sentence: "the gradient of W1 is computed from dhpreact: batchnorm is between hpreact and W1",
    look: "W1 goes into hprebn. Which gradient should its product start from?",
    changes: { dW1: ({ embcat, dhpreact }) => embcat.T.matmul(dhpreact) },
  },
  {
    id: "embcat-not-transposed",
    idea: "embcat is not transposed in the product",
    sentence:
      "the shapes [n, block*embd] and [n, hidden] do not fit in a product: for the gradient of W1, embcat should be transposed",
    look: PRODUCT,
    changes: { dW1: ({ embcat, dhprebn }) => embcat.matmul(dhprebn) },
  },
  {
    id: "db1-from-dhpreact",
    idea: "batchnorm is skipped for b1",
    sentence:
      "the gradient of b1 is the sum of dhpreact: batchnorm is between hpreact and b1, and makes it nearly zero",
    look:
      "b1 goes into hprebn: which gradient is summed? Batchnorm removes whatever is the same in all rows, so that the " +
      "sum is nearly zero.",
    changes: { db1: ({ dhpreact }) => dhpreact.sum(0) },
  },
  {
    id: "db1-keepdim",
    idea: "the sum keeps its dimension for b1",
    sentence:
      "the gradient of b1 keeps the dimension that is summed over: it has shape [1, hidden], and b1 has shape [hidden]",
    look: SHAPE,
    changes: { db1: ({ dhprebn }) => dhprebn.sum(0, keepdim) },
  },
  {
    id: "W1-moved-first",
    idea: "W1 is updated before the backward pass uses it",
    sentence: "the gradient that goes back through W1 is computed with a W1 that has already been updated",
    look: ORDER,
    changes: { dembcat: ({ dhprebn, W1, dW1, learningRate }) => dhprebn.matmul(W1.sub(dW1.mul(learningRate)).T) },
  },
  {
    id: "W1-moved-first-and-again",
    idea: "W1 is updated before the backward pass uses it, and again with the others",
    sentence:
      "W1 is updated twice: with all the others, and before that, so that the gradient that goes back through W1 is computed with a W1 that has already been updated",
    look: ORDER,
    changes: {
      dembcat: (values) => values.dhprebn.matmul(alreadyMoved(values, "W1", values.dW1).T),
      moved: movedAgain("W1"),
    },
  },
  {
    id: "W1-not-transposed",
    idea: "the product with W1 is written as in the forward pass",
    sentence:
      "the shapes [n, hidden] and [block*embd, hidden] do not fit in a product: in the backward pass, W1 should be transposed",
    look: PRODUCT,
    changes: { dembcat: ({ dhprebn, W1 }) => dhprebn.matmul(W1) },
  },
  {
    id: "dembcat-from-dhpreact",
    idea: "batchnorm is skipped on the way back to C",
    sentence: "the gradient of C is computed from dhpreact: batchnorm is between hpreact and C",
    look: "W1 and C go into hprebn. Which gradient should the product start from?",
    changes: { dembcat: ({ dhpreact, W1 }) => dhpreact.matmul(W1.T) },
  },
  {
    id: "last-use-wins",
    idea: "a row is overwritten instead of added to",
    sentence: "each row of dC holds only the contribution of its last use: the contributions of all uses add up",
    look: LOOKUP,
    changes: { dC: (values) => collected(values, (_, comes) => comes) },
  },
  {
    id: "first-use-alone",
    idea: "a row is filled only once",
    sentence: "each row of dC holds only the contribution of its first use: the contributions of all uses add up",
    look: LOOKUP,
    changes: { dC: (values) => collected(values, (held, comes, use) => (use === 0 ? comes : held)) },
  },
  {
    id: "uses-averaged",
    idea: "the uses of a character are averaged",
    sentence: "each row of dC is the mean of the contributions of its uses: they should add up",
    look: LOOKUP,
    changes: { dC: (values) => collected(values, (held, comes, use) => (held * use + comes) / (use + 1)) },
  },
  {
    id: "last-example-without-use",
    idea: "a loop over the contexts ends one early",
    sentence: "dC has nothing from the last example: does a loop over the examples end too early?",
    look: "How many rows does this batch have, and which is the last one that the loop visits?",
    changes: { dC: ({ C, Xb, demb, n }) => placesOf(C, Xb, demb, (_, row) => row < n - 1) },
  },
  {
    id: "one-use-per-context",
    idea: "a character that occurs twice in a context counts once",
    sentence:
      "if a character occurs more than once in a context, dC has only the contribution of the last position: each position counts",
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
    idea: "only the first character of a context gets a gradient",
    sentence: "dC has only the contributions of each context's first character: all positions of the context count",
    look: LOOKUP,
    changes: {
      dC: ({ C, Xb, demb }) => placesOf(C, Xb, demb, (j) => j === 0),
    },
  },
  {
    id: "last-place-alone",
    idea: "only the last character of a context gets a gradient",
    sentence: "dC has only the contributions of each context's last character: all positions of the context count",
    look: LOOKUP,
    changes: {
      dC: ({ C, Xb, demb }) => placesOf(C, Xb, demb, (j) => j === Xb.size(1) - 1),
    },
  },
  {
    id: "demb-turned",
    idea: "dembcat is split in a different order than emb was joined",
    sentence:
      "demb has the right entries in the wrong positions: its view puts the positions of the contexts before the examples",
    look: "embcat is a view of emb; its gradient goes back by a view to emb's own shape.",
    changes: { demb: ({ dembcat, emb, n }) => turned(dembcat, n, emb.size(1), emb.size(2)) },
  },
  {
    id: "places-reversed",
    idea: "a context is read from its end",
    sentence:
      "dC has each contribution at the character in the mirrored position: the context is read from the wrong end",
    look: "Row i and position j of Xb name the row of C that entry [i, j] of emb was read from.",
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

/** Visits the contexts and the positions in them, in order. */
function eachPlace(Xb: Tensor, visit: (row: number, place: number, character: number) => void): void {
  for (let i = 0; i < Xb.size(0); i++) for (let j = 0; j < Xb.size(1); j++) visit(i, j, Xb.get(i, j));
}

/** dC, with each row's entries set by `keep` from the values they hold and the contributions that arrive. */
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

/** [n, block*embd] read as [block, n, embd], with its first two dimensions swapped. */
function turned(dembcat: Tensor, n: number, block: number, embd: number): Tensor {
  const read = dembcat.view(block, n, embd);
  const out = zerosLike(dembcat.view(n, block, embd));
  for (let i = 0; i < n; i++)
    for (let j = 0; j < block; j++) for (let k = 0; k < embd; k++) out.set(i, j, k, read.get(j, i, k));
  return out;
}
