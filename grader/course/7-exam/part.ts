import { attentionRooms } from "./attention/rooms.ts";
import { blockRooms } from "./block/rooms.ts";
import { embeddingsRooms } from "./embeddings/rooms.ts";
import { headsRooms } from "./heads/rooms.ts";
import { bceRooms } from "./bce/rooms.ts";
import { dropoutRooms } from "./dropout/rooms.ts";
import { geluRooms } from "./gelu/rooms.ts";
import { layernormRooms } from "./layernorm/rooms.ts";
import { reluRooms } from "./relu/rooms.ts";
import { rmsnormRooms } from "./rmsnorm/rooms.ts";
import { softmaxRooms } from "./softmax/rooms.ts";
import { relu } from "./relu/network.ts";
import { inSection } from "../rooms.ts";

/** The exam: layers that no lesson derives, each a network of its own. Without its line, a layer is not asked about. */
export const exam = {
  folder: "7-exam",
  network: relu,
  rooms: [
    ...inSection("ReLU with a residual connection", ...reluRooms),
    ...inSection("Sigmoid and binary cross-entropy", ...bceRooms),
    ...inSection("Dropout", ...dropoutRooms),
    ...inSection("Softmax with a temperature", ...softmaxRooms),
    ...inSection("Layer norm", ...layernormRooms),
    ...inSection("RMS norm", ...rmsnormRooms),
    ...inSection("GELU", ...geluRooms),
    ...inSection("Attention", ...attentionRooms),
    ...inSection("Several heads", ...headsRooms),
    ...inSection("Embeddings with tied weights", ...embeddingsRooms),
    ...inSection("A transformer block", ...blockRooms),
  ],
} as const;
