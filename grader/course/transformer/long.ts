import type { LongTraining } from "../../kit/training.ts";
import type { Dataset } from "../makemore/dataset.ts";
import { learningRateAt } from "./adamw.ts";

/** How the decoder is trained for long. */
export const long: LongTraining = {
  steps: 5000,
  rateAt: learningRateAt,
  measured: "loss per character",
  measuring: "measuring the losses",
  outcomeOf: async (parameters, data) => (await import("./outcome.ts")).outcomeOf(parameters, data as Dataset),
};
