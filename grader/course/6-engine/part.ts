import { makemore } from "../makemore/network.ts";
import { arithmetic } from "./arithmetic.ts";
import { backward } from "./backward.ts";
import { elementwise } from "./elementwise.ts";
import { engine as lastStep } from "./engine.ts";
import { matrixProduct } from "./matrixProduct.ts";
import { maximum } from "./maximum.ts";
import { rearrangement } from "./rearrangement.ts";
import { reduction } from "./reduction.ts";
import { topologicalOrder } from "./topologicalOrder.ts";
import { unbroadcast } from "./unbroadcast.ts";

/** An engine of one's own: the rules of part 1 for any graph. */
export const engine = {
  folder: "6-engine",
  network: makemore,
  rooms: [
    unbroadcast,
    arithmetic,
    elementwise,
    reduction,
    matrixProduct,
    maximum,
    rearrangement,
    topologicalOrder,
    backward,
    lastStep,
  ],
} as const;
