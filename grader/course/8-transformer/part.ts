import { transformer } from "../transformer/network.ts";
import { clipped } from "./clipped.ts";
import { squares } from "./squares.ts";
import { direction } from "./direction.ts";
import { updated } from "./updated.ts";
import { dx_2 } from "./dx_2.ts";
import { dy_0 } from "./dy_0.ts";
import { dln1_0 } from "./dln1_0.ts";
import { trainStep } from "./trainStep.ts";

/** A small decoder, trained by hand with AdamW. */
export const transformerPart = {
  folder: "8-transformer",
  network: transformer,
  rooms: [clipped, squares, direction, updated, dx_2, dy_0, dln1_0, trainStep],
} as const;
