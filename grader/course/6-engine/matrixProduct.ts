import { onesLike, type Tensor } from "#tensor";
import { Measured } from "../../autograd/measured.ts";
import type { Generator } from "../../network/random.ts";
import { drawNumbers } from "../../kit/row.ts";
import { build, productBy, sum, sumBackwards } from "../elements.ts";
import { drawSizes, programRoom, shapeIn, type RuleQuestion } from "./room.ts";
import type { Product } from "./types.ts";

interface Asked {
  says: string;
  given: RuleQuestion<Product>;
}

export const matrixProduct = programRoom<"matrixProduct", RuleQuestion<Product>>({
  id: "matrixProduct",
  title: "a matrix product",
  task: [
    "Two matrices were multiplied: output = a @ b.",
    "",
    "Given:",
    "  a, b: the factors, [n, m] and [m, k]",
    "  output, upstream: the output [n, k], and the gradient of the loss with respect to it",
    "",
    "Return: [da, db], each in its factor's shape",
  ],
  names: ["da", "db"],
  example: question(
    build([2, 3], (i, j) => i + j),
    build([3, 2], (i, j) => i - j),
    build([2, 2], (i, j) => (i === j ? 1 : -2)),
  ),
  draw,
  right: ({ a, b, upstream }) => {
    const [A, B, g] = [Measured.from(a), Measured.from(b), Measured.from(upstream)];
    return [g.matmul(B.T), A.T.matmul(g)];
  },

  idea: "Of all products with the upstream gradient, only one has each factor's shape.",

  hints: {
    ask: "Write the shapes of a, b and upstream on paper. Which products of two of them have the shape of a, and of b?",
    rule:
      "An entry of a meets a row of b: its gradient is the sum of that row's entries times the upstream gradients in " +
      "its own row. Written for all entries at once, that is a product with the other factor, transposed.",
    numbers: {
      a: [[1, 2]],
      b: [
        [3, 4],
        [5, 6],
      ],
      upstream: [[10, -1]],
    },
    worked: "da[0, 1] = {upstream 0 0} * {b 1 0} + {upstream 0 1} * {b 1 1}",
    show: ["a"],
    result: { name: "da", of: ({ b, upstream }) => upstream!.matmul(b!.T) },
    piece:
      "In the gradient of a, upstream comes first; in that of b, it comes last. The other factor is transposed each time.",
  },

  questions: [
    {
      id: "upstream",
      ask: "a is [2, 3] and b is [3, 4]. What is the shape of the upstream gradient of a @ b?",
      answer: "[2, 4]",
      others: ["[2, 3]", "[3, 4]", "[4, 2]"],
      why: "It has the shape of the output.",
    },
    {
      id: "product",
      ask: "Which product is the gradient of b?",
      answer: "a transposed, times upstream",
      others: ["upstream, times a transposed", "upstream, times a", "a, times upstream"],
      why: "It is the only one with the shape of b, whatever the sizes are.",
    },
  ],

  alsoRight: [
    {
      code: "return [b.matmul(upstream.T).T, upstream.T.matmul(a).T];",
      why: "The same products with everything transposed: (u @ v).T is v.T @ u.T.",
    },
  ],

  mistakes: [
    {
      id: "not-transposed",
      idea: "the other factor is not transposed",
      sentence:
        "the other factor was multiplied without being transposed: with square matrices the shapes fit, but other entries meet",
      look: "Try three sizes that differ. Which of the products is then still possible?",
      answer: ({ a, b, upstream }) => [upstream.matmul(b), a.matmul(upstream)],
      others: [
        ({ a, b, upstream }) => [upstream.matmul(b), a.T.matmul(upstream)],
        ({ a, b, upstream }) => [upstream.matmul(b.T), a.matmul(upstream)],
      ],
    },
    {
      id: "order-swapped",
      idea: "the factors are in the wrong order",
      sentence: "upstream stands on the wrong side of the products: a product of matrices depends on the order",
      look: "upstream is [n, k]. Where does its k have to stand so that it meets the k of b, and is summed over?",
      answer: ({ a, b, upstream }) => [b.T.matmul(upstream), upstream.matmul(a.T)],
    },
    {
      id: "gradients-swapped",
      idea: "the two gradients are returned in the wrong order",
      sentence: "the two gradients are swapped: the first belongs to a, the second to b",
      look: "Compare the shapes that you return with those of a and b, in this order.",
      answer: (done) => [...correct(done)].reverse(),
    },
    {
      id: "transposed",
      idea: "the gradients come out transposed",
      sentence: "both gradients are transposed: each should have its factor's shape",
      look: "Compare the shapes that you return with those of a and b. With square matrices, compare the entries.",
      answer: (done) => correct(done).map((gradient) => gradient.T),
    },
    {
      id: "a-transposed",
      idea: "the gradient of a comes out transposed",
      sentence: "the gradient of a is transposed: it should have the shape of a",
      look: "A product of two matrices is transposed if both are transposed and their order is swapped.",
      answer: (done) => [correct(done)[0]!.T, correct(done)[1]!],
    },
    {
      id: "b-transposed",
      idea: "the gradient of b comes out transposed",
      sentence: "the gradient of b is transposed: it should have the shape of b",
      look: "A product of two matrices is transposed if both are transposed and their order is swapped.",
      answer: (done) => [correct(done)[0]!, correct(done)[1]!.T],
    },
    {
      id: "one-alone",
      idea: "only one gradient is returned",
      sentence: "there is one gradient: both factors need theirs, in a list",
      look: "Return [da, db].",
      answer: (done) => [correct(done)[0]!],
      others: [(done) => correct(done)[0]!],
    },
    {
      id: "own-factor",
      idea: "each factor's gradient is computed with itself",
      sentence: "each gradient was computed with the factor itself, instead of the other one",
      look: "If an entry of a grows by 1, by how much does the output grow: by entries of a, or of b?",
      answer: ({ a, b, upstream }) => [upstream.matmul(a.T), b.T.matmul(upstream)],
    },
    {
      id: "upstream-forgotten",
      idea: "the products are formed with ones",
      sentence: "the upstream gradient is missing: these are the gradients of the sum of all outputs",
      look: "Do the outputs all count alike for the loss? upstream says how much each one counts.",
      answer: (done) => correct({ ...done, upstream: onesLike(done.output) }),
    },
    {
      id: "output-for-upstream",
      idea: "the output is used as the upstream gradient",
      sentence: "the output was used where the upstream gradient belongs: they have the same shape",
      look: "Which of the given tensors says how the loss changes?",
      answer: (done) => correct({ ...done, upstream: done.output }),
    },
  ],

  forms: [
    correct,
    ({ a, b, upstream }) => [b.matmul(upstream.T).T, upstream.T.matmul(a).T],
    ({ a, b, upstream }) => [productBy(sum, upstream, b.T), productBy(sumBackwards, a.T, upstream)],
    // outer products, example by example
    ({ a, b, upstream }) => {
      const row = (x: Tensor, i: number): Tensor => build([1, x.size(1)], (_, j) => x.get(i, j));
      let db = build(b.shape, () => 0);
      for (let i = 0; i < a.size(0); i++) db = db.add(row(a, i).T.matmul(row(upstream, i)));
      let da = build(a.shape, () => 0);
      for (let j = 0; j < b.size(1); j++) da = da.add(row(upstream.T, j).T.matmul(row(b.T, j)));
      return [da, db];
    },
  ],
});

function correct({ a, b, upstream }: Product): readonly Tensor[] {
  return [upstream.matmul(b.T), a.T.matmul(upstream)];
}

function question(a: Tensor, b: Tensor, upstream: Tensor): Asked {
  return { says: `${shapeIn(a.shape)} @ ${shapeIn(b.shape)}`, given: [{ a, b, output: a.matmul(b), upstream }] };
}

/** Products whose sizes differ, and products in which some or all are equal, which wrong ones fit as well. */
function draw(generator: Generator): Asked[] {
  const [n, m, k] = drawSizes(generator, 3) as [number, number, number];
  const sizes = [
    [n, m, k],
    [k, n, m],
    [n, n, n],
    [n, n, k],
    [n, k, n],
    [k, n, n],
    [1, m, k],
    [n, 1, k],
    [n, m, 1],
  ];
  return (sizes as [number, number, number][]).map(([rows, inner, columns]) =>
    question(
      drawNumbers(generator, [rows, inner]),
      drawNumbers(generator, [inner, columns]),
      drawNumbers(generator, [rows, columns]),
    ),
  );
}
