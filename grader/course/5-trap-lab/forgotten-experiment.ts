import type { Experiment } from "../../kit/experiment.ts";
import { significant } from "../../kit/number.ts";
import type { Dataset } from "../makemore/dataset.ts";
import { lines } from "../makemore/lines.ts";
import { endLoss, startOf, train, type Departure, type Trained } from "../lab/network.ts";
import { largest } from "../lab/numbers.ts";

const STEPS = 500;
/** Two losses this close look the same in a plot. */
const UNNOTICED = 0.01;

/** The branches of the tensors that are used in two lines. */
const branches = ["counts", "logits", "bndiff", "hprebn"].flatMap((input) =>
  lines
    .filter(({ inputs }) => (inputs as readonly string[]).includes(input))
    .map(({ output }): { input: string; output: string } => ({ input, output })),
);

/** Leaves out one branch of a fan-out, for every branch there is: which of them does the loss reveal? */
export const experiment: Experiment<Dataset> = {
  trap: "a network may still train when a branch of a fan-out is forgotten",
  after: { step: "dhprebn" },
  setting: `The lecture's network, with 64 neurons, is trained for ${STEPS} steps, from the same start with the same batches: first with all gradients correct, then with one branch forgotten, for each of the eight branches.`,
  async run({ dataset, yours, progress }) {
    const ways: [name: string, departure: Departure][] = [["nothing forgotten", {}]];
    for (const forget of branches) ways.push([`${forget.input} through ${forget.output}`, { forget }]);
    const trap: Departure = { forget: { input: "hprebn", output: "bnmeani" } };
    if (yours) {
      ways.push([
        "hprebn through bnmeani, with yours added",
        { ...trap, alter: { hprebn: async (dbndiff) => dbndiff.add(await yours({ dbndiff })) } },
      ]);
    }
    const trained: Trained[] = [];
    for (const [i, [, departure]] of ways.entries()) {
      trained.push(await train(startOf(dataset), STEPS, departure, (done) => progress((i + done) / ways.length)));
    }
    const [right] = trained;
    const of = (name: string): Trained => trained[ways.findIndex(([way]) => way === name)]!;
    const off = (a: Trained, b: Trained): number =>
      Math.max(...a.losses.map((loss, step) => Math.abs(loss - b.losses[step]!)));
    const unnoticed = branches.filter(
      (_, i) => Math.abs(endLoss(trained[i + 1]!) - endLoss(right!)) < UNNOTICED,
    ).length;
    return {
      plotted: "loss, by step",
      curves: [
        { name: "nothing forgotten", values: right!.losses },
        { name: "bndiff through bnraw", values: of("bndiff through bnraw").losses },
        { name: "hprebn through bnmeani", values: of("hprebn through bnmeani").losses },
      ],
      tables: [
        {
          title: `what is forgotten, and how that shows in ${STEPS} steps`,
          columns: ["", "loss at the end", "largest difference in a step's loss", "db1, largest entry"],
          rows: ways.map(([name], i) => [
            name,
            trained[i]!.losses.every(Number.isFinite) ? endLoss(trained[i]!).toFixed(3) : "not finite",
            significant(off(trained[i]!, right!)),
            significant(largest(trained[i]!.gradients["b1"]!)),
          ]),
        },
      ],
      remarks: [
        `${unnoticed} of the eight leave the loss within ${UNNOTICED} of the correct one. One of these, through ` +
          "logit_maxes, is zero anyway (part 1, step 7). The others are not: a network learns from any gradient that " +
          "points roughly downhill. A falling loss proves little; compare the gradients. The loss at the end is the " +
          "mean over the last fifth of the steps.",
        "db1 reveals the mean's branch: whatever is added to a whole column of hprebn is subtracted again, so the " +
          "correct db1 is zero up to rounding. Without the branch it is not.",
      ],
    };
  },
};
