import { dW } from "./dW.ts";
import { dh } from "./dh.ts";

/** The steps about dropout. */
export const dropoutRooms = [dW, dh] as const;
