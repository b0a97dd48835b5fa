import { tensor, zerosLike, type Tensor } from "#tensor";
import type { Experiment } from "../../kit/experiment.ts";
import { significant } from "../../kit/number.ts";
import { forwardPass } from "../makemore/network.ts";
import type { Dataset } from "../makemore/dataset.ts";
import { backward, endLoss, startOf, train, type Around, type Departure, type Trained } from "../lab/network.ts";

const STEPS = 1000;
/** How many characters the table shows. */
const SHOWN = 6;

/** `=` instead of `+=` in the backward pass of the lookup: a row of dC keeps only its last contribution. */
export const experiment: Experiment<Dataset> = {
  trap: "= instead of += in the embedding's gradient keeps one contribution of many",
  after: { step: "dC" },
  setting: `The lecture's network, with 64 neurons, is trained for ${STEPS} steps: once with the contributions to dC added up, and once with each row of dC overwritten by the last of its contributions.`,
  async run({ dataset, yours, progress }) {
    const { parameters, nextBatch } = startOf(dataset);
    const batch = nextBatch();
    const values = forwardPass(parameters, batch);
    const right = await backward(values, batch);
    const wrong = overwritten(right["C"]!, { values, gradients: right, batch });
    const counted = await yours?.({ C: parameters.C, Xb: batch.Xb });

    const ways: [name: string, departure: Departure][] = [
      ["added up, +=", {}],
      ["overwritten, =", { alter: { C: overwritten } }],
    ];
    if (yours) {
      ways.push([
        "overwritten, times your uses",
        {
          alter: {
            C: async (dC, around) =>
              overwritten(dC, around).mul(await yours({ C: around.values["C"]!, Xb: around.batch.Xb })),
          },
        },
      ]);
    }
    const trained: Trained[] = [];
    for (const [i, [, departure]] of ways.entries()) {
      trained.push(await train(startOf(dataset), STEPS, departure, (done) => progress((i + done) / ways.length)));
    }
    return {
      plotted: "loss, by step",
      curves: ways.map(([name], i) => ({ name, values: trained[i]!.losses })),
      tables: [
        {
          title: "the first batch",
          columns: [
            "character",
            "length of its row of dC, +=",
            "with =",
            "what is left",
            ...(counted ? ["your uses"] : []),
          ],
          rows: frequent(dataset, batch.Xb).map((c) => [
            `"${dataset.characters[c]!}"`,
            significant(lengthOfRow(right["C"]!, c)),
            significant(lengthOfRow(wrong, c)),
            `${((100 * lengthOfRow(wrong, c)) / lengthOfRow(right["C"]!, c)).toFixed(0)} %`,
            ...(counted ? [significant(counted.get(c, 0))] : []),
          ]),
        },
        {
          title: `after ${STEPS} steps`,
          columns: ["", ...ways.map(([name]) => name)],
          rows: [["loss", ...trained.map((each) => endLoss(each).toFixed(3))]],
        },
      ],
      remarks: [
        "The loss falls with = as well, but not quite as far: each row of C still moves downhill for one example, " +
          "and the rest of the network makes up for much of the difference. Characters that occur several times in a " +
          "batch lose part of their gradient; those that occur once lose nothing.",
        "Multiplied by uses, the one contribution is used for all of them: its length is about right, but its " +
          "direction is still that of one example. Only += gives the gradient.",
      ],
    };
  },
};

/** dC as `=` leaves it. */
function overwritten(dC: Tensor, { gradients, batch: { Xb } }: Around): Tensor {
  const rows = gradients["emb"]!.view(-1, dC.size(1));
  const left = zerosLike(dC);
  for (const [i, c] of Xb.toArray().entries()) {
    for (let j = 0; j < dC.size(1); j++) left.set(c, j, rows.get(i, j));
  }
  return left;
}

/** The characters that occur most often in the contexts. */
function frequent({ characters }: Dataset, Xb: Tensor): number[] {
  const counts = characters.map((_, c) => Xb.toArray().filter((other: number) => other === c).length);
  return counts
    .map((_, c) => c)
    .sort((a, b) => counts[b]! - counts[a]!)
    .slice(0, SHOWN);
}

function lengthOfRow(dC: Tensor, c: number): number {
  const row = dC.gatherRows(tensor([c], [1], "int32"));
  return Math.sqrt(row.mul(row).sum().item());
}
