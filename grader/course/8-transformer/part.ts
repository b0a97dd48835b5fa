import { transformer } from "../transformer/network.ts";
import { clipped } from "./clipped.ts";
import { squares } from "./squares.ts";
import { direction } from "./direction.ts";
import { updated } from "./updated.ts";

/** A small decoder, trained by hand with AdamW. */
export const transformerPart = {
  folder: "8-transformer",
  network: transformer,
  rooms: [clipped, squares, direction, updated],
} as const;
