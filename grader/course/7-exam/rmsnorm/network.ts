import { keepdim, type Tensor } from "#tensor";
import { lineWriter } from "../../../network/line.ts";
import type { Named } from "../../../network/named.ts";
import { networkOf } from "../../../network/network.ts";
import { drawInside } from "../../drawn-sizes.ts";
import { batchesOf, type Drawing } from "../batches.ts";
import { wordsOf } from "../words.ts";

const line = lineWriter();

const rows = ["n", "features"] as const;
const onePerRow = ["n", 1] as const;

/** RMS norm: each example is divided by the root of its mean square, without a mean and without a bias. */
const lines = [
  line("meansq", ["x"], "(x ** 2).mean(1, keepdim)", onePerRow, ({ x }) => x.pow(2).mean(1, keepdim)),
  line("rms_inv", ["meansq"], "(meansq + 1e-5) ** -0.5", onePerRow, ({ meansq }) => meansq.add(1e-5).pow(-0.5)),
  line("out", ["x", "rms_inv", "gain"], "x * rms_inv * gain", rows, ({ x, rms_inv, gain }) => x.mul(rms_inv).mul(gain)),
  line("loss", ["out", "target"], "((out - target) ** 2).mean()", [], ({ out, target }) =>
    out.sub(target).pow(2).mean(),
  ),
] as const;

const parameters = { x: rows, gain: ["features"] } as const;
const inputs = { target: rows } as const;

/** The mark of the example that is nearly 0, so that its mean square is as small as epsilon. */
const QUIET = "quiet";

function start({ sizes, flavor, marks, normal }: Drawing): Named<Tensor> {
  const x = normal("x", flavor === "sharp" ? 5 : 1).add(flavor === "lifted" ? 2 : 0);
  const row = marks[QUIET]!["n"]!;
  for (let j = 0; j < sizes["features"]!; j++) {
    if (flavor !== "plain") x.set(row, j, x.get(row, j) * 2e-3);
  }
  return { x, gain: normal("gain"), target: normal("target") };
}

export const rmsnorm = networkOf({
  name: "rmsnorm",
  lines,
  parameters,
  indices: {},
  inputs,
  loss: "loss",
  words: wordsOf({ n: { one: "example" }, features: { one: "feature", count: "the number of features" } }, (answer) =>
    answer[0] === "n"
      ? [
          {
            id: "small",
            words: "in the row of the example that is nearly 0, whose mean square is as small as epsilon",
            holds: ({ marks }, [row]) => row === marks?.[QUIET]?.["n"],
          },
        ]
      : [],
  ),
  batches: batchesOf({
    lines,
    shapes: { ...parameters, ...inputs },
    sizes: { n: [4, 9], features: [5, 16] },
    marks: ({ n }, generator) => ({ [QUIET]: { n: drawInside(generator, n!) } }),
    start,
    equal: [{ id: "square", equal: ["n", "features"], sizes: { n: 7, features: 7 } }],
  }),
});
