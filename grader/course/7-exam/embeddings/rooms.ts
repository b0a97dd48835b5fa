import { dC } from "./dC.ts";
import { dP } from "./dP.ts";
import { dlogits } from "./dlogits.ts";
import { dx } from "./dx.ts";

/** Embeddings of characters and positions, with an output layer that shares its table with the lookup. */
export const embeddingsRooms = [dlogits, dx, dP, dC] as const;
