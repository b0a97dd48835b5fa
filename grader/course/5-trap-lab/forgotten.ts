import { keepdim, ones, zeros, zerosLike } from "#tensor";
import { line } from "../makemore/lines.ts";
import { added, build, each, sumBackwards, throughColumns } from "../elements.ts";
import { looks } from "../looks.ts";
import { modelLine, writtenRoom } from "../rooms.ts";
import { experiment } from "./forgotten-experiment.ts";
import { inWords } from "../../network/line.ts";

export const forgotten = writtenRoom({
  id: "forgotten",
  tensor: "forgotten",
  asks: "value",
  given: ["dbndiff"],
  before: [modelLine("bnmeani"), modelLine("bndiff")],
  runs: [
    [
      inWords(
        line(
          "forgotten",
          ["dbndiff"],
          "dhprebn - dbndiff, where dhprebn has both branches",
          ["n", "hidden"],
          ({ dbndiff }) =>
            dbndiff
              .sum(0, keepdim)
              .mul(-1 / dbndiff.shape[0]!)
              .expand(...dbndiff.shape),
        ),
      ),
    ],
  ],

  hints: {
    ask:
      "hprebn stands on the right of two forward lines. One of them gives dbndiff back to it, unchanged. Which is the " +
      "other, and how many rows has what comes back to its output?",
    rule:
      "Two steps back, those of part 1's numbers 20 and 21. bnmeani is subtracted from every row, so what the rows send " +
      "back adds up, with its sign turned. And bnmeani is a mean: each of the n numbers of a column gets 1/n of it, all " +
      "of them the same. A check: add the answer to dbndiff, and every column sums to zero.",
    numbers: {
      dbndiff: [
        [3, -2],
        [0, -2],
        [3, 1],
      ],
    },
    worked: "forgotten[1, 0] = -({dbndiff 0 0} + {dbndiff 1 0} + {dbndiff 2 0}) / 3",
    piece:
      "Three things: a mean of what comes from above for each neuron, over dimension 0, which stays with length 1; the " +
      "sign, turned; and n copies of the row that this gives, for which expand takes the shape to reach. Of dbndiff " +
      "itself nothing is added: that is the branch nobody forgot. How little of it a network's loss tells, " +
      "npm run lab -- forgotten shows.",
  },

  mistakes: [
    {
      id: "sign",
      idea: "the sign of the subtraction is left out",
      sentence: "the sign is flipped: bnmeani is subtracted, so what comes back through it turns round",
      look: "Let one number of bnmeani grow by 0.1. Do the numbers of bndiff rise or fall?",
      answer: ({ dbndiff }) => dbndiff.mean(0, keepdim).expand([...dbndiff.shape]),
    },
    {
      id: "mean-forgotten",
      idea: "bnmeani's gradient is handed to each row whole",
      sentence: "each row gets all of bnmeani's gradient: a row of hprebn has a part in the mean that is one in n",
      look: "In a batch of 3, let one number of hprebn grow by 0.3. How far does the mean move?",
      answer: ({ dbndiff }) =>
        dbndiff
          .sum(0, keepdim)
          .neg()
          .expand([...dbndiff.shape]),
    },
    {
      id: "not-spread",
      idea: "what each row gets is given once",
      sentence: "the numbers are right, once: every row of hprebn goes into the mean, so every row gets them",
      look: "The answer has n rows, as dbndiff has. expand copies a single row; it takes the shape to reach.",
      answer: ({ dbndiff }) => dbndiff.mean(0, keepdim).neg(),
    },
    {
      id: "all-of-it",
      idea: "dhprebn is given, not what is missing from it",
      sentence:
        "this is dhprebn with both branches: what the direct one gives is there already, and the other alone is asked for",
      look: "Read the last forward line: dbndiff is taken from dhprebn. Which of your terms is that?",
      answer: ({ dbndiff }) => dbndiff.sub(dbndiff.mean(0, keepdim)),
    },
    {
      id: "n-minus-one",
      idea: "the variance's divisor is used for the mean",
      sentence: "it is divided by n - 1, as the variance is; the mean is divided by n",
      look: "Read the line of bnmeani: by what is the sum divided? The line that divides by n - 1 is another one, bnvar's.",
      answer: ({ dbndiff }) =>
        dbndiff
          .sum(0, keepdim)
          .div(1 - dbndiff.size(0))
          .expand([...dbndiff.shape]),
    },
    {
      id: "across",
      idea: "the mean runs along the neurons",
      sentence:
        "the mean runs along each example's neurons; bnmeani is a mean over the batch, for each neuron by itself",
      look: `${looks.dimensions} Which of them does the sum in the line of bnmeani run over?`,
      answer: ({ dbndiff }) =>
        dbndiff
          .mean(1, keepdim)
          .neg()
          .expand([...dbndiff.shape]),
    },
    {
      id: "mean-of-all",
      idea: "the mean runs over everything",
      sentence: "every value is the same: each neuron has a mean of its own",
      look: "mean takes the dimension to run over as its argument. Is there one mean, or one for each neuron?",
      answer: ({ dbndiff }) =>
        dbndiff
          .mean()
          .neg()
          .expand([...dbndiff.shape]),
    },
    {
      id: "zeros",
      idea: "nothing is taken to be forgotten",
      sentence: "every value is zero, as if hprebn went into bndiff alone",
      look:
        "In a batch of 3, let one number of hprebn grow by 0.3. The mean grows by 0.1, and each row of bndiff falls by " +
        "that. What comes back this way?",
      answer: ({ dbndiff }) => zerosLike(dbndiff),
    },
  ],

  forms: [
    ({ dbndiff }) =>
      dbndiff
        .mean(0, keepdim)
        .neg()
        .expand([...dbndiff.shape]),
    ({ dbndiff }) => zerosLike(dbndiff).sub(dbndiff.sum(0, keepdim).div(dbndiff.size(0))),
    ({ dbndiff }) => dbndiff.sub(dbndiff.mean(0, keepdim)).sub(dbndiff),
    ({ dbndiff }) => ones(dbndiff.size(0), dbndiff.size(0)).matmul(dbndiff).div(-dbndiff.size(0)),
    ({ dbndiff }) => {
      const n = dbndiff.size(0);
      const sums = build([dbndiff.size(1)], (j) => sumBackwards(n, (i) => dbndiff.get(i, j)));
      return build([...dbndiff.shape], (_, j) => -sums.get(j) / n);
    },
    ({ dbndiff }) => {
      const sums = added(zeros(1, dbndiff.size(1)), dbndiff, (_, j) => [0, j]);
      return each(zerosLike(dbndiff), (i, j, d) => d.set(i, j, -sums.get(0, j) / dbndiff.size(0)));
    },
    ({ dbndiff }) => throughColumns(dbndiff, dbndiff.size(0), () => -1 / dbndiff.size(0)),
    ({ dbndiff }) => dbndiff.add(dbndiff.sum(0, keepdim).neg().div(dbndiff.size(0))).sub(dbndiff),
  ],

  experiment,
});
