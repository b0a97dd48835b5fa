import { oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
import { build, delta, throughColumns } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dC = gradientRoom(makemore, {
  tensor: "C",
  lecture: [4917],

  idea: "The backward pass of a lookup is a scatter, and a row that is used twice adds up two gradients.",

  questions: [
    {
      id: "entries",
      ask: "A character occurs three times in Xb. How many rows of demb are added up in its row of dC?",
      answer: "one for each time it was read, so 3",
      others: [
        "only the one that was read last",
        "one for each example, so n",
        "one for each position of a context, so block",
      ],
      why: "Each lookup copies the row, and the gradients of the copies add up, wherever in Xb the copies are.",
    },
    {
      id: "zeros",
      ask: "Which rows of dC are zero, whatever the upstream gradient is?",
      answer: "those of characters that do not occur in Xb",
      others: ["those of characters that are no label", "those of characters that occur once", "none"],
      why: "A row that no position reads cannot change the loss. Labels play no part in the lookup.",
    },
  ],

  hints: {
    ask:
      "The answer has a row for each character, the upstream gradient has one for each position in the batch. Which " +
      "tensor says which row goes where?",
    rule:
      "A lookup copies rows. Its backward pass is a scatter: each row of C adds up the gradients of all positions " +
      "where it was looked up; a character that does not occur keeps zeros.",
    numbers: {
      Xb: [
        [2, 0],
        [2, 1],
      ],
      demb: [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
    },
    sizes: { vocab: 4 },
    show: ["Xb"],
    worked: "dC[2, 0] = {demb 0 0 0} + {demb 1 0 0}",
    piece:
      "Start from zeros in the shape of C. For each position of Xb, the row of the upstream gradient is added to the " +
      "row of C that Xb names there; a loop over both dimensions of Xb does it. indexAdd does it without a " +
      'loop: see exercises/TENSORS.md, section "All operations".',
  },

  mistakes: [
    {
      id: "overwritten",
      idea: "= instead of +=",
      sentence:
        "a row of C that is looked up more than once keeps only one of its gradients: the gradients of all its lookups add up",
      look: "If Xb names a row a second time, what happens to the numbers that are there? Add to them.",
      answer: ({ C, Xb, demb }) => overwritten(C, Xb, demb),
    },
    {
      id: "mean",
      idea: "rows that are used twice are averaged",
      sentence: "a row of C that is looked up more than once gets the mean of its gradients: they should add up",
      look: looks.mean,
      answer: ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, Xb, demb).div(countOf(C, Xb)),
    },
    {
      id: "first-only",
      idea: "the first use of a row is kept",
      sentence:
        "a row of C that is looked up more than once keeps only its first gradient: the gradients of all its lookups add up",
      look: "If Xb names a row a second time, does your code skip it? Its gradient is added to what is there.",
      answer: ({ C, Xb, demb }) => firstOnly(C, Xb, demb),
    },
    {
      id: "wrong-row",
      idea: "indices are counted from one",
      sentence: "every gradient is added one row too low: the indices in Xb count from zero",
      look: "The index 0 names the first row. Is there a + 1 or a - 1 where you use the index?",
      answer: ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, shifted(Xb, C.size(0)), demb),
    },
    {
      id: "first-character",
      idea: "only one character of the context is used",
      sentence:
        "only the gradient of the first character of each context is added: all of its characters are looked up",
      look: "Xb has one column for each character of the context. Go through all of them.",
      answer: ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, column(Xb, 0), character(demb, 0)),
    },
    {
      id: "last-character",
      idea: "only the last character of the context is used",
      sentence: "only the gradient of the last character of each context is added: all of its characters are looked up",
      look: "Xb has one column for each character of the context. Go through all of them.",
      answer: ({ C, Xb, demb }) =>
        zerosLike(C).indexAdd(0, column(Xb, Xb.size(1) - 1), character(demb, Xb.size(1) - 1)),
    },
    {
      id: "added-to-C",
      idea: "the gradient starts from the values",
      sentence: "the sum starts from C itself instead of zeros",
      look: "The gradient does not contain the values of C. What does it contain for a character that never occurs?",
      answer: ({ C, Xb, demb }) => C.indexAdd(0, Xb, demb),
    },
    {
      id: "divided",
      idea: "the mean of the loss is applied again",
      sentence: "divided by n again: the 1/n of the mean is already in the upstream gradient",
      look: looks.divided,
      answer: ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, Xb, demb).div(Xb.size(0)),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped",
      look: looks.sign("C"),
      answer: ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, Xb, demb).neg(),
    },
    {
      id: "emb-for-demb",
      idea: "the value is used instead of its gradient",
      sentence: "the embeddings themselves are added up, instead of their gradients",
      look: looks.valueForGradient,
      answer: ({ C, Xb, emb }) => zerosLike(C).indexAdd(0, Xb, emb),
    },
    {
      id: "every-row",
      idea: "every row gets the whole sum",
      sentence:
        "every row of C gets the same: a row adds up the gradients of the positions where it was looked up, and of no others",
      look: "Which row of C does one position of Xb name? The gradient of that position goes to this row alone.",
      answer: ({ C, demb }) => onesLike(C).mul(demb.view(-1, C.size(1)).sum(0)),
    },
  ],

  alsoRight: [
    {
      code: "const positions = oneHot(Xb.view(-1), C.size(0));\nreturn positions.T.matmul(demb.view(-1, C.size(1)));",
      why: "A lookup is a matrix product with a one-hot matrix, so its backward pass is a product with the transpose. It needs no scatter, and far more multiplications.",
    },
  ],

  forms: [
    ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, Xb, demb),
    ({ C, Xb, demb }) => {
      const r = oneHot(Xb.view(-1), C.size(0));
      return r.T.matmul(demb.view(r.size(0), -1));
    },
    ({ C, Xb, demb }) => {
      const d = zerosLike(C);
      for (let i = Xb.size(0) - 1; i >= 0; i--)
        for (let j = 0; j < Xb.size(1); j++)
          for (let k = 0; k < C.size(1); k++) d.set(Xb.get(i, j), k, d.get(Xb.get(i, j), k) + demb.get(i, j, k));
      return d;
    },
    ({ C, Xb, demb }) =>
      build([...C.shape], (c, k) => {
        let s = 0;
        for (let i = 0; i < Xb.size(0); i++)
          for (let j = 0; j < Xb.size(1); j++) if (Xb.get(i, j) === c) s += demb.get(i, j, k);
        return s;
      }),
    ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, Xb.view(-1), demb.view(-1, C.size(1))),
    ({ C, Xb, demb }) => {
      const d = zerosLike(C);
      for (let i = 0; i < Xb.size(0); i++)
        for (let j = 0; j < Xb.size(1); j++)
          for (let k = 0; k < C.size(1); k++) d.set(Xb.get(i, j), k, d.get(Xb.get(i, j), k) + demb.get(i, j, k));
      return d;
    },
    // sums in float64, character by character
    ({ C, Xb, demb }) => {
      const sums = Array.from({ length: C.size(0) }, () => new Float64Array(C.size(1)));
      for (let i = 0; i < Xb.size(0); i++)
        for (let j = 0; j < Xb.size(1); j++)
          for (let k = 0; k < C.size(1); k++) sums[Xb.get(i, j)]![k]! += demb.get(i, j, k);
      return build([...C.shape], (c, k) => sums[c]![k]!);
    },
    // position by position
    ({ C, Xb, demb }) => {
      const [n, block, embd] = demb.shape as [number, number, number];
      let d = zerosLike(C);
      for (let j = 0; j < block; j++) {
        const characters = tensor(
          Array.from({ length: n }, (_, i) => Xb.get(i, j)),
          [n],
          "int32",
        );
        d = d.add(oneHot(characters, C.size(0)).T.matmul(build([n, embd], (i, k) => demb.get(i, j, k))));
      }
      return d;
    },
    ({ C, Xb, demb }) => {
      const characters = Xb.toArray();
      return throughColumns(demb.view(-1, C.size(1)), C.size(0), (_, place, c) => delta(characters[place]!, c));
    },
  ],
});

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

/** How often each row of C is looked up, but at least 1: [vocab, 1]. */
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

/** The gradient of one character of each context: [n, embd]. */
function character(demb: Tensor, j: number): Tensor {
  const [n, embd] = [demb.size(0), demb.size(2)];
  return tensor(
    Array.from({ length: n * embd }, (_, i) => demb.get(Math.floor(i / embd), j, i % embd)),
    [n, embd],
  );
}
