import { oneHot, onesLike, tensor, zerosLike, type Shape, type Tensor } from "#tensor";
import { lineWriter } from "../../network/line.ts";
import type { Generator } from "../../network/random.ts";
import { build, delta, throughColumns } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import type { Draw } from "../../kit/row.ts";
import { table } from "../tables.ts";

const line = lineWriter<"visits">();

export const dbook = writtenRoom({
  id: "dbook",
  title: "a lookup with repeated rows",
  tensor: "book",
  asks: "gradient",
  given: ["book", "visits", "quotes", "dquotes"],
  inputs: { book: ["pages", "columns"] },
  indices: { visits: ["rows"] },
  runs: [[line("quotes", ["book", "visits"], "book[visits]", table, ({ book, visits }) => book.gatherRows(visits))]],
  draw: { visits: drawVisits },
  example: {
    book: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    visits: [2, 0, 2],
    dquotes: [
      [1, -1],
      [2, 0.5],
      [3, 4],
    ],
  },

  idea: "The backward pass of a lookup adds each row to the row that it was read from.",

  hints: {
    ask:
      "A row of quotes is a copy of a page of book, and visits says of which one. How often can the same page be " +
      "copied, and what is the gradient of a page that is not copied at all?",
    rule:
      "A lookup copies rows, so its backward pass adds: each row of the upstream gradient is added to the page that " +
      "it was copied from. That is called a scatter. A page that was visited twice collects two rows; a page that was " +
      "not visited keeps its zeros.",
    show: ["book", "visits"],
    worked: "dbook[2, 0] = dquotes[0, 0] + dquotes[2, 0] = {dquotes 0 0} + {dquotes 2 0}",
    piece:
      "Start from zeros in the shape of book, not of quotes. For each row i of the upstream gradient, add its numbers " +
      "to the row that visits names for i: read what is there, add, and set the sum. indexAdd does all of that " +
      "without a loop; it takes the dimension, the indices and the rows to add.",
  },

  mistakes: [
    {
      id: "overwritten",
      idea: "= instead of +=",
      sentence:
        "a page that is visited more than once keeps only its last gradient: the gradients of all visits add up",
      look: "If visits names a page a second time, what happens to the numbers that are there? Add to them.",
      answer: ({ book, visits, dquotes }) => copied(book, visits, dquotes, [...visits.toArray().keys()]),
    },
    {
      id: "first-only",
      idea: "a page that was visited before is skipped",
      sentence:
        "a page that is visited more than once keeps only its first gradient: the gradients of all visits add up",
      look: "If visits names a page a second time, does your code skip it? Its gradient is added to what is there.",
      answer: ({ book, visits, dquotes }) => copied(book, visits, dquotes, [...visits.toArray().keys()].toReversed()),
    },
    {
      id: "mean",
      idea: "pages that are visited twice are averaged",
      sentence: "a page that is visited more than once gets the mean of its gradients: they should add up",
      look: looks.mean,
      answer: ({ book, visits, dquotes }) =>
        zerosLike(book)
          .indexAdd(0, visits, dquotes)
          .div(countsOf(book, visits).each((count) => Math.max(count, 1))),
    },
    {
      id: "counted-from-one",
      idea: "indices are counted from one",
      sentence: "every gradient is added one page too low: indices count from zero",
      look: "The index 0 names the first row. Is there a + 1 or a - 1 where you use the index?",
      answer: ({ book, visits, dquotes }) => {
        const pages = book.size(0);
        const next = [...visits.toArray()].map((page) => (page + 1) % pages);
        return zerosLike(book).indexAdd(0, tensor(next, visits.shape, "int32"), dquotes);
      },
    },
    {
      id: "added-to-values",
      idea: "the sum starts from the values",
      sentence: "the sum starts from book itself instead of zeros",
      look: "What should the gradient be for a page that is never visited?",
      answer: ({ book, visits, dquotes }) => book.indexAdd(0, visits, dquotes),
    },
    {
      id: "upstream-forgotten",
      idea: "only the number of visits is returned",
      sentence: "each page has the number of its visits: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ book, visits }) => onesLike(book).mul(countsOf(book, visits)),
    },
    {
      id: "values-added",
      idea: "the values are used instead of their gradients",
      sentence: "the rows of quotes themselves are added up, instead of their gradients",
      look: looks.valueForGradient,
      answer: ({ book, visits, quotes }) => zerosLike(book).indexAdd(0, visits, quotes),
    },
    {
      id: "every-page",
      idea: "every page gets the whole sum",
      sentence: "every page gets the same: a page adds up the gradients of its own visits, and of no others",
      look: "Which page does one row of quotes come from? Its gradient goes to that page alone.",
      answer: ({ book, dquotes }) => onesLike(book).mul(dquotes.sum(0)),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped: a copy rises with what it was copied from",
      look: looks.sign("book"),
      answer: ({ book, visits, dquotes }) => zerosLike(book).indexAdd(0, visits, dquotes).neg(),
    },
  ],

  forms: [
    ({ book, visits, dquotes }) => zerosLike(book).indexAdd(0, visits, dquotes),
    ({ book, visits, dquotes }) => oneHot(visits, book.size(0)).T.matmul(dquotes),
    ({ book, visits, dquotes }) => {
      const d = zerosLike(book);
      for (let i = 0; i < visits.size(0); i++)
        for (let j = 0; j < book.size(1); j++) d.set(visits.get(i), j, d.get(visits.get(i), j) + dquotes.get(i, j));
      return d;
    },
    ({ book, visits, dquotes }) => {
      const d = zerosLike(book);
      for (let i = visits.size(0) - 1; i >= 0; i--)
        for (let j = 0; j < book.size(1); j++) d.set(visits.get(i), j, dquotes.get(i, j) + d.get(visits.get(i), j));
      return d;
    },
    ({ book, visits, dquotes }) =>
      build([...book.shape], (page, j) => {
        let total = 0;
        for (let i = 0; i < visits.size(0); i++) if (visits.get(i) === page) total += dquotes.get(i, j);
        return total;
      }),
    ({ book, visits, dquotes }) => {
      const at = visits.toArray();
      return throughColumns(dquotes, book.size(0), (_, i, page) => delta(at[i]!, page));
    },
  ],
});

/** The rows of the upstream gradient, each copied over what its page has, in some order. */
function copied(book: Tensor, visits: Tensor, dquotes: Tensor, order: readonly number[]): Tensor {
  const d = zerosLike(book);
  for (const i of order) for (let j = 0; j < book.size(1); j++) d.set(visits.get(i), j, dquotes.get(i, j));
  return d;
}

/** How often each page is visited, shape [pages, 1]. */
function countsOf(book: Tensor, visits: Tensor): Tensor {
  return oneHot(visits, book.size(0)).sum(0).view(-1, 1);
}

/** Pages, one per row: the first and the last, and one of the others twice, in any rows; the rest at random. */
function drawVisits(generator: Generator, [rows]: Shape, { book }: Parameters<Draw>[2]): Tensor {
  const pages = book!.size(0);
  const visits = [...generator.randint(0, pages, rows!).toArray()];
  const [first, last, one, other] = generator.randperm(rows!);
  visits[first!] = 0;
  visits[last!] = pages - 1;
  if (one !== undefined && other !== undefined) {
    visits[one] = 1 + generator.randint(0, pages - 2, 1).item();
    visits[other] = visits[one]!;
  }
  return tensor(visits, [rows!], "int32");
}
