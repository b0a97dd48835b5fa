import { dgain } from "./dgain.ts";
import { drms_inv } from "./drms_inv.ts";
import { dx } from "./dx.ts";
import { fusedDx } from "./fused-dx.ts";

/** The steps about RMS norm. */
export const rmsnormRooms = [dgain, drms_inv, dx, fusedDx] as const;
