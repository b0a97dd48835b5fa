import { dV } from "./dV.ts";
import { dWo } from "./dWo.ts";
import { djoined } from "./djoined.ts";
import { dmixed } from "./dmixed.ts";
import { dweights } from "./dweights.ts";

/** Several heads: how their numbers are taken apart and joined. */
export const headsRooms = [djoined, dWo, dmixed, dweights, dV] as const;
