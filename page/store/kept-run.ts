import { del, get, set } from "idb-keyval";
import type { KeptRun, KeptRuns } from "../workshop/state.ts";

/** The key in IndexedDB; the origin can be shared with other projects. */
const KEY = "backprop-dojo/1/run";

/** The training run of this browser: half a megabyte of numbers, which the storage of texts has no room for. */
export const keptRuns: KeptRuns = {
  read: () => get<KeptRun>(KEY).catch(() => undefined),
  keep: (run) =>
    set(KEY, run).then(
      () => true,
      () => false,
    ),
  forget: () => void del(KEY).catch(() => {}),
};
