import type { Tensor } from "#tensor";
import { build, sum } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { averaged, sign } from "../mistakes.ts";
import { block } from "./network.ts";

export const dnorm1 = gradientRoom(block, {
  id: "block-dnorm1",
  tensor: "norm1",
  title: "queries, keys and values",
  idea: "Three lines read it, and all heads in each of them: every one of these uses adds to its gradient.",
  hints: {
    piece:
      "Three terms of the same form, one for each line that reads norm1. In each of them a product per head, and a sum " +
      "over the heads.",
  },

  mistakes: [
    {
      id: "queries-missing",
      idea: "the queries are overlooked",
      sentence: "the branch through Q is missing: the queries are made from norm1 as well",
      namesBranch: true,
      look: "On the right-hand side of how many lines is norm1?",
      answer: ({ Wk, Wv, dK, dV }) => branch(dK, Wk).add(branch(dV, Wv)),
    },
    {
      id: "keys-missing",
      idea: "the keys are overlooked",
      sentence: "the branch through K is missing: the keys are made from norm1 as well",
      namesBranch: true,
      look: "On the right-hand side of how many lines is norm1?",
      answer: ({ Wq, Wv, dQ, dV }) => branch(dQ, Wq).add(branch(dV, Wv)),
    },
    {
      id: "values-missing",
      idea: "the values are overlooked",
      sentence: "the branch through V is missing: the values are made from norm1 as well",
      namesBranch: true,
      look: "On the right-hand side of how many lines is norm1?",
      answer: ({ Wq, Wk, dQ, dK }) => branch(dQ, Wq).add(branch(dK, Wk)),
    },
    {
      id: "heads-apart",
      idea: "each head has rows of its own",
      sentence: "the heads are not added up: all of them read the same rows",
      look: "Which dimension does your answer have that norm1 lacks?",
      answer: ({ Wq, Wk, Wv, dQ, dK, dV }) => perHead(dQ, Wq).add(perHead(dK, Wk)).add(perHead(dV, Wv)),
    },
    { ...averaged("heads"), answer: (given) => all(given).div(given.Wq.size(0)) },
    {
      id: "branches-averaged",
      idea: "the three branches are averaged",
      sentence: "divided by three: the gradients of the branches add up",
      look: "Let one entry of norm1 grow a little. Do the three effects on the loss add up, or is their mean taken?",
      answer: (given) => all(given).div(3),
    },
    {
      id: "matrices-swapped",
      idea: "queries and keys are confused",
      sentence:
        "the matrices of the queries and of the keys are swapped: each gradient goes back through its own matrix",
      look: "Which matrix is in the line of Q, and which in that of K?",
      answer: ({ Wq, Wk, Wv, dQ, dK, dV }) => branch(dQ, Wk).add(branch(dK, Wq)).add(branch(dV, Wv)),
    },
    {
      id: "not-transposed",
      idea: "the forward product is repeated",
      sentence: "the products do not fit as they are: each head's matrix has to be transposed",
      look: looks.notTransposed,
      answer: ({ Wq, Wk, Wv, dQ, dK, dV }) => dQ.matmul(Wq).add(dK.matmul(Wk)).add(dV.matmul(Wv)).sum(1),
    },
    { ...sign("norm1"), answer: (given) => all(given).neg() },
  ],

  alsoRight: [
    {
      code: `return dQ.matmul(Wq.transpose(1, 2)).sum(1)
  .add(dK.matmul(Wk.transpose(1, 2)).sum(1))
  .add(dV.matmul(Wv.transpose(1, 2)).sum(1));`,
      why: "The heads of each branch are added up first, and then the branches.",
    },
  ],

  forms: [
    (given) => all(given),
    ({ Wq, Wk, Wv, dQ, dK, dV }) => perHead(dV, Wv).add(perHead(dK, Wk)).add(perHead(dQ, Wq)).sum(1),
    ({ Wq, Wk, Wv, dQ, dK, dV }) => joined(dQ, Wq).add(joined(dK, Wk)).add(joined(dV, Wv)),
    ({ norm1, Wq, Wk, Wv, dQ, dK, dV }) => {
      const [heads, , width] = Wq.shape as [number, number, number];
      const terms = [
        [dQ, Wq],
        [dK, Wk],
        [dV, Wv],
      ] as const;
      return build([...norm1.shape], (b, t, e) =>
        sum(3 * heads, (i) => {
          const [above, matrix] = terms[i % 3]!;
          const head = Math.floor(i / 3);
          return sum(width, (k) => above.get(b, head, t, k) * matrix.get(head, e, k));
        }),
      );
    },
  ],
});

/** One head's part each, shape [sequences, heads, time, embd]. */
function perHead(above: Tensor, matrix: Tensor): Tensor {
  return above.matmul(matrix.transpose(1, 2));
}

/** The heads' parts added up. */
function branch(above: Tensor, matrix: Tensor): Tensor {
  return perHead(above, matrix).sum(1);
}

/** The same by one product, in which the heads are side by side. */
function joined(above: Tensor, matrix: Tensor): Tensor {
  const [sequences, heads, time, width] = above.shape as [number, number, number, number];
  const rows = above.transpose(1, 2).view(sequences, time, heads * width);
  return rows.matmul(matrix.transpose(1, 2).view(heads * width, -1));
}

type Name = "Wq" | "Wk" | "Wv" | "dQ" | "dK" | "dV";

function all({ Wq, Wk, Wv, dQ, dK, dV }: Readonly<Record<Name, Tensor>>): Tensor {
  return branch(dQ, Wq).add(branch(dK, Wk)).add(branch(dV, Wv));
}
