import { tensor, type Shape, type Tensor } from "#tensor";
import { lineWriter, inWords } from "../../network/line.ts";
import type { Generator } from "../../network/random.ts";
import { build, each, sum } from "../elements.ts";
import { writtenRoom } from "../rooms.ts";
import { table } from "../tables.ts";
import { clippingFactor } from "../transformer/adamw.ts";
import { normOf, sized } from "./pieces.ts";

const line = lineWriter();
/** From this many columns on, a drawn case has gradients that need no clipping; fewer columns are the usual ones. */
const LARGE = 20;

const TOGETHER =
  "Take gradients 3 and 4 of two parameters. Together they are a vector of length 5; what should each be if that length " +
  "may be 1?";

export const clipped = writtenRoom({
  id: "clipped",
  title: "one norm for all gradients",
  tensor: "clipped",
  asks: "value",
  given: ["G", "g", "most"],
  inputs: { G: table, g: ["columns"], most: [] },
  runs: [
    [
      inWords(
        line(
          "clipped",
          ["G", "g", "most"],
          "G, scaled so that G and g together have a norm of at most `most`",
          table,
          ({ G, g, most }) => G.mul(clippingFactor([G, g], most)),
        ),
      ),
    ],
  ],
  draw: { most: drawMost },
  example: {
    G: [
      [1, 2],
      [-2, 0],
    ],
    g: [4, 0],
    most: 1,
  },
  // nothing to clip, although the sum of squares is above the limit
  hostile: {
    G: [
      [2, -1],
      [0, 2],
    ],
    g: [0, 4],
    most: 8,
  },

  idea: "Clipping shortens the gradient of all parameters together and keeps its direction; a short gradient stays as it is.",

  hints: {
    ask:
      "Every entry of every gradient is multiplied by the same number. Which shape has it, and what is it where the " +
      "gradients are short enough already?",
    rule:
      "All gradients together are one long vector. Its length, the norm, is the root of the sum of the squares of all " +
      "entries, of G and of g. Where the norm is above the limit, the factor is the limit divided by the norm; " +
      "otherwise it is 1. Below, the squares sum to 25.",
    worked: "clipped[0, 1] = {most} / 25 ** 0.5 * {G 0 1}",
    piece:
      "Two sums of squares, added, and a root: item() makes numbers of them. Math.min keeps the factor at 1 where the " +
      "norm is below `most`. The answer is G times that factor; the function returns G alone, and in the training " +
      "step you apply the same factor to all.",
  },

  mistakes: [
    {
      id: "by-itself",
      idea: "each gradient is clipped by its own norm",
      sentence:
        "G is scaled by its own norm: all gradients share one norm, so that the direction of the whole step is kept",
      look: TOGETHER,
      answer: ({ G, most }) => G.mul(Math.min(1, most.item() / normOf(G))),
    },
    {
      id: "root-forgotten",
      idea: "the sum of squares is used as the norm",
      sentence: "the limit is compared with the sum of squares and divided by it: the norm is the root of that sum",
      look: TOGETHER,
      answer: ({ G, g, most }) => G.mul(Math.min(1, most.item() / normOf(G, g) ** 2)),
    },
    {
      id: "always-scaled",
      idea: "the norm is always brought to the limit",
      sentence: "short gradients are made longer: clipping changes only those whose norm is above the limit",
      look: "Gradients with a norm of 0.1 and a limit of 1: by what would yours be multiplied?",
      answer: ({ G, g, most }) => G.mul(most.item() / normOf(G, g)),
    },
    {
      id: "always-by-itself",
      idea: "each gradient is brought to the limit by its own norm",
      sentence:
        "G is always brought to the limit, by its own norm: all gradients share one norm, and short ones stay as they are",
      look: TOGETHER,
      answer: ({ G, most }) => G.mul(most.item() / normOf(G)),
    },
    {
      id: "by-value",
      idea: "each entry is clipped",
      sentence: "each entry is cut off at the limit by itself, which bends the gradient; scaling keeps its direction",
      look: "Clip the gradient 3, 0.5 to a norm of 1. Are its entries still in the ratio 6 to 1?",
      answer: ({ G, most }) => G.clamp(-most.item(), most.item()),
    },
    {
      id: "not-clipped",
      idea: "the gradient is returned as it is",
      sentence: "nothing is clipped: where the norm is above the limit, the gradient has to become shorter",
      look: "Print the norm of G and g together, and the limit.",
      answer: ({ G }) => G.clone(),
    },
    {
      id: "inverted",
      idea: "the factor is the norm over the limit",
      sentence: "where the norm is above the limit, the gradient is made longer: the factor is inverted",
      look: "The norm is 5, and it should become 1. Which factor does that?",
      answer: ({ G, g, most }) => G.mul(Math.max(1, normOf(G, g) / most.item())),
    },
    {
      id: "inverted-below",
      idea: "the factor is the norm over the limit, and 1 at most",
      sentence:
        "the factor is inverted: long gradients stay as they are, and short ones become shorter; it is the limit over the norm, and 1 at most",
      look: "The norm is 5, and it should become 1. Which factor does that?",
      answer: ({ G, g, most }) => G.mul(Math.min(1, normOf(G, g) / most.item())),
    },
    {
      id: "larger-factor",
      idea: "the larger of 1 and the factor is taken",
      sentence:
        "the larger of 1 and the factor is taken: long gradients stay as they are, and short ones become longer; it should be the smaller",
      look: "The norm is 5 and the limit 1, so the quotient is 0.2. Which of 0.2 and 1 should G be multiplied by?",
      answer: ({ G, g, most }) => G.mul(Math.max(1, most.item() / normOf(G, g))),
    },
    {
      id: "norms-added",
      idea: "the norms of the tensors are added",
      sentence: "the norms of G and of g are added: the squares are added first, and the root is taken once",
      look: TOGETHER,
      answer: ({ G, g, most }) => G.mul(Math.min(1, most.item() / (normOf(G) + normOf(g)))),
    },
    {
      id: "largest-entry",
      idea: "the largest entry is used as the norm",
      sentence: "the limit is compared with the largest entry: the norm counts all of them",
      look: TOGETHER,
      answer: ({ G, g, most }) => {
        const largest = Math.max(...sized(G), ...sized(g));
        return G.mul(Math.min(1, most.item() / largest));
      },
    },
    {
      id: "mean-of-squares",
      idea: "the squares are averaged",
      sentence: "the squares are averaged instead of summed, so the limit is compared with the size of a usual entry",
      look: "A gradient of a hundred ones: is its length 1 or 10?",
      answer: ({ G, g, most }) => {
        const count = G.numel() + g.numel();
        return G.mul(Math.min(1, (most.item() / normOf(G, g)) * Math.sqrt(count)));
      },
    },
    {
      id: "limit-forgotten",
      idea: "long gradients are scaled to norm 1",
      sentence: "where the norm is above the limit, it becomes 1: it should become the limit, which is given",
      look: "Which of the given tensors does your factor not depend on?",
      answer: ({ G, g, most }) => (normOf(G, g) > most.item() ? G.div(normOf(G, g)) : G.clone()),
    },
  ],

  alsoRight: [
    {
      code: "const norm = Math.sqrt(G.pow(2).sum().item() + g.pow(2).sum().item());\nreturn norm > most.item() ? G.mul(most.item() / norm) : G.clone();",
      why: "A condition instead of a minimum: short gradients are not multiplied at all.",
    },
  ],

  forms: [
    ({ G, g, most }) => G.mul(Math.min(1, most.item() / Math.sqrt(G.pow(2).sum().item() + g.pow(2).sum().item()))),
    ({ G, g, most }) => (normOf(G, g) > most.item() ? G.div(normOf(G, g) / most.item()) : G.clone()),
    // PyTorch adds 1e-6 to the norm, which is far below its rounding
    ({ G, g, most }) => G.mul(most.div(G.mul(G).sum().add(g.mul(g).sum()).sqrt().add(1e-6)).clamp(0, 1)),
    ({ G, g, most }) => {
      const squares = sum(G.numel(), (i) => G.toArray()[i]! ** 2) + sum(g.numel(), (i) => g.toArray()[i]! ** 2);
      const factor = Math.min(1, most.item() / Math.sqrt(squares));
      return build([...G.shape], (i, j) => G.get(i, j) * factor);
    },
    ({ G, g, most }) => {
      const factor = Math.min(1, most.item() / Math.hypot(...G.toArray(), ...g.toArray()));
      return each(G.clone(), (i, j, out) => out.set(i, j, G.get(i, j) * factor));
    },
  ],
});

/**
 * A limit below the size of most entries, or above the norm of all gradients: which one follows from their shape, so that both
 * are among the cases of any seed.
 */
function drawMost(generator: Generator, _shape: Shape, { G, g }: Readonly<Record<string, Tensor>>): Tensor {
  const norm = normOf(G!, g!);
  const part = generator.rand(1).item();
  return tensor(G!.size(1) >= LARGE ? norm * (1.2 + part) : norm * (0.02 + 0.06 * part));
}
