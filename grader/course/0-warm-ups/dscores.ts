import { oneHot, onesLike, tensor, zerosLike, type Shape, type Tensor } from "#tensor";
import { lineWriter } from "../../network/line.ts";
import type { Generator } from "../../network/random.ts";
import { build, delta, eye } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import type { Draw } from "../../kit/row.ts";
import { table } from "../tables.ts";

const line = lineWriter<"picks">();

export const dscores = writtenRoom({
  id: "dscores",
  title: "picking by index",
  tensor: "scores",
  asks: "gradient",
  given: ["scores", "picks", "picked", "dpicked"],
  inputs: { scores: table },
  indices: { picks: ["rows"] },
  runs: [
    [
      line("picked", ["scores", "picks"], "scores[i, picks[i]] for each row i", ["rows", 1], ({ scores, picks }) =>
        scores.gather(1, picks.view(-1, 1)),
      ),
    ],
  ],
  draw: { picks: drawPicks },
  example: {
    scores: [
      [0.5, 2, -1],
      [3, 1, 4],
    ],
    picks: [2, 0],
    dpicked: [[3], [-0.5]],
  },
  // in each row another entry has the value of the one that is picked: code that looks for the value finds both
  hostile: {
    scores: [
      [2, 2, -1],
      [3, 1, 3],
    ],
    picks: [0, 2],
    dpicked: [[3], [-0.5]],
  },

  idea: "What is read gets the gradient, what is not read gets 0.",

  hints: {
    ask:
      "Each row of scores has many entries, and picked has one for that row. Which entry of the row is it, and what " +
      "is the gradient of the others?",
    rule:
      "An entry that is picked is copied: its local gradient is 1, whatever its value, so it gets its row's upstream " +
      "gradient. An entry that is not picked has no effect on anything that follows: its gradient is 0.",
    show: ["scores", "picks"],
    worked: "dscores[0, 2] = dpicked[0, 0]",
    piece:
      "Start from zeros in the shape of scores and fill one position in each row: the column is that row's number in " +
      "picks. set does it in a loop over the rows. Without a loop: oneHot of picks, with the number of columns, has a " +
      "1 at each of these positions and 0 elsewhere.",
  },

  mistakes: [
    {
      id: "everywhere",
      idea: "every entry of a row gets the gradient, as in a sum",
      sentence: "every entry of a row is filled, but only one of them was picked: the others have no effect",
      look: "If an entry that was not picked grows by 0.1, does picked change?",
      answer: ({ scores, dpicked }) => onesLike(scores).mul(dpicked),
    },
    {
      id: "upstream-forgotten",
      idea: "only the local gradients are returned",
      sentence: "there is a one at each picked position: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ scores, picks }) => oneHot(picks, scores.size(1)),
    },
    {
      id: "first-column",
      idea: "the indices are not used as columns",
      sentence: "the same column is filled in every row: which column it is differs from row to row",
      look: "The column differs from row to row. Read it from picks for each row.",
      answer: ({ scores, dpicked }) => build([...scores.shape], (i, j) => (j === 0 ? dpicked.get(i, 0) : 0)),
    },
    {
      id: "counted-from-one",
      idea: "indices are counted from one",
      sentence: "every gradient is one column too far to the right: indices count from zero",
      look: "The index 0 names the first column. Is there a + 1 or a - 1 where you use the index?",
      answer: ({ scores, picks, dpicked }) => {
        const columns = scores.size(1);
        return build([...scores.shape], (i, j) => ((picks.get(i) + 1) % columns === j ? dpicked.get(i, 0) : 0));
      },
    },
    {
      id: "scores-kept",
      idea: "the picked value is used as the slope",
      sentence: "the gradients are multiplied by the picked scores: picking copies a number, and a copy has slope one",
      look: "Let a picked entry grow by 0.1: once from 1, once from 4. How much does picked change each time?",
      answer: ({ scores, picks, dpicked }) => oneHot(picks, scores.size(1)).mul(scores).mul(dpicked),
    },
    {
      id: "other-entries",
      idea: "the picked entries and the others are swapped",
      sentence: "the entries that were not picked are filled, and those that were are zero",
      look: "scores[i, picks[i]] is the entry that is read. If another one grows, does picked change?",
      answer: ({ scores, picks, dpicked }) =>
        onesLike(scores)
          .sub(oneHot(picks, scores.size(1)))
          .mul(dpicked),
    },
    {
      id: "mean",
      idea: "the mean of a loss is applied, although there is none",
      sentence: "divided by the number of rows: there is no mean in the forward line",
      look: looks.divided,
      answer: ({ scores, picks, dpicked }) => oneHot(picks, scores.size(1)).mul(dpicked).div(scores.size(0)),
    },
    {
      id: "zeros",
      idea: "nothing was written into the zeros",
      sentence: "every entry is zero, as if none were picked",
      look: "Zeros are the right start. One position in each row still has to be filled.",
      answer: ({ scores }) => zerosLike(scores),
    },
    {
      id: "sign",
      idea: "the minus of a loss is applied, although there is none",
      sentence: "the sign is flipped: picked rises with the entry that is picked",
      look: looks.sign("scores"),
      answer: ({ scores, picks, dpicked }) => oneHot(picks, scores.size(1)).mul(dpicked).neg(),
    },
  ],

  forms: [
    ({ scores, picks, dpicked }) => oneHot(picks, scores.size(1)).mul(dpicked),
    ({ scores, picks, dpicked }) => zerosLike(scores).scatterAdd(1, picks.view(-1, 1), dpicked),
    ({ scores, picks, dpicked }) => {
      const d = zerosLike(scores);
      for (let i = 0; i < scores.size(0); i++) d.set(i, picks.get(i), dpicked.get(i, 0));
      return d;
    },
    ({ scores, picks, dpicked }) => build([...scores.shape], (i, j) => (picks.get(i) === j ? dpicked.get(i, 0) : 0)),
    ({ scores, picks, dpicked }) => eye(scores.size(1)).gatherRows(picks).mul(dpicked),
    ({ scores, picks, dpicked }) => build([...scores.shape], (i, j) => delta(picks.get(i), j) * dpicked.get(i, 0)),
  ],
});

/** Columns, one per row: the first, and the last twice, in any rows; the others at random. */
function drawPicks(generator: Generator, [rows]: Shape, { scores }: Parameters<Draw>[2]): Tensor {
  const columns = scores!.size(1);
  const picks = [...generator.randint(0, columns, rows!).toArray()];
  const [first, last, again] = generator.randperm(rows!);
  picks[first!] = 0;
  picks[last!] = columns - 1;
  if (again !== undefined) picks[again] = columns - 1;
  return tensor(picks, [rows!], "int32");
}
