import { tensor, type Tensor } from "#tensor";
import type { Named } from "../../network/named.ts";
import { Generator } from "../../network/random.ts";
import type { Dataset, Split } from "../makemore/dataset.ts";
import { noAverages } from "./adamw.ts";
import { laterThan } from "../elements.ts";
import type { Batch } from "./lines.ts";
import { initialParameters, SEED, trainedSizes } from "./parameters.ts";

/** The names of a split one after the other, each behind the 0 of a '.'; the last 0 ends the last name. */
export function streamOf(dataset: Dataset, split: Split): Int32Array {
  const labels = dataset.split(split).Yb.toArray();
  const stream = new Int32Array(labels.length + 1);
  stream.set(labels, 1);
  return stream;
}

/** Where training starts, and the batches that follow one another. */
export interface TransformerRun {
  /** The parameters, and what AdamW keeps. */
  start: Readonly<Named<Tensor>>;
  /** A batch of 32 sequences, or of another number. */
  nextBatch: (size?: number) => Batch;
  /** Skips this many batches of 32, as if they had been drawn. */
  skip: (batches: number) => void;
}

/**
 * The first parameters, and batches drawn from the same generator: a sequence begins with the '.' before a name and runs on
 * into the names that follow it, so that no place is empty.
 */
export function transformerRun(dataset: Dataset): TransformerRun {
  const generator = new Generator(SEED);
  const { batch, ...sizes } = trainedSizes;
  const parameters = initialParameters(generator, { ...sizes, vocab: dataset.characters.length });
  const stream = streamOf(dataset, "train");
  const { time } = trainedSizes;
  const begins = [...stream.keys()].filter((i) => stream[i] === 0 && i + time < stream.length);
  const later = laterThan(time);
  const draw = (size: number): Int32Array => generator.randint(0, begins.length, size).toArray() as Int32Array;
  return {
    start: { ...parameters, ...noAverages(parameters) },
    nextBatch(size = batch) {
      const [Xb, Yb] = [new Int32Array(size * time), new Int32Array(size * time)];
      for (const [row, which] of draw(size).entries()) {
        const from = begins[which]!;
        Xb.set(stream.subarray(from, from + time), row * time);
        Yb.set(stream.subarray(from + 1, from + 1 + time), row * time);
      }
      return { Xb: tensor(Xb, [size, time], "int32"), Yb: tensor(Yb, [size, time], "int32"), later };
    },
    skip(batches) {
      for (let i = 0; i < batches; i++) draw(batch);
    },
  };
}
