import type { Tensor } from "#tensor";
import { keepdim } from "#tensor";
import { lineWriter } from "../../../network/line.ts";
import type { Named } from "../../../network/named.ts";
import { networkOf } from "../../../network/network.ts";
import { batchesOf, type Drawing } from "../batches.ts";
import { markQuiet, placesOfQuiet, withQuietRow } from "../quiet.ts";
import { wordsOf } from "../words.ts";

const line = lineWriter();

const rows = ["n", "features"] as const;
const onePerRow = ["n", 1] as const;

/** Layer norm, line by line: each example is normalized by itself, with the biased variance. */
const lines = [
  line("lnmean", ["x"], "x.mean(1, keepdim)", onePerRow, ({ x }) => x.mean(1, keepdim)),
  line("lndiff", ["x", "lnmean"], "x - lnmean", rows, ({ x, lnmean }) => x.sub(lnmean)),
  line("lnvar", ["lndiff"], "(lndiff ** 2).mean(1, keepdim)", onePerRow, ({ lndiff }) =>
    lndiff.pow(2).mean(1, keepdim),
  ),
  line("lnvar_inv", ["lnvar"], "(lnvar + 1e-5) ** -0.5", onePerRow, ({ lnvar }) => lnvar.add(1e-5).pow(-0.5)),
  line("lnraw", ["lndiff", "lnvar_inv"], "lndiff * lnvar_inv", rows, ({ lndiff, lnvar_inv }) => lndiff.mul(lnvar_inv)),
  line("out", ["lngain", "lnraw", "lnbias"], "lngain * lnraw + lnbias", rows, ({ lngain, lnraw, lnbias }) =>
    lngain.mul(lnraw).add(lnbias),
  ),
  line("loss", ["out", "target"], "((out - target) ** 2).mean()", [], ({ out, target }) =>
    out.sub(target).pow(2).mean(),
  ),
] as const;

const parameters = { x: rows, lngain: ["features"], lnbias: ["features"] } as const;
const inputs = { target: rows } as const;

function start({ flavor, marks, normal }: Drawing): Named<Tensor> {
  // around another number than 0, so that the mean matters
  const x = withQuietRow(normal("x", flavor === "sharp" ? 5 : 1), marks, flavor, flavor === "lifted" ? 2 : 0);
  return { x, lngain: normal("lngain"), lnbias: normal("lnbias"), target: normal("target") };
}

export const layernorm = networkOf({
  name: "layernorm",
  lines,
  parameters,
  indices: {},
  inputs,
  loss: "loss",
  words: wordsOf(
    { n: { one: "example" }, features: { one: "feature", count: "the number of features" } },
    placesOfQuiet(
      "small-variance",
      "in the row of the example that barely varies, whose variance is as small as epsilon",
    ),
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
