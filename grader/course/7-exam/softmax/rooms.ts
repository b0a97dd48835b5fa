import { dprobs } from "./dprobs.ts";
import { dtempered } from "./dtempered.ts";
import { dtemperature } from "./dtemperature.ts";

/** The steps about a softmax with a temperature. */
export const softmaxRooms = [dprobs, dtempered, dtemperature] as const;
