import { lstatSync, readdirSync, rmSync, type Stats } from "node:fs";
import path from "node:path";
import type { Store } from "../grading/host.ts";
import { cacheFolder } from "./project.ts";
import { readChecked, writeChecked } from "./whole.mjs";

/** How many entries stay, one per step and text: those of some hundred trees. */
const MOST = 20_000;
/** How long an entry stays, in milliseconds: a month. */
const OLDEST = 30 * 24 * 3_600_000;
/** How often it is looked for what is too old, in milliseconds: daily. */
const SWEEP_EVERY = 24 * 3_600_000;
/** Says by its time when that was done. */
const SWEPT = "swept";

/** Where results are kept: with all that can be made anew. Learner code can write nowhere, so not there either. */
const resultsFolder = path.join(cacheFolder, "results");

/**
 * Keeps texts as files of a folder, each whole or not there. A folder that cannot be read or written keeps nothing, and
 * nothing else comes of it; what is damaged is as what is not there.
 */
export function folderStore(folder = resultsFolder): Store {
  let isSwept = false;
  return {
    read: (name) => readChecked(path.join(folder, name)),
    write(name, text) {
      writeChecked(path.join(folder, name), text);
      if (!isSwept) sweep(folder);
      isSwept = true;
    },
  };
}

/** Keeps what another store reads and writes in memory too, for a grader that grades again and again. */
export function inMemory(store: Store | undefined): Store {
  const texts = new Map<string, string>();
  return {
    read(name) {
      const text = texts.get(name) ?? store?.read(name);
      if (text !== undefined) texts.set(name, text);
      return text;
    },
    write(name, text) {
      texts.set(name, text);
      store?.write(name, text);
    },
  };
}

/** What commands keep results in. Where CI is set in the environment, all is run. */
export function usualStore(): Store | undefined {
  return process.env["CI"] ? undefined : folderStore();
}

/** Keeps what is found, and finds nothing: all is run. */
export function freshStore(store: Store | undefined): Store | undefined {
  return store && { read: () => undefined, write: (name, text) => store.write(name, text) };
}

/** Removes what is too old, and the oldest of what is too much. */
function sweep(folder: string): void {
  try {
    const names = readdirSync(folder).filter((name) => name !== SWEPT);
    const swept = timeOf(path.join(folder, SWEPT));
    if (names.length <= MOST && Date.now() - swept < SWEEP_EVERY) return;
    writeChecked(path.join(folder, SWEPT), "");
    const entries = names.map((name) => ({ file: path.join(folder, name), time: timeOf(path.join(folder, name)) }));
    entries.sort((a, b) => b.time - a.time);
    for (const [i, { file, time }] of entries.entries()) {
      if (i >= MOST / 2 && entries.length > MOST) rmSync(file, { force: true });
      else if (Date.now() - time > OLDEST) rmSync(file, { force: true });
    }
  } catch {
    // another's folder, or another process has removed the same
  }
}

/** When a file was written, in milliseconds; 0 where there is none. */
function timeOf(file: string): number {
  const found: Stats | undefined = lstatSync(file, { throwIfNoEntry: false });
  return found?.mtimeMs ?? 0;
}
