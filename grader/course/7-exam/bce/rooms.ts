import { dlogits } from "./dlogits.ts";
import { dx } from "./dx.ts";

/** The steps about a sigmoid, and binary cross-entropy from logits. */
export const bceRooms = [dlogits, dx] as const;
