import { attentionRooms } from "./attention/rooms.ts";
import { embeddingsRooms } from "./embeddings/rooms.ts";
import { headsRooms } from "./heads/rooms.ts";
import { dh as reluDh } from "./relu/dh.ts";
import { dpre as reluDpre } from "./relu/dpre.ts";
import { dx as reluDx } from "./relu/dx.ts";
import { relu } from "./relu/network.ts";

/** The exam: layers that no lesson derives, each a network of its own. */
export const exam = {
  folder: "7-exam",
  network: relu,
  rooms: [reluDh, reluDpre, reluDx, ...attentionRooms, ...headsRooms, ...embeddingsRooms],
} as const;
