import { tensor, type Tensor } from "#tensor";
import type { Experiment, Table } from "../../kit/experiment.ts";
import { significant } from "../../kit/number.ts";
import { forwardPass } from "../makemore/network.ts";
import type { Dataset } from "../makemore/dataset.ts";
import { backward, startOf } from "../lab/network.ts";
import { largest } from "../lab/numbers.ts";

/** The column of entries that are many spacings apart. */
const MORE = "more";

/** Two correct answers, and how many float32 spacings they are apart. */
export const experiment: Experiment<Dataset> = {
  trap: "two correct answers need not be equal bit for bit",
  after: { rounding: true },
  setting:
    "On one batch (not the lesson's), three gradients are each computed in two ways that are equal on paper. With " +
    "your function, the differences are also counted in float32 spacings.",
  async run({ dataset, yours }) {
    const { parameters, nextBatch } = startOf(dataset);
    const batch = nextBatch();
    const values = forwardPass(parameters, batch);
    const gradients = await backward(values, batch);
    const n = batch.Yb.size(0);
    const closed = values["logits"]!.softmax(1);
    for (const [row, label] of batch.Yb.toArray().entries()) closed.set(row, label, closed.get(row, label) - 1);
    const [h, dh] = [values["h"]!, gradients["h"]!];
    const once = tensor(
      h.toArray().map((x) => Math.fround(1 - x * x)),
      h.shape,
    );
    const pairs: [name: string, one: Tensor, other: Tensor][] = [
      ["dlogits: step by step, in one formula", gradients["logits"]!, closed.div(n)],
      ["dhpreact: 1 - h*h with two roundings, with one", dh.mul(h.mul(h).neg().add(1)), dh.mul(once)],
      ["db2: dlogits summed from the top, from the bottom", gradients["b2"]!, summedUp(gradients["logits"]!)],
    ];
    const rows: string[][] = [];
    for (const [name, one, other] of pairs) rows.push([name, ...(await compare(one, other, yours))]);
    const counted = yours ? ["1 spacing (yours)", "2 to 8", MORE] : [];
    const table: Table = {
      title: "equal on paper",
      columns: ["", "largest difference", "equal bit for bit", ...counted],
      rows,
    };
    return {
      tables: [table],
      remarks: [
        "Each operation rounds to the nearest float32 number, at most half a spacing away. The same operations in " +
          "another order end up some spacings away, more if large numbers have canceled: that is what 'rounding' " +
          "means in a report, and why the grader's tolerance grows with the magnitudes that were added up.",
        "PyTorch computes 1 - h*h with one rounding: it multiplies and subtracts in one instruction. So its tanh " +
          "gradient differs from everyone else's by one rounding.",
        "The largest entries of dlogits are below 1/32, where float32 numbers are 1.9e-9 apart: 5e-9 is two or three " +
          "spacings. At a small entry, the same difference is many spacings" +
          (yours ? `, which the column "${MORE}" counts.` : "."),
      ],
    };
  },
};

/** The largest difference, the number of equal entries, and how many entries differ by 1, 2 to 8, or more spacings. */
async function compare(
  one: Tensor,
  other: Tensor,
  yours: ((given: { x: Tensor }) => Promise<Tensor>) | undefined,
): Promise<string[]> {
  const apart = one.sub(other);
  const total = one.numel();
  const same = apart.toArray().filter((x: number) => x === 0).length;
  const told = [significant(largest(apart)), `${same} of ${total}`];
  if (!yours) return told;
  const x = one.view(one.size(0), -1);
  // the spacing at zero is of no use here
  const unit = (
    await yours({
      x: tensor(
        x.toArray().map((v: number) => (v === 0 ? 1 : v)),
        x.shape,
      ),
    })
  ).toArray();
  const steps = Array.from(apart.toArray(), (d, i) => Math.round(Math.abs(d) / unit[i]!));
  const between = (low: number, high: number): string => `${steps.filter((s) => s >= low && s <= high).length}`;
  return [...told, between(1, 1), between(2, 8), between(9, Infinity)];
}

/** Column sums from the last row up. */
function summedUp(x: Tensor): Tensor {
  const [rows, columns] = [x.size(0), x.size(1)];
  const sums = new Float32Array(columns);
  for (let i = rows - 1; i >= 0; i--) for (let j = 0; j < columns; j++) sums[j] = sums[j]! + x.get(i, j);
  return tensor(sums, [columns]);
}
