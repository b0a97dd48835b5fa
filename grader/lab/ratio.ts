import { crossEntropy, keepdim, tensor, zerosLike, type Tensor } from "#tensor";
import type { Dataset } from "../model/dataset.ts";
import { line, lines, type Line } from "../model/lines.ts";
import { lectureSizes, type Parameters } from "../model/parameters.ts";
import type { Bench, Experiment } from "./experiment.ts";
import { forwardValues, startOf, train } from "./network.ts";
import { mean } from "./numbers.ts";

const STEPS = 1000;
/** Over so many batches the running statistics are taken, after training. */
const BATCHES = 200;
const sizes = [2, 4, 8, lectureSizes.batch] as const;

/** The variance divided by n, in training: the lecture's network but for this line. */
const biased = line("bnvar", ["bndiff2"], "1/n * bndiff2.sum(0, keepdim)", [1, "hidden"], ({ bndiff2 }) =>
  bndiff2.sum(0, keepdim).mul(1 / bndiff2.shape[0]!),
);
const network: readonly Line[] = lines.map((each) => (each.output === "bnvar" ? biased : each));

/** Biased variance in training and unbiased at test: what reaches tanh shrinks between the two. */
export const ratio: Experiment = {
  id: "ratio",
  trap: "one variance in training, another at test: the same numbers come out smaller",
  setting: `Networks of 64 neurons train ${STEPS} steps with the biased variance, in batches of ${sizes.join(", ")}. Then the dev names are read with running statistics: with the same variance, and with the unbiased one (what PyTorch's BatchNorm1d keeps).`,
  async run(bench) {
    const rows: string[][] = [];
    for (const [i, n] of sizes.entries()) {
      rows.push(await rowFor(bench, n, (done) => bench.progress((i + done) / sizes.length)));
    }
    return {
      tables: [
        {
          title: "by the size of a batch",
          columns: [
            "n",
            "sqrt((n-1)/n)",
            ...(bench.yours ? ["your ratio, mean"] : []),
            "dev loss, biased at both",
            "unbiased at test",
            ...(bench.yours ? ["and divided by yours"] : []),
          ],
          rows,
        },
      ],
      remarks: [
        "The factor is sqrt((n-1)/n) but for epsilon: 0.71 in batches of 2, 0.98 in batches of 32. At test, what reaches " +
          "tanh is that much smaller than what the network was trained on.",
        "The loss hardly minds, and in small batches it even gains a little here: that is luck, not a rule, and the " +
          "reason why nobody notices. Either variance will do where it is the same at both times; the lecture takes " +
          "the unbiased one throughout.",
      ],
    };
  },
};

async function rowFor({ dataset, yours }: Bench, n: number, progress: Bench["progress"]): Promise<string[]> {
  const start = startOf(dataset, n);
  const { parameters } = await train(start, STEPS, { network }, progress);
  const stats = await runningStatistics(parameters, start.nextBatch, yours);
  const { bnmean, bnvar, yourRatio } = stats;
  const dev = dataset.split("dev");
  const loss = (variance: Tensor, divisor?: Tensor): string =>
    devLoss(parameters, dev, bnmean, variance, divisor).toFixed(4);
  const unbiased = bnvar.mul(n / (n - 1));
  return [
    `${n}`,
    Math.sqrt((n - 1) / n).toFixed(4),
    ...(yourRatio ? [mean(yourRatio.toArray()).toFixed(4)] : []),
    loss(bnvar),
    loss(unbiased),
    ...(yourRatio ? [loss(unbiased, yourRatio)] : []),
  ];
}

/** Means over batches, of the mean, the biased variance and the learner's ratio: each [1, hidden]. */
async function runningStatistics(
  parameters: Parameters,
  nextBatch: () => { Xb: Tensor; Yb: Tensor },
  yours: Bench["yours"],
): Promise<{ bnmean: Tensor; bnvar: Tensor; yourRatio: Tensor | undefined }> {
  let [bnmean, bnvar] = [zerosLike(parameters.bnbias), zerosLike(parameters.bnbias)];
  let yourRatio = yours && zerosLike(parameters.bnbias);
  for (let i = 0; i < BATCHES; i++) {
    const { hprebn, bnmeani, bnvar: variance } = forwardValues(network, parameters, nextBatch());
    bnmean = bnmean.add(bnmeani!.div(BATCHES));
    bnvar = bnvar.add(variance!.div(BATCHES));
    if (yours && yourRatio) yourRatio = yourRatio.add((await yours({ hprebn: hprebn! })).div(BATCHES));
  }
  return { bnmean, bnvar, yourRatio };
}

function devLoss(
  { C, W1, b1, W2, b2, bngain, bnbias }: Parameters,
  { Xb, Yb }: ReturnType<Dataset["split"]>,
  bnmean: Tensor,
  bnvar: Tensor,
  divisor: Tensor = tensor(1),
): number {
  const hprebn = C.gatherRows(Xb).view(Xb.size(0), -1).matmul(W1).add(b1);
  const bnraw = hprebn.sub(bnmean).mul(bnvar.add(1e-5).pow(-0.5)).div(divisor);
  return crossEntropy(bngain.mul(bnraw).add(bnbias).tanh().matmul(W2).add(b2), Yb).item();
}
