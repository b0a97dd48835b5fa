import { dK } from "./dK.ts";
import { dQ } from "./dQ.ts";
import { dV } from "./dV.ts";
import { dmasked } from "./dmasked.ts";
import { dscores } from "./dscores.ts";
import { dweights } from "./dweights.ts";
import { fusedDK } from "./fused-dK.ts";
import { fusedDQ } from "./fused-dQ.ts";

/** Scaled dot-product attention: a line at a time, and then the whole head. */
export const attentionRooms = [dV, dweights, dmasked, dscores, dQ, dK, fusedDQ, fusedDK] as const;
