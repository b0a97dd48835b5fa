import { dprobs } from "./dprobs.ts";
import { dscaled } from "./dscaled.ts";
import { dtemperature } from "./dtemperature.ts";

/** The steps about a softmax with a temperature. */
export const softmaxRooms = [dprobs, dscaled, dtemperature] as const;
