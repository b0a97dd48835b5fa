import { dlngain } from "./dlngain.ts";
import { dlnbias } from "./dlnbias.ts";
import { dlnraw } from "./dlnraw.ts";
import { dlnvar_inv } from "./dlnvar_inv.ts";
import { dlnvar } from "./dlnvar.ts";
import { dlndiff } from "./dlndiff.ts";
import { dlnmean } from "./dlnmean.ts";
import { dx } from "./dx.ts";
import { fusedDx } from "./fused-dx.ts";

/** The steps about layer norm. */
export const layernormRooms = [dlngain, dlnbias, dlnraw, dlnvar_inv, dlnvar, dlndiff, dlnmean, dx, fusedDx] as const;
