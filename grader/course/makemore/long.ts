import type { LongTraining } from "../../kit/training.ts";
import type { Dataset } from "./dataset.ts";
import type { Parameters } from "./parameters.ts";

/** The lecture's learning rates: 0.1, and 0.01 from this step on. */
const SLOWER_FROM = 100_000;

/** The lecture's learning rate at a step. */
export function learningRateAt(step: number): number {
  return step < SLOWER_FROM ? 0.1 : 0.01;
}

/** How the lecture's network is trained for long. The lecture's run has ten times as many steps. */
export const long: LongTraining = {
  steps: 20_000,
  rateAt: learningRateAt,
  measured: "loss with calibrated batchnorm",
  measuring: "calibrating batchnorm on all training examples, then measuring the losses",
  outcomeOf: async (parameters, data) =>
    (await import("./outcome.ts")).outcomeOf(parameters as Parameters, data as Dataset),
};
