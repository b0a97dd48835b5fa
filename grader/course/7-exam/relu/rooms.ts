import { dh } from "./dh.ts";
import { dpre } from "./dpre.ts";
import { dx } from "./dx.ts";

/** The steps about a hidden layer with ReLU and a residual connection. */
export const reluRooms = [dh, dpre, dx] as const;
