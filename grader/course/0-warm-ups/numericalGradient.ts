import { oneHot, tensor, zerosLike, type Shape, type Tensor } from "#tensor";
import { line } from "../makemore/lines.ts";
import type { Generator } from "../../network/random.ts";
import { inWords } from "../../network/line.ts";
import { build, each } from "../elements.ts";
import { lossOf } from "../exercise.ts";
import { writtenRoom } from "../rooms.ts";
import { drawNumbers, type Draw } from "../../kit/row.ts";
import { centralDifferences, oneAt } from "./central-differences.ts";
import { experiment } from "./numericalGradient-experiment.ts";

const table = ["layers", "slots"] as const;
const TWICE = "From spot - nudge to spot + nudge: how long is that way, measured in nudges?";

/** The smallest nudge that is drawn, and how much larger it can be: large enough for the error of the method to show. */
const SMALLEST_NUDGE = 0.125;
const LARGER_BY = 0.25;
/** How far below a row's maximum another entry is, in nudges: equal, and within reach of one nudge. */
const BELOW_MAXIMUM = [0, 0.5];

export const numericalGradient = writtenRoom({
  id: "numericalGradient",
  title: "checking a gradient without an answer",
  tensor: "estimate",
  asks: "value",
  given: ["spot", "nudge"],
  inputs: { spot: table, nudge: [] },
  before: [
    line("lossOf(spot)", ["spot"], "(spot ** 3).sum() / 3 + spot.max(1).values.sum()", [], ({ spot }) => lossOf(spot)),
  ],
  runs: [
    [
      inWords(
        line(
          "estimate",
          // the nudge first: how spot is drawn depends on it
          ["nudge", "spot"],
          "at each entry, the loss with this entry + nudge, minus the loss with it - nudge, over 2 * nudge",
          table,
          ({ nudge, spot }) => centralDifferences(lossOf, spot, nudge),
        ),
      ),
    ],
  ],
  draw: { nudge: drawNudge, spot: drawSpot },
  example: {
    spot: [
      [1, 2],
      [3, 2.75],
    ],
    nudge: 0.5,
  },

  idea: "A gradient can be checked by its definition, one entry at a time.",

  hints: {
    ask:
      "The answer has a number for each entry of spot. How often do you have to call lossOf for one of these numbers, " +
      "and what do you pass to it each time?",
    rule:
      "Move one entry up by nudge, all others unchanged, and compute the loss; move the same entry down and compute it " +
      "again. The difference of the two losses, divided by the distance between the two points, is the slope " +
      "between them: a central difference. Below, only the terms that change are written out.",
    show: ["spot", "nudge"],
    worked: "estimate[0, 0] = (({spot 0 0} + {nudge}) ** 3 / 3 - ({spot 0 0} - {nudge}) ** 3 / 3) / (2 * {nudge})",
    piece:
      "Two nested loops over the rows and columns of spot. Inside them: a clone of spot for each of the two points, " +
      "changed at one position by set, which takes the position and the new number; get reads the old one. lossOf and " +
      "nudge are tensors of a single number: item makes plain numbers of them, for which - and / work. The results " +
      "are set in a tensor of zeros in the shape of spot.",
  },

  mistakes: [
    {
      id: "one-sided",
      idea: "a forward difference is computed",
      sentence: "these are forward differences, from spot to spot + nudge: the other side is missing",
      look: "Which two points does the task compare? One is above spot, the other is below it.",
      answer: ({ spot, nudge }) =>
        entries(spot, (up) => (lossOf(up).item() - lossOf(spot).item()) / nudge.item(), nudge.item()),
    },
    {
      id: "two-forgotten",
      idea: "the distance of the two points is taken to be one nudge",
      sentence: "every value is twice what it should be: the two points are two nudges apart",
      look: TWICE,
      answer: ({ spot, nudge }) => estimateOf(spot, nudge).mul(2),
    },
    {
      id: "not-divided",
      idea: "the difference is returned without its distance",
      sentence: "these are the differences of the losses: they should be divided by the distance of the two points",
      look: TWICE,
      answer: ({ spot, nudge }) => estimateOf(spot, nudge).mul(nudge.item() * 2),
    },
    {
      id: "divided-by-half",
      idea: "2 * nudge is divided by without parentheses",
      sentence: "the difference is divided by 2 and multiplied by nudge: a / 2 * b is (a / 2) * b",
      look: "In JavaScript / and * are computed from left to right. Where do parentheses belong?",
      answer: ({ spot, nudge }) => estimateOf(spot, nudge).mul(nudge.item() ** 2),
    },
    {
      id: "all-at-once",
      idea: "all entries are nudged at once",
      sentence: "all entries are nudged at once, so that every value is the same: move one of them at a time",
      look: "Print the tensor that you pass to lossOf. At how many positions does it differ from spot?",
      answer: ({ spot, nudge }) => {
        const difference = lossOf(spot.add(nudge)).sub(lossOf(spot.sub(nudge)));
        return zerosLike(spot).add(difference.div(nudge.mul(2)));
      },
    },
    {
      id: "not-restored",
      idea: "an entry is not moved back before the next one",
      sentence: "entries that were nudged stay moved while the next ones are: each starts from spot itself",
      look: "set changes a tensor. After the first entry is done, what is at its position? A clone of spot is untouched.",
      answer: ({ spot, nudge }) => {
        const h = nudge.item();
        const moving = spot.clone();
        return build([...spot.shape], (i, j) => {
          const above = lossOf(moving.set(i, j, moving.get(i, j) + h)).item();
          const below = lossOf(moving.set(i, j, moving.get(i, j) - 2 * h)).item();
          return (above - below) / (2 * h);
        });
      },
    },
    {
      id: "by-formula",
      idea: "the gradient is computed with formulas",
      sentence: "this is the gradient by formula: the task asks for the differences, which are a little different",
      look:
        "The differences are what checks a formula, so they must not come from one. Call lossOf twice for each entry. " +
        "At a kink, and for a nudge this large, the two disagree.",
      answer: ({ spot }) => spot.pow(2).add(oneHot(spot.max(1).indices, spot.size(1))),
    },
    {
      id: "maximum-forgotten",
      idea: "only the smooth part of the loss is differenced",
      sentence: "the part of the loss that comes from the maxima is missing",
      look: "Call lossOf instead of writing the loss out: it has two terms.",
      answer: ({ spot, nudge }) => {
        const h = nudge.item();
        return build([...spot.shape], (i, j) => spot.get(i, j) ** 2 + h ** 2 / 3);
      },
    },
    {
      id: "sign",
      idea: "the two points are swapped",
      sentence: "the sign is flipped: the loss below is subtracted from the loss above, not the other way round",
      look: "If the loss rises with an entry, which of the two losses is larger, the one above or the one below?",
      answer: ({ spot, nudge }) => estimateOf(spot, nudge).neg(),
    },
  ],

  forms: [
    ({ spot, nudge }) => estimateOf(spot, nudge),
    ({ spot, nudge }) => centralDifferences<Tensor>(lossOf, spot, nudge),
    ({ spot, nudge }) => {
      const h = nudge.item();
      const estimate = zerosLike(spot);
      return each(estimate, (i, j) => {
        const [up, down] = [spot.clone(), spot.clone()];
        up.set(i, j, spot.get(i, j) + h);
        down.set(i, j, spot.get(i, j) - h);
        estimate.set(i, j, (lossOf(up).item() - lossOf(down).item()) / (2 * h));
      });
    },
    // the mean of a forward and a backward difference
    ({ spot, nudge }) => {
      const h = nudge.item();
      const here = lossOf(spot).item();
      const ahead = entries(spot, (up) => (lossOf(up).item() - here) / h, h);
      return ahead.add(entries(spot, (down) => (here - lossOf(down).item()) / h, -h)).div(2);
    },
    // one tensor, moved up, down and back
    ({ spot, nudge }) => {
      const h = nudge.item();
      const moving = spot.clone();
      return build([...spot.shape], (i, j) => {
        const above = lossOf(moving.set(i, j, spot.get(i, j) + h)).item();
        const below = lossOf(moving.set(i, j, spot.get(i, j) - h)).item();
        moving.set(i, j, spot.get(i, j));
        return (above - below) / (2 * h);
      });
    },
    // in float64, with the terms that change only
    ({ spot, nudge }) => {
      const h = nudge.item();
      return build([...spot.shape], (i, j) => {
        const x = spot.get(i, j);
        const others = Array.from({ length: spot.size(1) }, (_, k) => (k === j ? -Infinity : spot.get(i, k)));
        const largest = (y: number): number => Math.max(y, ...others);
        return ((x + h) ** 3 - (x - h) ** 3) / (6 * h) + (largest(x + h) - largest(x - h)) / (2 * h);
      });
    },
  ],

  experiment,
});

/** A number for each entry, from the tensor in which this entry alone is moved. */
function entries(spot: Tensor, of: (moved: Tensor) => number, by: number): Tensor {
  const columns = spot.size(1);
  return build([...spot.shape], (i, j) => of(spot.add(oneAt(i * columns + j, spot.shape).mul(by))));
}

/** The central differences of the loss, in float32. */
function estimateOf(spot: Tensor, nudge: Tensor): Tensor {
  const h = nudge.item();
  const above = entries(spot, (up) => lossOf(up).item(), h);
  return above.sub(entries(spot, (down) => lossOf(down).item(), -h)).div(2 * h);
}

function drawNudge(generator: Generator): Tensor {
  return tensor(SMALLEST_NUDGE + LARGER_BY * generator.rand(1).item());
}

/** Numbers as drawn for any table; in most rows a column between the first and the last is near the maximum. */
function drawSpot(
  generator: Generator,
  shape: Shape,
  { nudge }: Parameters<Draw>[2],
  arranged: Parameters<Draw>[3],
): Tensor {
  const spot = arranged(drawNumbers(generator, shape));
  const [rows, columns] = shape as [number, number];
  for (let i = 0; i < rows; i++) {
    const below = BELOW_MAXIMUM[i % (BELOW_MAXIMUM.length + 1)];
    const row = Array.from({ length: columns }, (_, j) => spot.get(i, j));
    const largest = Math.max(...row);
    const others = row
      .map((_, j) => j)
      .slice(1, -1)
      .filter((j) => row[j] !== largest);
    if (below === undefined || others.length === 0) continue;
    const at = others[generator.randint(0, others.length, 1).item()]!;
    spot.set(i, at, largest - below * nudge!.item());
  }
  return spot;
}
