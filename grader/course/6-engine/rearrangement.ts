import { oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
import { Measured } from "../../autograd/measured.ts";
import type { Generator } from "../../network/random.ts";
import { drawNumbers } from "../../kit/row.ts";
import { build } from "../elements.ts";
import { drawSizes, programRoom, shapeIn, type RuleQuestion } from "./room.ts";
import type { LookUp } from "./types.ts";

interface Asked {
  says: string;
  given: RuleQuestion<LookUp>;
}

export const rearrangement = programRoom<"rearrangement", RuleQuestion<LookUp>>({
  id: "rearrangement",
  title: "rows that are looked up, and a view",
  task: [
    "Numbers were copied to other places: output = x.gatherRows(index), or x.view(...output.shape).",
    "",
    "Given:",
    '  name: "gatherRows" or "view"',
    "  x: the input; for gatherRows a matrix",
    "  index: the rows that were looked up, integers of any shape; null for a view",
    "  output, upstream: the output, and the gradient of the loss with respect to it, in its shape",
    "",
    "Return: dx, in the shape of x",
  ],
  names: ["dx"],
  example: gathered(
    build([3, 2], (i, j) => 2 * i + j),
    tensor([2, 0, 2], [3], "int32"),
    build([3, 2], (i, j) => 10 ** i * (j + 1)),
  ),
  draw,
  right: ({ x, index, upstream }) => {
    const above = Measured.from(upstream);
    return index ? Measured.from(zerosLike(x)).indexAdd(0, index, above) : above.view(...x.shape);
  },

  idea: "A number that was copied several times collects the gradients of all its copies.",

  hints: {
    ask: "Each entry of the output is a copy of an entry of x. How often can one entry of x be copied?",
    rule:
      "A copy passes its upstream gradient to the entry that it was copied from. A view copies each entry once, in the " +
      "same order. A lookup can copy a row several times or never: the gradients of all copies add up, and a row that " +
      "was never copied gets zero.",
    numbers: {
      x: [
        [1, 2],
        [3, 4],
      ],
      upstream: [
        [10, 20],
        [-1, 5],
      ],
    },
    show: ["x"],
    worked: "dx[1, 0] = {upstream 0 0} + {upstream 1 0}",
    result: {
      name: "dx",
      of: ({ x, upstream }) => {
        const index = tensor([1, 1], [2], "int32");
        return Measured.from(zerosLike(x!.toTensor())).indexAdd(0, index, upstream!);
      },
    },
    piece:
      "indexAdd(0, index, values) adds each row of values to the row of a tensor of zeros that the index names. A view is undone by a view.",
  },

  questions: [
    {
      id: "twice",
      ask: "A row was looked up twice, and the upstream gradients of the two copies are 3 and 4 in the first column. What is the gradient of the row there?",
      answer: "7",
      others: ["3", "4", "3.5"],
      why: "Both copies count, so what flows back from them adds up.",
    },
    {
      id: "never",
      ask: "A row was never looked up. What is its gradient?",
      answer: "zero",
      others: ["one", "the mean of the others", "it has none, so the answer has a row less"],
      why: "The loss does not depend on it, but the gradient has a row for each row of x.",
    },
  ],

  alsoRight: [
    {
      code: [
        "if (!index) return upstream.view(...x.shape);",
        "const picks = oneHot(index.view(-1), x.size(0));",
        "return picks.T.matmul(upstream.view(-1, x.size(1)));",
      ].join("\n"),
      why: "A lookup is a product with a matrix of one-hot rows, so its gradient is a product with the transpose.",
    },
  ],

  mistakes: [
    {
      id: "overwritten",
      idea: "the gradient of the last copy replaces those before it",
      sentence:
        "for gatherRows, a row that was looked up several times got the gradient of its last copy alone: all of them are added up",
      look: "Set a row of zeros twice, once for each copy. What is left of the first?",
      answer: (done) => rows(done, (_, above) => above),
    },
    {
      id: "first-copy",
      idea: "only the first copy counts",
      sentence:
        "for gatherRows, a row that was looked up several times got the gradient of its first copy alone: all of them are added up",
      look: "If a row is used in three places and each use raises the loss, by how much does the loss rise?",
      answer: (done) => rows(done, (before, above, isFirst) => (isFirst ? above : before)),
    },
    {
      id: "averaged",
      idea: "the gradients of a row's copies are averaged",
      sentence: "for gatherRows, the gradients of a row's copies were averaged: they add up",
      look: "If each of two copies raises the loss by 0.1, does the loss rise by 0.1 or by 0.2?",
      answer: (done) => {
        const { index, x } = done;
        if (!index) return correct(done);
        const counts = oneHot(index.view(-1), x.size(0)).sum(0, true).T;
        return correct(done).div(build(counts.shape, (i) => Math.max(counts.get(i, 0), 1)));
      },
    },
    {
      id: "looked-up-again",
      idea: "the gradient is looked up with the same index",
      sentence:
        "for gatherRows, rows of the upstream gradient were looked up: they should be added to the rows that the index names",
      look: "The index says where each row of the output came from. Read it as where each row of the gradient goes.",
      answer: (done) => {
        const { index, x, upstream } = done;
        if (!index) return correct(done);
        const above = upstream.view(-1, x.size(1));
        const all = index.view(-1).toArray();
        return build(x.shape, (i, j) => above.get(all[i % all.length]! % above.size(0), j));
      },
      others: [
        (done) => (done.index ? done.upstream.view(-1, done.x.size(1)).gatherRows(done.index.view(-1)) : correct(done)),
        (done) => (done.index ? done.upstream.gatherRows(done.index) : correct(done)),
        (done) => (done.index ? done.upstream.gatherRows(done.index.view(-1)) : correct(done)),
      ],
    },
    {
      id: "added-to-x",
      idea: "the gradients are added to the rows of x",
      sentence: "for gatherRows, the gradients were added to x itself: a gradient begins with zeros",
      look: "What does your answer contain in a row that was never looked up?",
      answer: (done) => (done.index ? correct(done).add(done.x) : correct(done)),
    },
    {
      id: "places-for-rows",
      idea: "the gradients are added in the order of the output",
      sentence:
        "for gatherRows, the gradients were added to the rows in the order of the output: the index says which row each belongs to",
      look: "Where does the first row of the output come from? Its gradient goes there.",
      answer: (done) => {
        const { index, x } = done;
        if (!index) return correct(done);
        const inOrder = tensor(
          Array.from({ length: index.numel() }, (_, i) => i % x.size(0)),
          index.shape,
          "int32",
        );
        return correct({ ...done, index: inOrder });
      },
      others: [
        // as far as there are rows
        (done) => {
          const { index, x, upstream } = done;
          if (!index) return correct(done);
          const above = upstream.view(-1, x.size(1));
          return build(x.shape, (i, j) => (i < above.size(0) ? above.get(i, j) : 0));
        },
      ],
    },
    {
      id: "upstream-forgotten",
      idea: "each row gets the number of its copies",
      sentence: "for gatherRows, every row has the number of its copies: each copy counts with its upstream gradient",
      look: "Two rows can be copied equally often. Do they always get the same gradient?",
      answer: (done) => (done.index ? correct({ ...done, upstream: onesLike(done.upstream) }) : correct(done)),
      others: [(done) => correct({ ...done, upstream: onesLike(done.upstream) })],
    },
    {
      id: "shifted",
      idea: "the rows are counted from one",
      sentence: "for gatherRows, every gradient is one row too far up or down: rows are counted from 0",
      look: "Which row of x does the index 0 name?",
      answer: (done) => correct({ ...done, index: done.index && shiftedBy(-1, done.index, done.x.size(0)) }),
      others: [(done) => correct({ ...done, index: done.index && shiftedBy(1, done.index, done.x.size(0)) })],
    },
    {
      id: "view-transposed",
      idea: "a view is undone by transposing",
      sentence: "for view, the entries are in another order: a view keeps the order in which they are stored",
      look: "A transpose moves entries, a view does not. Which of the two undoes a view?",
      answer: (done) => {
        const { index, x, upstream } = done;
        if (index) return correct(done);
        const flat = upstream.view(-1, upstream.shape.at(-1)!);
        return flat.T.view(-1).view(...x.shape);
      },
      others: [
        // matrices alone
        (done) => {
          const { index, x, upstream } = done;
          return index || upstream.shape.length !== 2 ? correct(done) : upstream.T.view(...x.shape);
        },
      ],
    },
    {
      id: "not-viewed",
      idea: "the gradient of a view is passed on as it is",
      sentence: "for view, the gradient still has the output's shape: it should have the input's",
      look: "A gradient has the shape of the tensor that it belongs to.",
      answer: (done) => (done.index ? correct(done) : done.upstream),
    },
  ],

  forms: [
    correct,
    ({ x, index, upstream }) => {
      if (!index) return upstream.view(...x.shape);
      return oneHot(index.view(-1), x.size(0)).T.matmul(upstream.view(-1, x.size(1)));
    },
    (done) =>
      done.index ? rows(done, (before, above) => before + above) : done.upstream.view(-1).view(...done.x.shape),
    ({ x, index, upstream }) => {
      const [flat, columns] = [upstream.toArray(), x.shape.at(-1) ?? 1];
      if (!index) return tensor(flat, x.shape);
      const all = [...index.toArray()];
      return build(x.shape, (i, j) =>
        all.reduce((sum, row, copy) => (row === i ? sum + flat[copy * columns + j!]! : sum), 0),
      );
    },
  ],
});

function correct({ x, index, upstream }: LookUp): Tensor {
  return index ? zerosLike(x).indexAdd(0, index, upstream) : upstream.view(...x.shape);
}

/** Goes through the copies in order: each entry of dx is what it was and the copy's upstream gradient, combined. */
function rows(done: LookUp, combine: (before: number, above: number, isFirst: boolean) => number): Tensor {
  const { x, index, upstream } = done;
  if (!index) return correct(done);
  const dx = zerosLike(x);
  const above = upstream.view(-1, x.size(1));
  const seen = new Set<number>();
  for (const [copy, row] of index.view(-1).toArray().entries()) {
    for (let j = 0; j < x.size(1); j++) dx.set(row, j, combine(dx.get(row, j), above.get(copy, j), !seen.has(row)));
    seen.add(row);
  }
  return dx;
}

/** An index moved by some rows, as far as there are rows. */
function shiftedBy(rows: number, index: Tensor, count: number): Tensor {
  const moved = Array.from(index.toArray(), (row) => Math.min(Math.max(row + rows, 0), count - 1));
  return tensor(moved, index.shape, "int32");
}

function gathered(x: Tensor, index: Tensor, upstream?: Tensor): Asked {
  const output = x.gatherRows(index);
  const says = `rows of ${shapeIn(x.shape)} by an index ${shapeIn(index.shape)}`;
  return { says, given: [{ name: "gatherRows", x, index, output, upstream: upstream ?? output }] };
}

function viewed(x: Tensor, shape: readonly number[], upstream: Tensor): Asked {
  const says = `a view of ${shapeIn(x.shape)} as ${shapeIn(shape)}`;
  return { says, given: [{ name: "view", x, index: null, output: x.view(...shape), upstream }] };
}

/** Lookups with indices of one and two dimensions, in which rows repeat and others are left out; and views. */
function draw(generator: Generator): Asked[] {
  const [m, n, k] = drawSizes(generator, 3) as [number, number, number];
  const lookups = [[m + n], [k, m], [m]].map((shape) => {
    const x = drawNumbers(generator, [m, n]);
    // one row less than there are, so that some repeat and at least one is left out
    const index = generator.randint(0, m - 1, ...shape);
    const { says, given } = gathered(x, index);
    const [done] = given;
    return { says, given: [{ ...done, upstream: drawNumbers(generator, done.output.shape) }] as const };
  });
  const views = [
    [
      [m, n * k],
      [m, n, k],
    ],
    [
      [m, n],
      [n, m],
    ],
    [[n, n], [n * n]],
    [[m * n], [m, n]],
    [
      [m, n, k],
      [m * n, k],
    ],
  ] as [number[], number[]][];
  return [
    ...lookups,
    ...views.map(([from, to]) => viewed(drawNumbers(generator, from), to, drawNumbers(generator, to))),
  ];
}
