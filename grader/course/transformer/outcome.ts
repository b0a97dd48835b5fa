import type { Tensor } from "#tensor";
import type { Outcome } from "../../kit/training.ts";
import type { Named } from "../../network/named.ts";
import { splitNames, type Dataset } from "../makemore/dataset.ts";
import { withNearest } from "../makemore/nearest.ts";
import { meanLoss, sampleNames } from "./evaluate.ts";

const SAMPLES = 20;

/** What a run has learned. */
export async function outcomeOf(parameters: Readonly<Named<Tensor>>, dataset: Dataset): Promise<Outcome> {
  const splits: Outcome["splits"][number][] = [];
  for (const split of splitNames) splits.push({ split, loss: await meanLoss(parameters, dataset, split) });
  const samples = sampleNames(parameters, dataset.characters, SAMPLES);
  return { splits, samples: withNearest(samples, dataset.names) };
}
