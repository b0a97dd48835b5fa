/**
 * What a network and its steps are written with, as `#kit`: in a course folder of one's own, and in this repository. The
 * page docs/own-network.md leads through it.
 */

export { networkOf, type Network } from "../network/network.ts";
export { lineWriter, type Line } from "../network/line.ts";
export type { Extent, Sizes } from "../network/shape.ts";
export type { Words } from "../network/words.ts";
export { batchFrom, forked, type Batches, type RandomBatch } from "../network/batch.ts";
export { arrange, type Arrangement } from "../network/arrangement.ts";
export type { Generator } from "../network/random.ts";
export { plainBatches, type Drawn } from "../kit/plain-batches.ts";
export { plainWords } from "../kit/plain-words.ts";
export type { Milestone } from "../kit/milestone.ts";
export type { FunctionRoom } from "../kit/room.ts";
export { looks } from "./looks.ts";
export { gradientRoom, lineFrom, spanRoom, writtenRoom } from "./rooms.ts";
export { build, sum } from "./elements.ts";
export type { TaughtCourse, TaughtPart } from "./taught.ts";
