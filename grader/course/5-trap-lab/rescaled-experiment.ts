import type { Tensor } from "#tensor";
import type { Curve, Experiment } from "../../kit/experiment.ts";
import { significant } from "../../kit/number.ts";
import { forwardPass } from "../makemore/network.ts";
import type { Dataset } from "../makemore/dataset.ts";
import { line, lines } from "../makemore/lines.ts";
import { backward, endLoss, startOf, train } from "../lab/network.ts";
import { meanSize } from "../lab/numbers.ts";
import type { Line } from "../../network/line.ts";

const STEPS = 1000;
/** W1 is this many times as large as the lecture's: its entries have a standard deviation of about 2. */
const WIDER = 6.5;
/** Beyond this value of h, the slope of tanh is less than a hundredth. */
const FLAT = 0.995;

/** The lecture's network without batchnorm, which would hide how large W1 is. */
const normalized = ["hprebn", "bnmeani", "bndiff", "bndiff2", "bnvar", "bnvar_inv", "bnraw"];
const hpreact = line("hpreact", ["embcat", "W1", "b1"], "embcat @ W1 + b1", ["n", "hidden"], ({ embcat, W1, b1 }) =>
  embcat.matmul(W1).add(b1),
);
const network: readonly Line[] = (lines as readonly Line[])
  .filter(({ output }) => !normalized.includes(output))
  .map((each) => (each.output === "hpreact" ? hpreact : each));

/** A W1 so large that tanh is flat: the gradient vanishes there, until W1 is rescaled. */
export const experiment: Experiment<Dataset> = {
  trap: "where tanh is saturated, the gradient vanishes",
  setting: `The network without batchnorm, with 64 neurons, is trained for ${STEPS} steps: once from a W1 that is ${WIDER} times as large as the lecture's, and once from the same W1, rescaled.`,
  async run({ dataset, yours, progress }) {
    const first = startOf(dataset);
    const batch = first.nextBatch();
    const wide = first.parameters.W1.mul(WIDER);
    const embcat = forwardPass(first.parameters, batch, network)["embcat"]!;
    const ways: [name: string, W1: Tensor][] = [
      ["rescaled", wide.div(embcat.matmul(wide).var(0, true).sqrt())],
      ["too large", wide],
    ];
    if (yours) ways.push(["yours", await yours({ embcat, W1: wide })]);
    const curves: Curve[] = [];
    const columns: string[][] = [];
    for (const [i, [name, W1]] of ways.entries()) {
      const start = startOf(dataset);
      const parameters = { ...start.parameters, W1 };
      const values = forwardPass(parameters, batch, network);
      const gradients = await backward(values, batch, { network });
      const { losses } = await train({ ...start, parameters }, STEPS, { network }, (done) =>
        progress((i + done) / ways.length),
      );
      curves.push({ name, values: losses });
      const h = Array.from(values["h"]!.toArray());
      const flat = h.filter((x) => Math.abs(x) > FLAT).length / h.length;
      columns.push([
        `${(100 * flat).toFixed(1)} %`,
        significant(meanSize(gradients["hpreact"]!)),
        endLoss({ losses }).toFixed(3),
      ]);
    }
    const names = [
      `share of h beyond ${FLAT} at the start`,
      "mean size of dhpreact at the start",
      `loss after ${STEPS} steps`,
    ];
    return {
      plotted: "loss, by step",
      curves,
      tables: [
        {
          title: "the scale of W1 at the start",
          columns: ["", ...ways.map(([name]) => name)],
          rows: names.map((name, row) => [name, ...columns.map((column) => column[row]!)]),
        },
      ],
      remarks: [
        "dhpreact is dh times 1 - h*h: where h is close to 1 or -1, almost nothing is passed back, and that example " +
          "barely moves W1, b1 and C. The output layer learns what it can from features that do not change.",
        "Batchnorm does this scaling at every step, which is why the lecture's network never needs it.",
      ],
    };
  },
};
