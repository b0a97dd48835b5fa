import type { Tensor } from "#tensor";
import { batchFrom, type RandomBatch } from "../../../grader/network/batch.ts";
import type { Named } from "../../../grader/network/backward.ts";
import type { Line } from "../../../grader/network/line.ts";
import type { Network } from "../../../grader/network/network.ts";
import type { Generator } from "../../../grader/network/random.ts";
import { shapeIn } from "../../../grader/network/shape.ts";
import { indexShapes, laterThan, lines, parameterShapes, settle, type AttentionSizes } from "./lines.ts";

/** The second network, as a value. */
export const attention: Network = {
  name: "attention",
  lines: lines as readonly Line[],
  parameters: parameterShapes,
  indices: indexShapes,
  loss: "loss",
  settle,
  words: {
    sizes: {
      batch: { one: "sequence" },
      time: { one: "position" },
      embd: { one: "embedding entry", count: "the number of embedding entries" },
      head: { one: "head entry" },
      vocab: { one: "character", count: "the size of the vocabulary" },
    },
    examples: "batch",
    written: [],
    choices: [],
    places: () => [],
    axisOf: (extent, size) => ({ name: extent === 1 ? "" : `${extent}`, size, numbered: size > 1 }),
    observations: {},
  },
  batches: {
    draw: (generator) => [
      batchOf(generator, drawSizes(generator), 1),
      batchOf(generator, drawSizes(generator), 3),
      batchOf(generator, { ...drawSizes(generator), batch: 2 }, 0.3),
    ],
    plain: (generator) => batchOf(generator, drawSizes(generator), 0.5),
    equal: [
      {
        id: "square",
        equal: ["batch", "time", "embd", "head", "vocab"],
        draw: (generator) => batchOf(generator, { batch: 6, time: 6, embd: 6, head: 6, vocab: 6 }, 0.5),
      },
    ],
  },
};

/** Sizes that are never next to each other. */
function drawSizes(generator: Generator): AttentionSizes {
  const between = (low: number, high: number): number => generator.randint(low, high + 1, 1).item();
  return {
    batch: between(3, 4),
    time: between(6, 7),
    embd: between(9, 11),
    head: between(13, 15),
    vocab: between(18, 22),
  };
}

/** @param sharpness how widely queries are spread: at 3, many weights are tiny; logits stay where no probability is lost */
function batchOf(generator: Generator, sizes: AttentionSizes, sharpness: number): RandomBatch {
  const { batch, time, vocab } = sizes;
  const indices = {
    // half of the characters, so that some repeat
    Xb: generator.randint(0, Math.ceil(vocab / 2), batch, time),
    Yb: generator.randint(0, vocab, batch, time),
    later: laterThan(time),
  };
  return batchFrom(attention.lines, { sizes, indices, start: () => drawParameters(generator, sizes, sharpness) });
}

function drawParameters(generator: Generator, sizes: AttentionSizes, sharpness: number): Named<Tensor> {
  const scales: Record<string, number> = { Wq: sharpness / sizes.embd, Wl: 1 / sizes.embd };
  return Object.fromEntries(
    Object.entries(parameterShapes).map(([name, shape]) => {
      return [name, generator.randn(...shapeIn(shape, sizes)).mul(scales[name] ?? 1)];
    }),
  );
}
