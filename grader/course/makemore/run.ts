import type { Batch } from "./lines.ts";
import type { Dataset } from "./dataset.ts";
import { LECTURE_SEED, initialParameters, lectureSizes, type Parameters } from "./parameters.ts";
import { Generator } from "../../network/random.ts";

/** Where training starts, and the batches that follow one another. */
export interface TrainingRun {
  start: Parameters;
  /** A batch of 32 examples, or of another number. */
  nextBatch: (size?: number) => Batch;
  /** Skips this many batches of 32, as if they had been drawn. */
  skip: (batches: number) => void;
}

/** The lecture's start at hidden 200 and its batches, drawn from the same generator after the parameters. */
export function trainingRun(dataset: Dataset): TrainingRun {
  const generator = new Generator(LECTURE_SEED);
  const { block, embd, hiddenInTraining: hidden, batch } = lectureSizes;
  const start = initialParameters(generator, { block, embd, hidden, vocab: dataset.characters.length });
  const examples = dataset.split("train");
  const count = examples.Yb.size(0);
  return {
    start,
    nextBatch: (size = batch) => examples.pick(generator.randint(0, count, size)),
    skip(batches) {
      for (let i = 0; i < batches; i++) generator.randint(0, count, batch);
    },
  };
}
