import { makemore } from "../makemore/network.ts";
import { unbroadcast } from "./unbroadcast.ts";

/** An engine of one's own: the rules of part 1 for any graph. */
export const engine = { folder: "6-engine", network: makemore, rooms: [unbroadcast] } as const;
