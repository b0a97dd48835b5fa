import { del, get, set } from "idb-keyval";
import { LECTURES_STEP, type KeptRun, type KeptRuns } from "../workshop/state.ts";

/** The key of the lecture's run in IndexedDB, with which those of other steps begin; the origin can be shared with other projects. */
const KEY = "backprop-dojo/1/run";

const keyOf = (step: string): string => (step === LECTURES_STEP ? KEY : `${KEY}/${step}`);

/** The training runs of this browser: half a megabyte of numbers each, which the storage of texts has no room for. */
export const keptRuns: KeptRuns = {
  read: (step) => get<KeptRun>(keyOf(step)).catch(() => undefined),
  keep: (step, run) =>
    set(keyOf(step), run).then(
      () => true,
      () => false,
    ),
  forget: (step) => void del(keyOf(step)).catch(() => {}),
};
