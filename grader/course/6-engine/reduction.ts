import { keepdim as KEEP, onesLike, zerosLike, type Tensor } from "#tensor";
import { Measured } from "../../autograd/measured.ts";
import type { Generator } from "../../network/random.ts";
import { build } from "../elements.ts";
import { awayFromZero, drawSizes, programRoom, shapeIn, type RuleQuestion } from "./room.ts";
import type { Reduction } from "./types.ts";

type Name = Reduction["name"];
interface Asked {
  says: string;
  given: RuleQuestion<Reduction>;
}

export const reduction = programRoom<"reduction", RuleQuestion<Reduction>>({
  id: "reduction",
  title: "sums and means over a dimension",
  task: [
    "A tensor was reduced: output = x.sum(dim, keepdim) or x.mean(dim, keepdim).",
    "",
    "Given:",
    '  name: "sum" or "mean"',
    "  x: the input",
    "  dim: the dimension that was reduced, from 0; null if all were, to a scalar",
    "  keepdim: whether the output has that dimension with extent 1, or lacks it",
    "  output, upstream: the output, and the gradient of the loss with respect to it, in its shape",
    "",
    "Return: dx, in the shape of x",
  ],
  names: ["dx"],
  example: question(
    "mean",
    build([2, 3], (i, j) => 3 * i + j),
    1,
    false,
    build([2], (i) => 3 * (i + 1)),
  ),
  draw,
  right: (done) => {
    const { name, x, upstream } = done;
    const spread = Measured.from(upstream)
      .view(...keptShape(done))
      .expand(...x.shape);
    return name === "sum" ? spread : spread.div(countOf(done));
  },

  idea: "A sum forward is a copy backward; a mean also divides by the number of entries.",

  hints: {
    ask: "Every entry of x is in one entry of the output. How do you find out which one if the dimension is gone?",
    rule:
      "Each entry of x gets the upstream gradient of the sum that it went into. Give the upstream gradient its lost " +
      "dimension back, with extent 1; then it broadcasts to the shape of x. A mean is a sum divided by the number of " +
      "its entries.",
    numbers: {
      x: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      upstream: [3, -6],
    },
    show: ["x"],
    worked: "dx[1, 0] = {upstream 1} / 3",
    result: {
      name: "dx",
      of: ({ x, upstream }) =>
        upstream!
          .div(3)
          .view(2, 1)
          .expand(...x!.shape),
    },
    piece:
      "The shape of x with a 1 at dim is the shape that the upstream gradient needs, whether it lacks the dimension or " +
      "not: view gives it that shape. A product with a tensor of ones repeats it.",
  },

  questions: [
    {
      id: "mean",
      ask: "Five entries are averaged, and the upstream gradient of their mean is 10. What does each entry get?",
      answer: "2",
      others: ["10", "50", "0.5"],
      why: "If one entry grows by 1, the mean grows by 1/5.",
    },
    {
      id: "shape",
      ask: "x has shape [3, 4], and output = x.sum(1) has shape [3]. Which shape does the upstream gradient need to broadcast to x correctly?",
      answer: "[3, 1]",
      others: ["[1, 3]", "[3]", "[4]"],
      why: "The dimension that the sum dropped is the second one, so it comes back there, with extent 1.",
    },
  ],

  alsoRight: [
    {
      code: [
        "const kept = x.sum(dim ?? x.shape.map((_, i) => i), keepdim);",
        "const spread = onesLike(x).mul(upstream.view(...kept.shape));",
        'return name === "mean" ? spread.mul(kept.numel() / x.numel()) : spread;',
      ].join("\n"),
      why: "The shape that the upstream gradient needs is that of a sum that keeps its dimension, so it is computed once for it. The exercise's argument keepdim has to have another name then.",
    },
  ],

  mistakes: [
    {
      id: "dimension-not-restored",
      idea: "the upstream gradient is broadcast as it is",
      sentence:
        "the upstream gradient was broadcast without the dimension that the reduction dropped: it was aligned at the wrong one",
      look: "A gradient of shape [3] broadcasts along the last dimension. Which dimension of x does it belong to?",
      answer: ({ name, x, upstream, ...done }) => {
        const spread = onesLike(x).mul(upstream);
        return name === "sum" ? spread : spread.div(countOf({ x, ...done }));
      },
    },
    {
      id: "mean-not-divided",
      idea: "a mean is treated as a sum",
      sentence: "for mean, the division by the number of entries that were averaged is missing",
      look: "If one of 4 entries grows by 1, by how much does their mean grow?",
      answer: (done) => correct({ ...done, name: "sum" }),
    },
    {
      id: "divided-by-all",
      idea: "a mean divides by the number of all entries of x",
      sentence: "for mean, every value was divided by the number of all entries, instead of those along the dimension",
      look: "How many entries of x go into one entry of the output?",
      answer: (done) => {
        const sum = correct({ ...done, name: "sum" });
        return done.name === "sum" ? sum : sum.div(done.x.numel());
      },
    },
    {
      id: "divided-by-outputs",
      idea: "a mean divides by the number of entries of the output",
      sentence:
        "for mean, every value was divided by the number of entries of the output, instead of those that went into each of them",
      look: "How many entries of x go into one entry of the output?",
      answer: (done) => correct(divided(done, done.output.numel())),
    },
    {
      id: "divided-by-one-less",
      idea: "a mean divides by the number of entries minus one",
      sentence: "for mean, every value was divided by the number of entries minus one: only a variance has that",
      look: "What is the mean of 2 and 4?",
      answer: (done) => correct(divided(done, countOf(done) - 1)),
    },
    {
      id: "divided-by-dimension-0",
      idea: "a mean divides by the extent of dimension 0",
      sentence: "for mean, every value was divided by the extent of dimension 0, whichever dimension was reduced",
      look: "How many entries of x go into one entry of the output, if each row has a mean?",
      answer: (done) => correct(divided(done, done.x.size(0))),
      others: [(done) => correct(divided(done, done.dim === null ? done.x.numel() : done.x.size(0)))],
    },
    {
      id: "mean-multiplied",
      idea: "a mean multiplies by the number of entries",
      sentence: "for mean, every value was multiplied by the number of entries: it is divided by it",
      look: "If one of 4 entries grows by 1, by how much does their mean grow?",
      answer: (done) => correct(divided(done, 1 / countOf(done))),
    },
    {
      id: "always-a-column",
      idea: "the upstream gradient is made a column, whatever the dimension",
      sentence: "the upstream gradient was made a column: that is right for a sum over dimension 1 of a matrix alone",
      look: "Which dimension was dropped? That one should have extent 1.",
      answer: (done) => asColumn(done, (x, column) => onesLike(x).mul(column)),
      others: [(done) => asColumn(done, (x, column) => zerosLike(x).add(column))],
    },
    {
      id: "not-copied",
      idea: "the upstream gradient is passed on as it is",
      sentence: "the gradient has the output's shape: it should be repeated to the shape of x",
      look: "A gradient has the shape of the tensor that it belongs to.",
      answer: ({ upstream }) => upstream,
      others: [(done) => (done.name === "sum" ? done.upstream : done.upstream.div(countOf(done)))],
    },
    {
      id: "upstream-forgotten",
      idea: "the slopes are returned without the upstream gradient",
      sentence: "these are the slopes of the reduction alone: each is multiplied by the upstream gradient",
      look: "The chain rule has two factors: how the output moves with the input, and how the loss moves with the output.",
      answer: (done) => correct({ ...done, upstream: onesLike(done.output) }),
    },
    {
      id: "sum-divided",
      idea: "a sum is treated as a mean",
      sentence: "for sum, every value was divided by the number of entries: only a mean is",
      look: "If one of 4 entries grows by 1, by how much does their sum grow?",
      answer: (done) => correct({ ...done, name: "mean" }),
    },
    {
      id: "times-input",
      idea: "the upstream gradient is multiplied by the input",
      sentence: "the upstream gradient was multiplied by x: the slope of a sum with respect to each entry is 1",
      look: "Does it matter for the sum's growth how large an entry is before it grows?",
      answer: (done) => correct(done).mul(done.x),
    },
    {
      id: "not-repeated",
      idea: "the gradient gets its dimension back but is not repeated along it",
      sentence: "the gradient has extent 1 along the reduced dimension: it should be repeated to the extent of x",
      look: "Broadcasting happens in an operation. Is there one with a tensor in the shape of x?",
      answer: (done) => {
        const kept = done.upstream.view(...keptShape(done));
        return done.name === "sum" ? kept : kept.div(countOf(done));
      },
    },
    {
      id: "first-entry",
      idea: "only the first entry of each sum gets the gradient",
      sentence: "only the first entry along the dimension got the gradient: every entry went into the sum",
      look: "Which entries of x can change the sum?",
      answer: (done) => correct(done).mul(firstOnly(done.x, done.dim)),
    },
  ],

  forms: [
    correct,
    (done) => {
      const { name, x, upstream } = done;
      const spread = zerosLike(x).add(upstream.view(...keptShape(done)));
      return name === "sum" ? spread : spread.mul(1 / countOf(done));
    },
    (done) => {
      const { name, x, upstream } = done;
      const scaled = name === "sum" ? upstream : upstream.div(countOf(done));
      return onesLike(x).mul(scaled.view(...keptShape(done)));
    },
    (done) => {
      const { name, x, dim, upstream } = done;
      const numbers = upstream.toArray();
      const kept = keptShape(done);
      return build(x.shape, (...at) => {
        const i = at.reduce((sum, index, d) => sum * kept[d]! + (dim === null || d === dim ? 0 : index), 0);
        return numbers[i]! / (name === "sum" ? 1 : countOf(done));
      });
    },
  ],
});

function correct(done: Reduction): Tensor {
  const { name, x, upstream } = done;
  const spread = onesLike(x).mul(upstream.view(...keptShape(done)));
  return name === "sum" ? spread : spread.div(countOf(done));
}

/** A mean as a sum that is divided by a number; a sum as it is. */
function divided(done: Reduction, count: number): Reduction {
  return done.name === "sum" ? done : { ...done, name: "sum", upstream: done.upstream.div(count) };
}

/** The upstream gradient as a column, unless it has its dimension or is a scalar, and then repeated. */
function asColumn(done: Reduction, repeat: (x: Tensor, column: Tensor) => Tensor): Tensor {
  const { name, x, dim, keepdim, upstream } = done;
  const spread = repeat(x, dim === null || keepdim ? upstream : upstream.view(-1, 1));
  return name === "sum" ? spread : spread.div(countOf(done));
}

/** The output's shape if the reduction keeps its dimension. */
function keptShape({ x, dim }: Pick<Reduction, "x" | "dim">): number[] {
  return x.shape.map((extent, d) => (dim === null || d === dim ? 1 : extent));
}

/** How many entries of x go into one of the output. */
function countOf({ x, dim }: Pick<Reduction, "x" | "dim">): number {
  return dim === null ? x.numel() : x.size(dim);
}

/** 1 where the position along the dimension is 0, in the shape of x. */
function firstOnly({ shape }: Tensor, dim: number | null): Tensor {
  return build(shape, (...at) => ((dim === null ? at.every((i) => i === 0) : at[dim] === 0) ? 1 : 0));
}

function question(name: Name, x: Tensor, dim: number | null, keepdim: boolean, upstream?: Tensor): Asked {
  const output = dim === null ? x[name]() : x[name](dim, keepdim);
  const kept = dim !== null && keepdim ? ", keepdim" : "";
  const says = `${name} of ${shapeIn(x.shape)} over ${dim === null ? "all dimensions" : `dimension ${dim}`}${kept}`;
  return { says, given: [{ name, x, dim, keepdim, output, upstream: upstream ?? output }] };
}

/** Sums and means over every dimension and over all, with the dimension kept or not; equal extents fit a wrong broadcast. */
function draw(generator: Generator): Asked[] {
  const [m, n, k] = drawSizes(generator, 3) as [number, number, number];
  const shapes = [[m], [m, n], [k, k], [n, m, k]];
  return (["sum", "mean"] as const).flatMap((name) =>
    shapes.flatMap((shape) =>
      [null, ...shape.keys()].flatMap((dim) =>
        (dim === null ? [false] : [false, KEEP]).map((keepdim) => {
          const { says, given } = question(name, awayFromZero(generator, shape), dim, keepdim);
          const [done] = given;
          return { says, given: [{ ...done, upstream: awayFromZero(generator, [...done.output.shape]) }] as const };
        }),
      ),
    ),
  );
}
