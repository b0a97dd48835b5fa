import { crossEntropy, keepdim, zerosLike, type Tensor } from "#tensor";
import type { Bench, Experiment } from "../../kit/experiment.ts";
import { forwardPass } from "../makemore/network.ts";
import type { Dataset } from "../makemore/dataset.ts";
import { line, lines } from "../makemore/lines.ts";
import { lectureSizes, type Parameters } from "../makemore/parameters.ts";
import { startOf, train } from "../lab/network.ts";
import { mean } from "../../report/statistics.ts";
import type { Line } from "../../network/line.ts";

const STEPS = 1000;
/** The number of batches over which the running statistics are taken, after training. */
const BATCHES = 200;
const sizes = [2, 4, 8, lectureSizes.batch] as const;

/** The variance divided by n, in training: the only line that differs from the lecture's network. */
const biased = line("bnvar", ["bndiff2"], "1/n * bndiff2.sum(0, keepdim)", [1, "hidden"], ({ bndiff2 }) =>
  bndiff2.sum(0, keepdim).mul(1 / bndiff2.shape[0]!),
);
const network: readonly Line[] = lines.map((each) => (each.output === "bnvar" ? biased : each));

/** Two variances: the scale of the numbers that reach tanh, in training and at test time. */
export const experiment: Experiment<Dataset> = {
  trap: "the same network with the same weights gets numbers on a larger scale at test time than in training",
  after: { step: "dbndiff2" },
  setting: `Networks with 64 neurons are trained for ${STEPS} steps with the biased variance, in batches of ${sizes.join(", ")}. Then the loss on the dev names is computed with running statistics: the mean over ${BATCHES} batches of the biased variance, or of the unbiased one, which PyTorch's BatchNorm1d keeps.`,
  async run(bench) {
    const rows: Row[] = [];
    for (const [i, n] of sizes.entries()) {
      rows.push(await rowFor(bench, n, (done) => bench.progress((i + done) / sizes.length)));
    }
    const yours = bench.yours !== undefined;
    return {
      tables: [
        {
          title: "the scale of bnraw: the root of its mean square",
          columns: [
            "n",
            "in training",
            "at test, biased",
            "at test, unbiased",
            "sqrt((n-1)/n)",
            ...(yours ? ["your ratio"] : []),
          ],
          rows: rows.map(({ n, inTraining, widths, factor }) => [
            `${n}`,
            inTraining,
            ...widths.slice(0, 2),
            Math.sqrt((n - 1) / n).toFixed(4),
            ...(factor === undefined ? [] : [factor]),
          ]),
        },
        {
          title: "the loss on the dev names",
          columns: ["n", "biased", "unbiased", ...(yours ? ["unbiased, from biased and your ratio"] : [])],
          rows: rows.map(({ n, losses }) => [`${n}`, ...losses]),
        },
      ],
      remarks: [
        "In training, a number's distance is measured from a mean to which the number itself contributed, and so are " +
          "the distances in the variance: with the biased variance, the scale of a batch is exactly 1. At test time " +
          "the distance is measured from a fixed mean and is larger, and so is the scale, by 1 over your ratio. The " +
          "unbiased variance compensates for that, on average.",
        "So using one formula for both is the trap here: what has to agree is the scale of the numbers. The lecture " +
          "uses the unbiased variance throughout: the scale is 0.984 in training, in batches of 32, and 1 at test time.",
      ],
    };
  },
};

/** The results for one batch size, as text. */
interface Row {
  n: number;
  inTraining: string;
  widths: string[];
  losses: string[];
  /** The learner's ratio, averaged over batches and neurons. */
  factor: string | undefined;
}

async function rowFor({ dataset, yours }: Bench<Dataset>, n: number, progress: Bench["progress"]): Promise<Row> {
  const start = startOf(dataset, n);
  const { parameters, values } = await train(start, STEPS, { network }, progress);
  const { bnmean, variances, factor } = await runningStatistics(parameters, start.nextBatch, yours);
  const dev = dataset.split("dev");
  const read = variances.map((bnvar) => atTest(parameters, dev, bnmean, bnvar));
  return {
    n,
    inTraining: width(values["bnraw"]!).toFixed(3),
    widths: read.map(({ bnraw }) => width(bnraw).toFixed(3)),
    losses: read.map(({ loss }) => loss.toFixed(4)),
    factor: factor?.toFixed(4),
  };
}

/** Averages over batches: of the mean, and of the biased, the unbiased, and the variance by the learner's ratio. */
async function runningStatistics(
  parameters: Parameters,
  nextBatch: () => { Xb: Tensor; Yb: Tensor },
  yours: Bench["yours"],
): Promise<{ bnmean: Tensor; variances: Tensor[]; factor: number | undefined }> {
  const zero = zerosLike(parameters.bnbias);
  let bnmean = zero;
  let variances = yours ? [zero, zero, zero] : [zero, zero];
  const factors: number[] = [];
  for (let i = 0; i < BATCHES; i++) {
    const { hprebn, bnmeani, bnvar } = forwardPass(parameters, nextBatch(), network);
    const n = hprebn!.size(0);
    const made = [bnvar!, bnvar!.mul(n / (n - 1))];
    if (yours) {
      const ratio = await yours({ hprebn: hprebn! });
      factors.push(mean(ratio.toArray()));
      // bnraw times the ratio is bnraw with this variance
      made.push(bnvar!.add(1e-5).div(ratio.mul(ratio)).sub(1e-5));
    }
    bnmean = bnmean.add(bnmeani!.div(BATCHES));
    variances = variances.map((sum, way) => sum.add(made[way]!.div(BATCHES)));
  }
  return { bnmean, variances, factor: factors.length > 0 ? mean(factors) : undefined };
}

/** The root of the mean square. */
function width(x: Tensor): number {
  return Math.sqrt(mean(x.mul(x).toArray()));
}

/** bnraw and the loss of some examples, with fixed statistics. */
function atTest(
  { C, W1, b1, W2, b2, bngain, bnbias }: Parameters,
  { Xb, Yb }: ReturnType<Dataset["split"]>,
  bnmean: Tensor,
  bnvar: Tensor,
): { bnraw: Tensor; loss: number } {
  const hprebn = C.gatherRows(Xb).view(Xb.size(0), -1).matmul(W1).add(b1);
  const bnraw = hprebn.sub(bnmean).mul(bnvar.add(1e-5).pow(-0.5));
  const logits = bngain.mul(bnraw).add(bnbias).tanh().matmul(W2).add(b2);
  return { bnraw, loss: crossEntropy(logits, Yb).item() };
}
