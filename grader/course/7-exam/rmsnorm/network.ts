import { keepdim, type Tensor } from "#tensor";
import { lineWriter } from "../../../network/line.ts";
import type { Named } from "../../../network/named.ts";
import { networkOf } from "../../../network/network.ts";
import { batchesOf, type Drawing } from "../batches.ts";
import { markQuiet, placesOfQuiet, withQuietRow } from "../quiet.ts";
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

function start({ flavor, marks, normal }: Drawing): Named<Tensor> {
  const x = normal("x", flavor === "sharp" ? 5 : 1).add(flavor === "lifted" ? 2 : 0);
  return { x: withQuietRow(x, marks, flavor), gain: normal("gain"), target: normal("target") };
}

export const rmsnorm = networkOf({
  name: "rmsnorm",
  lines,
  parameters,
  indices: {},
  inputs,
  loss: "loss",
  words: wordsOf(
    { n: { one: "example" }, features: { one: "feature", count: "the number of features" } },
    placesOfQuiet("small", "in the row of the example that is nearly 0, whose mean square is as small as epsilon"),
  ),
  batches: batchesOf({
    lines,
    shapes: { ...parameters, ...inputs },
    sizes: { n: [4, 9], features: [5, 16] },
    marks: markQuiet,
    start,
    equal: [{ id: "square", equal: ["n", "features"], sizes: { n: 7, features: 7 } }],
  }),
});
