import type { Outcome } from "../../kit/training.ts";
import { splitNames, type Dataset } from "./dataset.ts";
import { calibrate, meanLoss, sampleNames } from "./evaluate.ts";
import { withNearest } from "./nearest.ts";
import type { Parameters } from "./parameters.ts";

const SAMPLES = 20;

/** What a run has learned, with batchnorm calibrated on all training examples. */
export async function outcomeOf(parameters: Parameters, dataset: Dataset): Promise<Outcome> {
  const calibration = await calibrate(parameters, dataset.split("train"));
  const splits: Outcome["splits"][number][] = [];
  for (const split of splitNames) {
    splits.push({ split, loss: await meanLoss(parameters, calibration, dataset.split(split)) });
  }
  const samples = sampleNames(parameters, calibration, dataset.characters, SAMPLES);
  return { splits, samples: withNearest(samples, dataset.names) };
}
