import { oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
import { Measured } from "../../autograd/measured.ts";
import type { Generator } from "../../network/random.ts";
import { drawNumbers } from "../../kit/row.ts";
import { build } from "../elements.ts";
import { drawSizes, programRoom, shapeIn, type RuleQuestion } from "./room.ts";
import type { Maximum } from "./types.ts";

interface Asked {
  says: string;
  given: RuleQuestion<Maximum>;
}

export const maximum = programRoom<"maximum", RuleQuestion<Maximum>>({
  id: "maximum",
  title: "a maximum over a dimension",
  task: [
    "The largest entries along a dimension were found: x.max(dim, keepdim) gives their values, the output, and indices.",
    "",
    "Given:",
    "  x: the input, a matrix",
    "  dim: the dimension, 0 or 1",
    "  keepdim: whether the output has that dimension with extent 1, or lacks it",
    "  indices: where along dim each maximum is, integers in the output's shape; the first one in a tie",
    "  output, upstream: the output, and the gradient of the loss with respect to it, in its shape",
    "",
    "Return: dx, in the shape of x; in a tie, the entry that indices names gets the gradient",
  ],
  names: ["dx"],
  example: question(
    tensor([
      [1, 5, 2],
      [4, 3, 4],
    ]),
    1,
    false,
    tensor([10, -2]),
  ),
  draw,
  right: ({ x, dim, indices, upstream }) => {
    const kept = keptShape(x, dim);
    const none = Measured.from(zerosLike(x));
    return none.scatterAdd(dim, indices.view(...kept), Measured.from(upstream).view(...kept));
  },

  idea: "A maximum passes the gradient on to the entry that it picked, and nothing to the others.",

  hints: {
    ask: "Let an entry grow a little that is not the largest of its row. Does the maximum change?",
    rule:
      "The output is a copy of the entry that was picked, so that entry gets the upstream gradient, and all others get " +
      "zero. The indices say which entry that is.",
    numbers: {
      x: [
        [1, 5, 2],
        [4, 3, 0],
      ],
      upstream: [10, -2],
    },
    show: ["x"],
    worked: "dx[0, 1] = {upstream 0}",
    result: {
      name: "dx",
      of: ({ x, upstream }) => {
        const picked = x!.max(1).indices.view(-1, 1);
        return Measured.from(zerosLike(x!.toTensor())).scatterAdd(1, picked, upstream!.view(-1, 1));
      },
    },
    piece:
      "scatterAdd(dim, indices, values) adds values to a tensor of zeros at these places. Indices and values need the " +
      "dimension, with extent 1: view gives it back, whether the output kept it or not.",
  },

  questions: [
    {
      id: "picked",
      ask: "The largest entry of [1, 5, 2] is found, and the upstream gradient is 10. What is the gradient of the row?",
      answer: "[0, 10, 0]",
      others: ["[10, 10, 10]", "[0, 50, 0]", "[0, 1, 0]"],
      why: "The entry that was picked gets all of it, and the others nothing.",
    },
    {
      id: "tie",
      ask: "The largest entry of [4, 3, 4] is found, and the upstream gradient is -2. What is the gradient of the row?",
      answer: "[-2, 0, 0]",
      others: ["[-1, 0, -1]", "[-2, 0, -2]", "[0, 0, -2]"],
      why: "In a tie the index of the forward pass decides, which is that of the first of them.",
    },
  ],

  alsoRight: [
    {
      code: [
        "const kept = x.shape.map((extent, d) => (d === dim ? 1 : extent));",
        "const picked = dim === 1 ? oneHot(indices.view(-1), x.size(1)) : oneHot(indices.view(-1), x.size(0)).T;",
        "return picked.mul(upstream.view(...kept));",
      ].join("\n"),
      why: "A mask of ones where the maxima are, which broadcasting multiplies with the upstream gradient. Unlike x == output, it has a single one in a tie.",
    },
  ],

  mistakes: [
    {
      id: "ties-share",
      idea: "every entry that equals the maximum gets the gradient",
      sentence:
        "in a tie, all entries that equal the maximum got the gradient: only the one that the indices name should",
      look: "Which entry do the indices name if two are largest? The others are as if they were smaller.",
      answer: (done) => where(done, (x, largest) => (x === largest ? 1 : 0)),
    },
    {
      id: "ties-halved",
      idea: "the entries that equal the maximum share its gradient",
      sentence:
        "in a tie, the gradient was divided among the entries that equal the maximum: the one that the indices name gets all of it",
      look: "Which entry do the indices name if two are largest? The others are as if they were smaller.",
      answer: (done) => {
        const marks = where({ ...done, upstream: onesLike(done.output) }, (x, largest) => (x === largest ? 1 : 0));
        return where(done, (x, largest) => (x === largest ? 1 : 0)).div(marks.sum(done.dim, true));
      },
    },
    {
      id: "last-of-ties",
      idea: "in a tie, the last entry gets the gradient",
      sentence: "in a tie, the last of the largest entries got the gradient: the indices name the first",
      look: "Is the place of the maximum searched again? It is given.",
      answer: (done) => {
        const { x, dim, output } = done;
        const places = [...output.toArray()].map((largest, line) => {
          const along = Array.from({ length: x.size(dim) }, (_, i) => (dim === 1 ? x.get(line, i) : x.get(i, line)));
          return along.lastIndexOf(largest);
        });
        return correct({ ...done, indices: tensor(places, output.shape, "int32") });
      },
    },
    {
      id: "dimension-not-restored",
      idea: "the upstream gradient is broadcast as it is",
      sentence:
        "the upstream gradient was broadcast without the dimension that the maximum dropped: it was aligned at the wrong one",
      look: "A gradient of shape [3] broadcasts along the last dimension. Which dimension of x does it belong to?",
      answer: ({ upstream, ...done }) => correct({ ...done, upstream: onesLike(upstream) }).mul(upstream),
    },
    {
      id: "everywhere",
      idea: "all entries get the gradient, as in a sum",
      sentence: "every entry of a row or column got the gradient: a maximum passes it on to the largest alone",
      look: "Let an entry grow a little that is not the largest. Does the output change?",
      answer: (done) => where(done, () => 1),
    },
    {
      id: "averaged",
      idea: "the gradient is divided among all entries",
      sentence: "the gradient was divided among all entries, as in a mean: the largest gets all of it",
      look: "If the largest entry grows by 1, by how much does the maximum grow?",
      answer: (done) => where(done, () => 1 / done.x.size(done.dim)),
    },
    {
      id: "upstream-forgotten",
      idea: "a one is written where the maximum is",
      sentence: "there is a one at each maximum: it should be the upstream gradient",
      look: "The one is the local gradient. What is it multiplied by?",
      answer: (done) => correct({ ...done, upstream: onesLike(done.output) }),
    },
    {
      id: "output-for-upstream",
      idea: "the maximum itself is written to its place",
      sentence: "the maxima themselves are at their places: the upstream gradients should be",
      look: "Values and gradients have the same shapes. Which of them says how the loss changes?",
      answer: (done) => correct({ ...done, upstream: done.output }),
    },
    {
      id: "times-value",
      idea: "the gradient is multiplied by the maximum",
      sentence: "the upstream gradient was multiplied by the maximum: the slope of a copy is 1",
      look: "If the largest entry grows by 0.1, so does the maximum, however large it is.",
      answer: (done) => correct(done).mul(done.x),
    },
    {
      id: "always-rows",
      idea: "the maxima are taken to be along dimension 1, whatever dim says",
      sentence: "the maxima of columns were treated as those of rows: dim says along which dimension they are",
      look: "With dim 0, there is one maximum in each column. What do its indices count?",
      answer: ({ x, indices, upstream }) => oneHot(indices.view(-1), x.size(1)).mul(upstream.view(-1, 1)),
      others: [
        // where nothing else fits, the right one
        (done) => correct(done.x.size(0) === done.x.size(1) ? { ...done, dim: 1 } : done),
      ],
    },
  ],

  forms: [
    correct,
    (done) => where(done, (_, __, isPicked) => (isPicked ? 1 : 0)),
    ({ x, dim, indices, upstream }) => {
      const dx = zerosLike(x);
      const [places, above] = [indices.toArray(), upstream.toArray()];
      for (const [i, place] of places.entries()) dx.set(...(dim === 1 ? [i, place] : [place, i]), above[i]!);
      return dx;
    },
    ({ x, dim, indices, upstream }) => {
      const flat = zerosLike(x).toArray();
      const columns = x.size(1);
      upstream.toArray().forEach((u, i) => {
        const place = indices.toArray()[i]!;
        flat[dim === 1 ? i * columns + place : place * columns + i] = u;
      });
      return tensor(flat, x.shape);
    },
  ],
});

function correct({ x, dim, indices, upstream }: Maximum): Tensor {
  const kept = keptShape(x, dim);
  return zerosLike(x).scatterAdd(dim, indices.view(...kept), upstream.view(...kept));
}

/** The upstream gradient times a local gradient for each entry, from its value and the maximum, and whether it was picked. */
function where(
  { x, dim, output, indices, upstream }: Maximum,
  local: (x: number, largest: number, isPicked: boolean) => number,
): Tensor {
  const [values, places, above] = [output.toArray(), indices.toArray(), upstream.toArray()];
  return build(x.shape, (i, j) => {
    const [line, along] = dim === 1 ? [i!, j!] : [j!, i!];
    return above[line]! * local(x.get(i!, j!), values[line]!, places[line] === along);
  });
}

function keptShape({ shape }: Tensor, dim: number): number[] {
  return shape.map((extent, d) => (d === dim ? 1 : extent));
}

function question(x: Tensor, dim: number, keepdim: boolean, upstream?: Tensor): Asked {
  const { values: output, indices } = x.max(dim, keepdim);
  const says = `the maxima of ${shapeIn(x.shape)} along dimension ${dim}${keepdim ? ", keepdim" : ""}`;
  return { says, given: [{ x, dim, keepdim, output, indices, upstream: upstream ?? output }] };
}

/** Both dimensions, kept or not, of matrices that are wide, tall or square, with ties in some rows and columns. */
function draw(generator: Generator): Asked[] {
  const [m, n] = drawSizes(generator, 2).map((size) => size + 1) as [number, number];
  return [
    [m, n],
    [n, m],
    [m, m],
  ].flatMap((shape) =>
    [0, 1].flatMap((dim) =>
      [false, true].map((keepdim) => {
        const drawn = drawNumbers(generator, shape);
        // a row and a column whose largest entry is there twice
        const largest = drawn.max(1).values.get(1);
        const x = drawn
          .clone()
          .set(1, 0, largest)
          .set(1, shape[1]! - 1, largest);
        const high = Math.abs(drawn.max(0).values.get(1)) + 1;
        x.set(0, 1, high).set(shape[0]! - 1, 1, high);
        const { says, given } = question(x, dim, keepdim);
        const [done] = given;
        return { says, given: [{ ...done, upstream: drawNumbers(generator, done.output.shape) }] as const };
      }),
    ),
  );
}
