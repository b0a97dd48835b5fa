import type { Tensor } from "#tensor";
import type { Named } from "../../../grader/network/named.ts";
import { batchFrom, type RandomBatch } from "../../../grader/network/batch.ts";
import { lineWriter, type Line } from "../../../grader/network/line.ts";
import { networkOf } from "../../../grader/network/network.ts";
import type { Generator } from "../../../grader/network/random.ts";
import type { Sizes } from "../../../grader/network/shape.ts";

const line = lineWriter();

/** Linear regression: two lines. */
export const lines = [
  line("predicted", ["features", "weights"], "features @ weights", ["samples", "outputs"], ({ features, weights }) =>
    features.matmul(weights),
  ),
  line("loss", ["predicted", "target"], "((predicted - target) ** 2).mean()", [], ({ predicted, target }) =>
    predicted.sub(target).pow(2).mean(),
  ),
] as const;

function makeBatch(generator: Generator, sizes: Sizes): RandomBatch {
  const { samples, inputs, outputs } = sizes as { samples: number; inputs: number; outputs: number };
  const start = (): Named<Tensor> => ({
    features: generator.randn(samples, inputs),
    weights: generator.randn(inputs, outputs),
    target: generator.randn(samples, outputs),
  });
  return batchFrom(lines as readonly Line[], { sizes, indices: {}, start });
}

const small = { samples: 7, inputs: 4, outputs: 11 };

export const regression = networkOf({
  name: "regression",
  lines,
  parameters: { weights: ["inputs", "outputs"] },
  indices: {},
  inputs: { features: ["samples", "inputs"], target: ["samples", "outputs"] },
  loss: "loss",
  words: {
    sizes: { samples: { one: "sample" }, inputs: { one: "input" }, outputs: { one: "output" } },
    examples: "samples",
    written: [],
    choices: [],
    places: () => [],
    axisOf: (extent, size) => ({ name: String(extent ?? ""), size, numbered: true }),
    observations: {},
  },
  batches: {
    draw: (generator) => [makeBatch(generator, { samples: 13, inputs: 5, outputs: 9 }), makeBatch(generator, small)],
    plain: (generator) => makeBatch(generator, small),
    equal: [
      {
        id: "square",
        equal: ["samples", "inputs"],
        draw: (generator) => makeBatch(generator, { ...small, inputs: 7 }),
      },
    ],
  },
});
