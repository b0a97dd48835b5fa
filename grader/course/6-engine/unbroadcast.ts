import { tensor, zeros, type Shape, type Tensor } from "#tensor";
import { Measured } from "../../autograd/measured.ts";
import type { Generator } from "../../network/random.ts";
import { drawNumbers } from "../../kit/row.ts";
import { build } from "../elements.ts";
import { drawSizes, programRoom, shapeIn } from "./room.ts";

type Given = readonly [gradient: Tensor, shape: Shape];

export const unbroadcast = programRoom<"unbroadcast", Given>({
  id: "unbroadcast",
  title: "a gradient back in its input's shape",
  task: [
    "An input of this shape was broadcast to the shape of an output: it was repeated along dimensions that it lacks in",
    "front, and along those where its extent is 1. The rule of the operation gave a gradient in the output's shape.",
    "",
    "Given:",
    "  gradient: a Tensor in the output's shape",
    "  shape: the shape of the input, a list such as [1, 3]; [] for a scalar",
    "",
    "Return: the gradient of the input, in its shape",
  ],
  parameters: ["gradient", "shape"],
  names: ["gradient"],
  example: question(
    tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]),
    [1, 3],
  ),
  draw,
  right: (gradient, shape) => summed(Measured.from(gradient), shape),

  idea: "What was repeated in the forward pass is summed in the backward pass, whatever the operation.",

  hints: {
    ask:
      "Write the two shapes below each other, aligned at their last dimensions, as broadcasting does. Which dimensions " +
      "of the gradient have no counterpart, and which meet a 1?",
    rule:
      "Each entry of the input was used once for every entry of the output that it was repeated to, so its gradient is " +
      "the sum of the gradient's entries there. A dimension that the input lacks is summed away; a dimension in which " +
      "its extent is 1 is summed and kept.",
    numbers: {
      gradient: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    },
    worked: "summed[0, 1] = {gradient 0 1} + {gradient 1 1}",
    result: { name: "summed", of: ({ gradient }) => gradient!.sum(0, true) },
    piece:
      "First sum over dimension 0 until the gradient has as many dimensions as the shape. Then go through the shape: " +
      "where it says 1 and the gradient does not, sum over that dimension and keep it.",
  },

  questions: [
    {
      id: "dimension",
      ask: "A gradient of shape [4, 3] is brought back to the shape [3]. Over which dimension is it summed?",
      answer: "dimension 0",
      others: ["dimension 1", "both", "none"],
      why: "Shapes are aligned at their last dimensions, so the input was repeated along dimension 0.",
    },
    {
      id: "unchanged",
      ask: "A gradient of shape [4, 3] is brought back to the shape [4, 3]. What is returned?",
      answer: "the gradient as it is",
      others: ["its sum, repeated", "zeros"],
      why: "Nothing was repeated, so there is nothing to sum.",
    },
  ],

  alsoRight: [
    {
      code: [
        "const lacking = gradient.shape.length - shape.length;",
        "const repeated = gradient.shape.map((_, dim) => dim).filter((dim) => dim < lacking || shape[dim - lacking] === 1);",
        "return repeated.length === 0 ? gradient : gradient.sum(repeated, keepdim).view(...shape);",
      ].join("\n"),
      why: "One sum over all dimensions that were repeated. It keeps them, so that their positions stay the same, and the view drops those in front.",
    },
  ],

  mistakes: [
    {
      id: "lacking-kept",
      idea: "the dimensions in front are summed but kept",
      sentence: "the dimensions that the input does not have are still there, with extent 1: they should be gone",
      look: "How many dimensions does the shape have? The answer has as many. Only a sum without keepdim drops one.",
      answer: (gradient, shape) => {
        const lacking = gradient.shape.length - shape.length;
        let sum = gradient;
        for (let dim = 0; dim < lacking; dim++) sum = sum.sum(dim, true);
        return onesSummed(sum, shape, lacking);
      },
    },
    {
      id: "ones-forgotten",
      idea: "only the dimensions in front are summed",
      sentence:
        "a dimension in which the input has extent 1 was not summed: the gradient still has the output's extent there",
      look: "An input of shape [1, 3] was repeated as well, along its first dimension. Compare the extents, not only their number.",
      answer: (gradient, shape) => frontSummed(gradient, shape),
    },
    {
      id: "ones-dropped",
      idea: "a dimension of extent 1 is summed without being kept",
      sentence: "a dimension of extent 1 was summed and dropped: the input has it, so its gradient has it too",
      look: "A sum drops its dimension unless its second argument, keepdim, is true.",
      answer: (gradient, shape) => {
        let sum = frontSummed(gradient, shape);
        for (let dim = shape.length - 1; dim >= 0; dim--) {
          if (shape[dim] === 1 && sum.size(dim) !== 1) sum = sum.sum(dim);
        }
        return sum;
      },
      others: [
        // also where nothing was repeated
        (gradient, shape) => {
          let sum = frontSummed(gradient, shape);
          for (let dim = shape.length - 1; dim >= 0; dim--) if (shape[dim] === 1) sum = sum.sum(dim);
          return sum;
        },
      ],
    },
    {
      id: "nothing-summed",
      idea: "the gradient is returned as it is",
      sentence: "nothing was summed: the gradient still has the output's shape",
      look: "Each entry of the input is in several entries of the output. How many numbers come back to it?",
      answer: (gradient) => gradient.clone(),
    },
    {
      id: "lacking-not-summed",
      idea: "only the dimensions of extent 1 are summed",
      sentence: "the dimensions that the input lacks in front were not summed: the gradient still has them",
      look: "An input of shape [3] was repeated along the first dimension of a [2, 3] output, though it has no 1 in its shape.",
      answer: (gradient, shape) => onesSummed(gradient, shape, gradient.shape.length - shape.length),
    },
    {
      id: "one-lacking",
      idea: "the input is taken to lack one dimension at most",
      sentence: "one dimension was summed in front, but the input can lack several",
      look: "A scalar that meets a matrix lacks two dimensions. How often is the sum over dimension 0 needed?",
      answer: (gradient, shape) => {
        const lacking = gradient.shape.length - shape.length;
        const sum = lacking > 0 ? gradient.sum(0) : gradient;
        return onesSummed(sum, shape, Math.max(lacking - 1, 0));
      },
      others: [
        (gradient, shape) => onesSummed(gradient.shape.length > shape.length ? gradient.sum(0) : gradient, shape, 0),
      ],
    },
    {
      id: "always-first",
      idea: "wherever the extent 1 is, the sum goes over dimension 0",
      sentence:
        "for an input with extent 1, the sum went over dimension 0: it should go over each dimension in which the extent is 1",
      look: "A column [3, 1] was repeated across. Which dimension of the gradient is summed for it?",
      answer: (gradient, shape) => {
        const sum = frontSummed(gradient, shape);
        return shape.includes(1) ? sum.sum(0, true) : sum;
      },
    },
    {
      id: "averaged",
      idea: "the entries are averaged",
      sentence: "the entries were averaged: each use of the input adds to the loss, so the gradients are added up",
      look: "If an entry is used in three places and each raises the loss by 0.1, by how much does the loss rise?",
      answer: (gradient, shape) => {
        const sum = both(gradient, shape);
        return sum.mul(sum.numel() / gradient.numel());
      },
    },
    {
      id: "first-taken",
      idea: "one of the repeated entries is taken",
      sentence: "only the gradient of the first repetition was taken: all repetitions are added up",
      look: "Each repetition is a use of the input. Which of them does the loss depend on?",
      answer: (gradient, shape) => entriesOf(gradient, shape, "first"),
    },
    {
      id: "aligned-in-front",
      idea: "the shapes are aligned at their first dimensions",
      sentence: "the shapes were aligned at their first dimensions: broadcasting aligns them at the last ones",
      look: "Does an input of shape [3] fit a [3, 4] output or a [4, 3] one? With equal extents only the rule tells.",
      answer: (gradient, shape) => {
        const rank = gradient.shape.length;
        let sum = gradient;
        for (let dim = rank - 1; dim >= shape.length; dim--) sum = sum.sum(dim);
        return onesSummed(sum, shape, 0);
      },
    },
    {
      id: "all-summed",
      idea: "everything is summed as soon as anything was broadcast",
      sentence: "every entry is the sum of the whole gradient: only the repeated dimensions are summed",
      look: "Along which dimensions do the entries of the input differ? These are not summed.",
      answer: (gradient, shape) =>
        gradient.numel() === sizeOf(shape) ? gradient.view(...shape) : zeros([...shape]).add(gradient.sum()),
    },
  ],

  forms: [
    both,
    (gradient, shape) => entriesOf(gradient, shape, "all"),
    (gradient, shape) => {
      const lacking = gradient.shape.length - shape.length;
      const repeated = gradient.shape.map((_, dim) => dim).filter((dim) => dim < lacking || shape[dim - lacking] === 1);
      return repeated.length === 0 ? gradient : gradient.sum(repeated, true).view(...shape);
    },
    // from the last dimension to the first
    (gradient, shape) => {
      let sum = gradient;
      for (let i = 1; i <= gradient.shape.length; i++) {
        const [dim, extent] = [gradient.shape.length - i, shape[shape.length - i]];
        if (extent === undefined) sum = sum.sum(dim);
        else if (extent === 1) sum = sum.sum(dim, true);
      }
      return sum;
    },
    // recursively, a dimension at a time
    function recursive(gradient: Tensor, shape: Shape): Tensor {
      if (gradient.shape.length > shape.length) return recursive(gradient.sum(0), shape);
      const dim = shape.findIndex((extent, d) => extent === 1 && gradient.size(d) !== 1);
      return dim < 0 ? gradient.clone() : recursive(gradient.sum(dim, true), shape);
    },
  ],
});

function question(gradient: Tensor, shape: Shape): { says: string; given: Given } {
  return { says: `a gradient ${shapeIn(gradient.shape)} and the shape ${shapeIn(shape)}`, given: [gradient, shape] };
}

/** Every way in which an input can be broadcast to up to three dimensions, and equal extents, where a wrong sum fits. */
function draw(generator: Generator): { says: string; given: Given }[] {
  const [a, b, c, d] = drawSizes(generator, 4) as [number, number, number, number];
  const outputs = [[a], [a, b], [c, c], [1, d], [d, 1], [a, b, c], [b, b, b], [c, 1, a]];
  return outputs.flatMap((output) => inputsFor(output).map((shape) => question(drawNumbers(generator, output), shape)));
}

/** All shapes that broadcast to an output's: each extent is the output's or 1, and some may be missing in front. */
function inputsFor(output: Shape): Shape[] {
  const ways = output.reduceRight<number[][]>(
    (shapes, extent) => [
      ...shapes,
      ...shapes
        .filter(({ length }) => length === Math.max(...shapes.map(({ length }) => length)))
        .flatMap((shape) =>
          extent === 1
            ? [[1, ...shape]]
            : [
                [extent, ...shape],
                [1, ...shape],
              ],
        ),
    ],
    [[]],
  );
  return ways;
}

function summed(gradient: Measured, shape: Shape): Measured {
  const lacking = gradient.shape.length - shape.length;
  const dims = gradient.shape.map((_, dim) => dim).filter((dim) => dim < lacking || shape[dim - lacking] === 1);
  return dims.length === 0 ? gradient : gradient.sum(dims).view(...shape);
}

function frontSummed(gradient: Tensor, shape: Shape): Tensor {
  let sum = gradient;
  while (sum.shape.length > shape.length) sum = sum.sum(0);
  return sum;
}

/** Sums and keeps the dimensions in which the shape has extent 1; `lacking` dimensions come before them. */
function onesSummed(gradient: Tensor, shape: Shape, lacking: number): Tensor {
  let sum = gradient;
  for (const [dim, extent] of shape.entries()) {
    if (extent === 1 && sum.size(dim + lacking) !== 1) sum = sum.sum(dim + lacking, true);
  }
  return sum;
}

function both(gradient: Tensor, shape: Shape): Tensor {
  return onesSummed(frontSummed(gradient, shape), shape, 0);
}

/** Each entry of the input from the entries of the gradient that it was repeated to, in double precision. */
function entriesOf(gradient: Tensor, shape: Shape, which: "all" | "first"): Tensor {
  const lacking = gradient.shape.length - shape.length;
  const numbers = gradient.toArray();
  const sums = new Map<string, number[]>();
  for (const [i, x] of numbers.entries()) {
    let rest = i;
    const at = gradient.shape.map(() => 0);
    for (let dim = gradient.shape.length - 1; dim >= 0; dim--) {
      at[dim] = rest % gradient.shape[dim]!;
      rest = Math.floor(rest / gradient.shape[dim]!);
    }
    const own = shape.map((extent, dim) => (extent === 1 ? 0 : at[dim + lacking]!)).join();
    sums.set(own, [...(sums.get(own) ?? []), x]);
  }
  return build(shape, (...at) => {
    const terms = sums.get(at.join()) ?? [];
    return which === "all" ? terms.reduce((sum, x) => sum + x, 0) : terms[0]!;
  });
}

function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
