import { lstatSync, readdirSync, rmSync, type Stats } from "node:fs";
import path from "node:path";
import type { Store } from "../grading/host.ts";
import { cacheFolder } from "./project.ts";
import { readChecked, writeChecked } from "./whole.mjs";

/** How many entries are kept, one per step and text: those of a few hundred trees. */
const MOST = 20_000;
/** How long an entry is kept, in milliseconds: a month. */
const OLDEST = 30 * 24 * 3_600_000;
/** How often old entries are looked for, in milliseconds: daily. */
const SWEEP_EVERY = 24 * 3_600_000;
/** A file whose time says when that was last done. */
const SWEPT = "swept";

/** Results are kept in the cache, with everything else that can be made again. Learner code cannot write there. */
const resultsFolder = path.join(cacheFolder, "results");

/**
 * Keeps texts as files of a folder, each complete or missing. If the folder cannot be read or written, nothing is kept, and
 * that is no error; a damaged file counts as missing.
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

/** Also keeps in memory what another store reads and writes, for a grader that grades again and again. */
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

/** The store of commands. If CI is set in the environment, there is none, and everything is run. */
export function usualStore(): Store | undefined {
  return process.env["CI"] ? undefined : folderStore();
}

/** A store that keeps results and returns none, so that everything is run. */
export function freshStore(store: Store | undefined): Store | undefined {
  return store && { read: () => undefined, write: (name, text) => store.write(name, text) };
}

/** Removes entries that are too old and, if there are too many, the oldest ones. */
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
    // another user's folder, or another process has removed the same file
  }
}

/** When a file was written, in milliseconds; 0 if there is none. */
function timeOf(file: string): number {
  const found: Stats | undefined = lstatSync(file, { throwIfNoEntry: false });
  return found?.mtimeMs ?? 0;
}
