import { dbent } from "./dbent.ts";
import { dinner } from "./dinner.ts";
import { dx } from "./dx.ts";
import { fusedDx } from "./fused-dx.ts";

/** The steps about GELU. */
export const geluRooms = [dbent, dinner, dx, fusedDx] as const;
