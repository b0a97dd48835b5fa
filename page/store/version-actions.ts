import type { Desk } from "./desk.ts";
import type { WorkActions } from "./work.ts";

/** A file's versions: shown, compared, brought back; and the way back to its stub. */
export function versionActions({
  stubs,
  store,
  change,
  texts,
}: Desk): Pick<WorkActions, "showVersions" | "reset" | "bringBack" | "compare" | "closeCompared"> {
  return {
    showVersions: (file) =>
      change({ versions: file === undefined ? undefined : { file, all: store.versions(file) }, said: undefined }),
    reset(file) {
      const isReset = store.replace(file, { text: stubs[file]!, time: Date.now() }, "reset");
      if (isReset) change({ said: "Reset. Your text is the first of the versions below." });
    },
    bringBack(file, { text }) {
      if (store.replace(file, { text, time: Date.now() }, "version")) change({ said: "Brought back." });
    },
    compare(file, what, text) {
      void import("./compare.ts").then(({ comparedLines }) =>
        change({ compared: { file, what, lines: comparedLines(texts()[file] ?? "", text) } }),
      );
    },
    closeCompared: () => change({ compared: undefined }),
  };
}
