import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
import { mistake, type MistakesOf } from "./mistake.ts";

const one = tensor(1);

/** Steps 9 to 12 and 22 to 26: linear layers, tanh, and the embedding. */
export const layerMistakes: MistakesOf<"dh" | "dW2" | "db2" | "dhpreact" | "dembcat" | "dW1" | "db1" | "demb" | "dC"> =
  {
    dh: [
      mistake(
        "not-transposed",
        "the forward product is repeated",
        "the product does not fit as it stands: compare the shapes of dlogits, W2 and h; one factor is to be transposed",
        ({ W2, dlogits }) => dlogits.matmul(W2),
      ),
      mistake(
        "order",
        "the factors are exchanged",
        "the factors stand in the other order: write their shapes side by side, and the inner sizes must meet",
        ({ W2, dlogits }) => W2.matmul(dlogits),
      ),
      mistake(
        "result-transposed",
        "the other order of transposed factors",
        "this is the transpose of the answer: h has a row for each example",
        ({ W2, dlogits }) => W2.matmul(dlogits.T),
      ),
      mistake(
        "elementwise",
        "a matrix product is taken for an elementwise one",
        "an elementwise product is tried where the forward line has a matrix product",
        ({ W2, dlogits }) => dlogits.mul(W2),
      ),
      mistake(
        "divided",
        "the mean of the loss is applied again",
        "divided by the number of examples once more: the mean is in dlogits already",
        ({ h, W2, dlogits }) => dlogits.matmul(W2.T).div(h.size(0)),
      ),
      mistake("sign", "a sign slips in", "the sign is flipped", ({ W2, dlogits }) => dlogits.matmul(W2.T).neg()),
      mistake(
        "logits-for-dlogits",
        "the value is taken for its gradient",
        "the logits themselves are in the product, in place of their gradient",
        ({ W2, logits }) => logits.matmul(W2.T),
      ),
      mistake(
        "times-h",
        "the tensor itself is multiplied in",
        "the answer is multiplied by h: in a product, the slope is the other factor alone",
        ({ h, W2, dlogits }) => dlogits.matmul(W2.T).mul(h),
      ),
    ],
    dW2: [
      mistake(
        "result-transposed",
        "the factors are in the other order",
        "this is the transpose of the answer: W2 has a row for each neuron",
        ({ h, dlogits }) => dlogits.T.matmul(h),
      ),
      mistake(
        "not-transposed",
        "the transpose is forgotten",
        "the product does not fit as it stands: compare the shapes of h, dlogits and W2; one factor is to be transposed",
        ({ h, dlogits }) => h.matmul(dlogits),
      ),
      mistake(
        "divided",
        "the mean of the loss is applied again",
        "divided by the number of examples once more: the mean is in dlogits already",
        ({ h, dlogits }) => h.T.matmul(dlogits).div(h.size(0)),
      ),
      mistake("sign", "a sign slips in", "the sign is flipped", ({ h, dlogits }) => h.T.matmul(dlogits).neg()),
      mistake(
        "logits-for-dlogits",
        "the value is taken for its gradient",
        "the logits themselves are in the product, in place of their gradient",
        ({ h, logits }) => h.T.matmul(logits),
      ),
      mistake(
        "times-W2",
        "the tensor itself is multiplied in",
        "the answer is multiplied by W2: in a product, the slope is the other factor alone",
        ({ W2, h, dlogits }) => h.T.matmul(dlogits).mul(W2),
      ),
    ],
    db2: [
      mistake(
        "mean",
        "the copies are averaged",
        "the rows are averaged: b2 was copied into every row, and the copies add up",
        ({ dlogits }) => dlogits.mean(0),
      ),
      mistake(
        "wrong-dimension",
        "the sum is along the rows",
        "the sum runs over the characters: b2 was copied down the batch",
        ({ dlogits }) => dlogits.sum(1),
      ),
      mistake("keepdim", "the dimension is kept", "the summed dimension is kept: b2 has shape [vocab]", ({ dlogits }) =>
        dlogits.sum(0, keepdim),
      ),
      mistake(
        "not-summed",
        "the broadcast is overlooked",
        "the answer still has a row for each example: b2 was copied down the batch, so its gradient is summed over it",
        ({ dlogits }) => dlogits.clone(),
      ),
      mistake("sign", "a sign slips in", "the sign is flipped", ({ dlogits }) => dlogits.sum(0).neg()),
      mistake(
        "times-b2",
        "the bias is taken for a factor",
        "the sum is multiplied by b2: a bias is added, its slope is one",
        ({ b2, dlogits }) => dlogits.sum(0).mul(b2),
      ),
      mistake(
        "zeros",
        "the bias is taken for a useless one",
        "all zeros: that holds for b1, whose mean is subtracted after it, not for this bias",
        ({ b2 }) => zerosLike(b2),
      ),
      mistake(
        "logits-for-dlogits",
        "the value is taken for its gradient",
        "the logits themselves are summed, in place of their gradient",
        ({ logits }) => logits.sum(0),
      ),
    ],
    dhpreact: [
      mistake(
        "input-squared",
        "the input is used for the output",
        "hpreact is squared where the output of tanh is to be",
        ({ hpreact, dh }) => one.sub(hpreact.pow(2)).mul(dh),
      ),
      mistake("not-squared", "the square is forgotten", "the slope has h where it is to have its square", ({ h, dh }) =>
        one.sub(h).mul(dh),
      ),
      mistake(
        "upstream-forgotten",
        "the slope alone is given",
        "this is the slope of tanh alone: the gradient from above is not in it",
        ({ h }) => one.sub(h.pow(2)),
      ),
      mistake(
        "plus",
        "a sign in the slope",
        "the square of h is added to one: the slope of tanh falls to zero where h comes near one",
        ({ h, dh }) => one.add(h.pow(2)).mul(dh),
      ),
      mistake(
        "sigmoid",
        "the derivative of the sigmoid is used",
        "this is the slope of a sigmoid: tanh runs from -1 to 1 and has another",
        ({ h, dh }) => h.mul(one.sub(h)).mul(dh),
      ),
      mistake(
        "passed-through",
        "tanh is overlooked",
        "the gradient from above comes out as it went in: tanh has a slope of its own",
        ({ dh }) => dh.clone(),
      ),
      mistake(
        "square-alone",
        "the one is forgotten",
        "the one in the slope is missing: at h = 0 nothing would pass",
        ({ h, dh }) => h.pow(2).mul(dh),
      ),
      mistake("sign", "the difference is taken the other way round", "the sign is flipped: tanh rises", ({ h, dh }) =>
        h.pow(2).sub(1).mul(dh),
      ),
      mistake(
        "times-h",
        "the value is taken for the slope",
        "the gradient from above is multiplied by h itself in place of the slope at it",
        ({ h, dh }) => h.mul(dh),
      ),
      mistake(
        "tanh-twice",
        "tanh is applied to its output",
        "tanh is applied to h, which is its output already",
        ({ h, dh }) => one.sub(h.tanh().pow(2)).mul(dh),
      ),
      mistake(
        "relu",
        "the derivative of relu is used",
        "the gradient passes where h is positive and stops where it is not: that is another function than tanh",
        ({ h, dh }) => dh.mul(positive(h)),
      ),
      mistake(
        "square-of-difference",
        "the square stands around the bracket",
        "the square stands around the whole bracket: only h is squared",
        ({ h, dh }) => one.sub(h).pow(2).mul(dh),
      ),
      mistake(
        "slope-squared",
        "the slope is multiplied in twice",
        "the slope of tanh is squared: it is a factor once",
        ({ h, dh }) => one.sub(h.pow(2)).pow(2).mul(dh),
      ),
    ],
    dembcat: [
      mistake(
        "not-transposed",
        "the forward product is repeated",
        "the product does not fit as it stands: compare the shapes of dhprebn, W1 and embcat; one factor is to be transposed",
        ({ W1, dhprebn }) => dhprebn.matmul(W1),
      ),
      mistake(
        "order",
        "the factors are exchanged",
        "the factors stand in the other order: write their shapes side by side, and the inner sizes must meet",
        ({ W1, dhprebn }) => W1.matmul(dhprebn),
      ),
      mistake(
        "result-transposed",
        "the other order of transposed factors",
        "this is the transpose of the answer: embcat has a row for each example",
        ({ W1, dhprebn }) => W1.matmul(dhprebn.T),
      ),
      mistake("sign", "a sign slips in", "the sign is flipped", ({ W1, dhprebn }) => dhprebn.matmul(W1.T).neg()),
      mistake(
        "divided",
        "the mean of the loss is applied again",
        "divided by the number of examples once more: the mean is in what comes from above already",
        ({ W1, dhprebn }) => dhprebn.matmul(W1.T).div(dhprebn.size(0)),
      ),
      mistake(
        "hprebn-for-dhprebn",
        "the value is taken for its gradient",
        "hprebn itself is in the product, in place of its gradient",
        ({ W1, hprebn }) => hprebn.matmul(W1.T),
      ),
    ],
    dW1: [
      mistake(
        "result-transposed",
        "the factors are in the other order",
        "this is the transpose of the answer: W1 has a row for each input",
        ({ embcat, dhprebn }) => dhprebn.T.matmul(embcat),
      ),
      mistake(
        "not-transposed",
        "the transpose is forgotten",
        "the product does not fit as it stands: compare the shapes of embcat, dhprebn and W1; one factor is to be transposed",
        ({ embcat, dhprebn }) => embcat.matmul(dhprebn),
      ),
      mistake(
        "divided",
        "the mean of the loss is applied again",
        "divided by the number of examples once more: the mean is in what comes from above already",
        ({ embcat, dhprebn }) => embcat.T.matmul(dhprebn).div(embcat.size(0)),
      ),
      mistake("sign", "a sign slips in", "the sign is flipped", ({ embcat, dhprebn }) =>
        embcat.T.matmul(dhprebn).neg(),
      ),
      mistake(
        "hprebn-for-dhprebn",
        "the value is taken for its gradient",
        "hprebn itself is in the product, in place of its gradient",
        ({ embcat, hprebn }) => embcat.T.matmul(hprebn),
      ),
    ],
    db1: [
      mistake(
        "zeros",
        "the value in the full network is written down",
        "all zeros: that is its value in the full network, where batchnorm subtracts the mean, not the derivative of this line",
        ({ b1 }) => zerosLike(b1),
      ),
      mistake(
        "mean",
        "the copies are averaged",
        "the rows are averaged: b1 was copied into every row, and the copies add up",
        ({ dhprebn }) => dhprebn.mean(0),
      ),
      mistake("sign", "a sign slips in", "the sign is flipped", ({ dhprebn }) => dhprebn.sum(0).neg()),
      mistake(
        "wrong-dimension",
        "the sum is along the rows",
        "the sum runs over the neurons: b1 was copied down the batch",
        ({ dhprebn }) => dhprebn.sum(1),
      ),
      mistake(
        "keepdim",
        "the dimension is kept",
        "the summed dimension is kept: b1 has shape [hidden]",
        ({ dhprebn }) => dhprebn.sum(0, keepdim),
      ),
      mistake(
        "not-summed",
        "the broadcast is overlooked",
        "the answer still has a row for each example: b1 was copied down the batch, so its gradient is summed over it",
        ({ dhprebn }) => dhprebn.clone(),
      ),
      mistake(
        "times-b1",
        "the bias is taken for a factor",
        "the sum is multiplied by b1: a bias is added, its slope is one",
        ({ b1, dhprebn }) => dhprebn.sum(0).mul(b1),
      ),
    ],
    demb: [
      mistake(
        "not-reshaped",
        "the view is overlooked",
        "the numbers are right and the shape is embcat's: a view is undone by a view",
        ({ dembcat }) => dembcat.clone(),
      ),
      mistake(
        "axes-swapped",
        "the two last axes are exchanged",
        "the last two axes are exchanged: embcat holds one character's numbers after another's",
        ({ emb, dembcat }) => swapped(emb, dembcat),
      ),
      mistake(
        "axes-named-wrong",
        "the view names its sizes in another order",
        "the shape has embd before block: emb has them the other way round",
        ({ emb, dembcat }) => dembcat.view(emb.size(0), emb.size(2), emb.size(1)),
      ),
      mistake(
        "times-emb",
        "the value is multiplied in",
        "the gradient is multiplied by emb: a view has slope one",
        ({ emb, dembcat }) => dembcat.view(...emb.shape).mul(emb),
      ),
      mistake("sign", "a sign slips in", "the sign is flipped", ({ emb, dembcat }) => dembcat.view(...emb.shape).neg()),
      mistake(
        "divided",
        "the gradient is shared among the characters",
        "divided by the number of characters of context: a view shares nothing out",
        ({ emb, dembcat }) => dembcat.view(...emb.shape).div(emb.size(1)),
      ),
    ],
    dC: [
      mistake(
        "overwritten",
        "= for +=",
        "a row of C that is looked up more than once keeps one gradient only: what comes from each place adds up",
        ({ C, Xb, demb }) => overwritten(C, Xb, demb),
      ),
      mistake(
        "mean",
        "rows that are used twice are averaged",
        "a row of C that is looked up more than once gets the mean of its gradients: they add up",
        ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, Xb, demb).div(countOf(C, Xb)),
      ),
      mistake(
        "first-only",
        "the first use of a row is kept",
        "a row of C that is looked up more than once keeps its first gradient only: what comes from each place adds up",
        ({ C, Xb, demb }) => firstOnly(C, Xb, demb),
      ),
      mistake(
        "wrong-row",
        "indices are counted from one",
        "every gradient lands one row too low: the indices in Xb count from zero",
        ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, shifted(Xb, C.size(0)), demb),
      ),
      mistake(
        "first-character",
        "only one character of the context is used",
        "only the first character of each context sends something back: all of them are looked up",
        ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, column(Xb, 0), character(demb, 0)),
      ),
      mistake(
        "last-character",
        "only the newest character is used",
        "only the last character of each context sends something back: all of them are looked up",
        ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, column(Xb, Xb.size(1) - 1), character(demb, Xb.size(1) - 1)),
      ),
      mistake(
        "added-to-C",
        "the gradient starts from the values",
        "the sum starts from C itself in place of zeros",
        ({ C, Xb, demb }) => C.indexAdd(0, Xb, demb),
      ),
      mistake(
        "divided",
        "the mean of the loss is applied again",
        "divided by the number of examples once more: the mean is in what comes from above already",
        ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, Xb, demb).div(Xb.size(0)),
      ),
      mistake("sign", "a sign slips in", "the sign is flipped", ({ C, Xb, demb }) =>
        zerosLike(C).indexAdd(0, Xb, demb).neg(),
      ),
      mistake(
        "emb-for-demb",
        "the value is taken for its gradient",
        "the embeddings themselves are added up, in place of their gradients",
        ({ C, Xb, emb }) => zerosLike(C).indexAdd(0, Xb, emb),
      ),
      mistake(
        "every-row",
        "every row gets the whole sum",
        "every row of C gets the same: a row collects from the places where it was looked up, and from no others",
        ({ C, demb }) => onesLike(C).mul(demb.view(-1, C.size(1)).sum(0)),
      ),
    ],
  };

/** 1 where x is positive, else 0. */
function positive(x: Tensor): Tensor {
  return tensor(
    x.toArray().map((value) => (value > 0 ? 1 : 0)),
    x.shape,
  );
}

/** dembcat [n, block*embd] read as [n, embd, block] and its last axes exchanged. */
function swapped(emb: Tensor, dembcat: Tensor): Tensor {
  const demb = zerosLike(emb);
  const [n, block, embd] = [emb.size(0), emb.size(1), emb.size(2)];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < block; j++) for (let k = 0; k < embd; k++) demb.set(i, j, k, dembcat.get(i, k * block + j));
  }
  return demb;
}

/** Calls `write` with each row of demb and the row of C it came from, in order. */
function eachLookup(Xb: Tensor, demb: Tensor, write: (row: number, values: number[]) => void): void {
  const embd = demb.size(2);
  const values = demb.toArray();
  for (const [i, row] of Xb.toArray().entries()) write(row, Array.from(values.subarray(i * embd, (i + 1) * embd)));
}

function overwritten(C: Tensor, Xb: Tensor, demb: Tensor): Tensor {
  const dC = zerosLike(C);
  eachLookup(Xb, demb, (row, values) => values.forEach((value, k) => dC.set(row, k, value)));
  return dC;
}

function firstOnly(C: Tensor, Xb: Tensor, demb: Tensor): Tensor {
  const dC = zerosLike(C);
  const seen = new Set<number>();
  eachLookup(Xb, demb, (row, values) => {
    if (!seen.has(row)) values.forEach((value, k) => dC.set(row, k, value));
    seen.add(row);
  });
  return dC;
}

/** How often each row of C is looked up, at least 1: [vocab, 1]. */
function countOf(C: Tensor, Xb: Tensor): Tensor {
  const counts = oneHot(Xb.view(-1), C.size(0)).sum(0).toArray();
  return tensor(
    counts.map((count) => Math.max(count, 1)),
    [C.size(0), 1],
  );
}

function shifted(Xb: Tensor, rows: number): Tensor {
  return tensor(
    Xb.toArray().map((row) => (row + 1) % rows),
    Xb.shape,
    "int32",
  );
}

/** One column of Xb [n, block]: [n]. */
function column(Xb: Tensor, j: number): Tensor {
  return tensor(
    Array.from({ length: Xb.size(0) }, (_, i) => Xb.get(i, j)),
    [Xb.size(0)],
    "int32",
  );
}

/** What one character of each context sends back: [n, embd]. */
function character(demb: Tensor, j: number): Tensor {
  const [n, embd] = [demb.size(0), demb.size(2)];
  return tensor(
    Array.from({ length: n * embd }, (_, i) => demb.get(Math.floor(i / embd), j, i % embd)),
    [n, embd],
  );
}
