import { onesLike, zerosLike, type Tensor } from "#tensor";
import type { Bench, Experiment } from "../../kit/experiment.ts";
import { significant } from "../../kit/number.ts";
import { forwardPass } from "../makemore/network.ts";
import type { Batch } from "../makemore/lines.ts";
import type { Named } from "../../network/named.ts";
import type { Dataset } from "../makemore/dataset.ts";
import type { Parameters } from "../makemore/parameters.ts";
import { backward, startOf } from "../lab/network.ts";
import { largest } from "../lab/numbers.ts";

/** Biases of zero and gains of one: what they hide at bngain, and at every other step of part 1. */
export const experiment: Experiment<Dataset> = {
  trap: "biases at zero and gains at one hide wrong gradients",
  after: { step: "dbngain" },
  setting:
    "One batch goes through the network twice: once with biases of zero and gains of one, once with the lecture's " +
    "start, in which none of them is exactly zero or one.",
  async run({ dataset, steps, looksRight, yours }) {
    const { parameters, nextBatch } = startOf(dataset);
    const batch = nextBatch();
    const starts = [plain(parameters), parameters];
    const passes = await Promise.all(starts.map((start) => passOf(start, batch)));
    const wrong = passes.map((given) => given["hpreact"]!.mul(given["dhpreact"]!).sum(0, true));
    const right = passes.map((given) => given["bnraw"]!.mul(given["dhpreact"]!).sum(0, true));
    const off = wrong.map((tensor, i) => tensor.sub(right[i]!));
    const rows = [
      ["wrong dbngain minus correct dbngain, largest entry", ...off.map((tensor) => significant(largest(tensor)))],
    ];
    if (yours) {
      const gaps = await Promise.all(
        passes.map(({ bngain, bnbias, bnraw, dhpreact }) =>
          yours({ bngain: bngain!, bnbias: bnbias!, bnraw: bnraw!, dhpreact: dhpreact! }),
        ),
      );
      rows.push(
        ["your gap, largest entry", ...gaps.map((tensor) => significant(largest(tensor)))],
        [
          "wrong minus your gap minus correct, largest entry",
          ...gaps.map((gap, i) => significant(largest(off[i]!.sub(gap)))),
        ],
      );
    }
    const stepByStep = steps.filter(({ part }) => part === 1);
    const [hidden, seen] = passes.map((given) => mistakesThatPass(stepByStep, given, looksRight));
    const byZeros = hidden!.filter((name) => !seen!.includes(name));
    const byLuck = seen!.filter((name) => !hidden!.includes(name));
    const all = stepByStep.reduce((sum, { mistakes }) => sum + mistakes.length, 0);
    return {
      tables: [
        {
          title: "dbngain computed with hpreact instead of bnraw",
          columns: ["", "biases 0, gains 1", "the lecture's"],
          rows,
        },
        {
          title: `of the ${all} known mistakes of part 1, how many look right on this batch`,
          columns: ["", "biases 0, gains 1", "the lecture's"],
          rows: [["agree with the correct gradient", `${hidden!.length}`, `${seen!.length}`]],
        },
      ],
      remarks: [
        `Hidden only by the zeros and ones: ${byZeros.join(", ")}.`,
        `The other ${hidden!.length - byZeros.length} look right from both starts, because the part that they get ` +
          "wrong is zero in the full network, whatever its parameters. This is why the grader calls each step with " +
          "random numbers." +
          (byLuck.length > 0 ? ` Only from the lecture's start, these look right: ${byLuck.join(", ")}.` : ""),
      ],
    };
  },
};

/** The same start with every bias zero and every gain one. */
function plain(parameters: Parameters): Parameters {
  const { b1, b2, bnbias, bngain } = parameters;
  return { ...parameters, b1: zerosLike(b1), b2: zerosLike(b2), bnbias: zerosLike(bnbias), bngain: onesLike(bngain) };
}

/** Every tensor that a step of part 1 can be given, by name. */
async function passOf(parameters: Parameters, batch: Batch): Promise<Named<Tensor>> {
  const values = forwardPass(parameters, batch);
  const gradients = Object.entries(await backward(values, batch)).map(([name, tensor]) => [`d${name}`, tensor]);
  return { ...values, ...batch, ...Object.fromEntries(gradients) };
}

/** The known mistakes that the lecture's comparison accepts, as step and mistake. */
function mistakesThatPass(
  steps: Bench["steps"],
  given: Readonly<Named<Tensor>>,
  looksRight: Bench["looksRight"],
): string[] {
  return steps.flatMap(({ id: step, mistakes }) =>
    mistakes
      .filter(({ answer }) => {
        try {
          return looksRight(answer(given), given[step]!);
        } catch {
          return false; // a mistake may throw, as the learner's code would
        }
      })
      .map(({ id }) => `${step} (${id.replaceAll("-", " ")})`),
  );
}
