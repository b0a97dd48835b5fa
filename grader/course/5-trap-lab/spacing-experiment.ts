import { tensor, type Tensor } from "#tensor";
import type { Experiment, Table } from "../../kit/experiment.ts";
import { significant } from "../../kit/number.ts";
import { forwardPass } from "../makemore/network.ts";
import type { Dataset } from "../makemore/dataset.ts";
import { backward, startOf } from "../lab/network.ts";
import { largest } from "../lab/numbers.ts";

/** The column of entries that are many spacings apart. */
const MORE = "more";

/** Two right answers, and how many float32 numbers lie between them. */
export const experiment: Experiment<Dataset> = {
  trap: "two right answers need not be equal in every bit",
  setting:
    "On one batch (not the lesson's), gradients that are equal on paper are computed in two ways each. With your spacing " +
    "the difference is counted in spacings of float32 at the value.",
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
      ["dlogits: step by step, closed form", gradients["logits"]!, closed.div(n)],
      ["dhpreact: 1 - h*h in two roundings, in one", dh.mul(h.mul(h).neg().add(1)), dh.mul(once)],
      ["db2: dlogits summed down, summed up", gradients["b2"]!, summedUp(gradients["logits"]!)],
    ];
    const rows: string[][] = [];
    for (const [name, one, other] of pairs) rows.push([name, ...(await compare(one, other, yours))]);
    const counted = yours ? ["1 spacing (yours)", "2 to 8", MORE] : [];
    const table: Table = { title: "equal on paper", columns: ["", "apart, at most", "equal bits", ...counted], rows };
    return {
      tables: [table],
      remarks: [
        "Each operation rounds to the nearest float32 number, at most half a spacing away. Another order of the same " +
          "operations ends some spacings off, more where large numbers have cancelled: that is what 'rounding' means in " +
          "a report, and why the grader's tolerance grows with the magnitudes that were added up.",
        "One rounding in 1 - h*h is PyTorch's way: it multiplies and subtracts in one instruction. So its tanh gradient " +
          "is a rounding away from everybody's.",
        "The largest entries of dlogits lie below 1/32, where float32 numbers are 1.9e-9 apart: 5e-9 is two or three of " +
          "them. Beside a small entry the same difference is many spacings" +
          (yours ? `, which the column "${MORE}" counts.` : "."),
      ],
    };
  },
};

/** The largest difference, the share of equal bits, and how many entries are so many spacings apart. */
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
  // a zero has no spacing that is of use here
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
