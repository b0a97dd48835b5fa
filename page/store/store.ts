import type { Graded } from "../app/state.ts";
import { hasRoom, isReadable, keptIn, memoryStorage } from "./kept.ts";
import type { Version, Why, Written } from "./versions.ts";

/** What a learner writes, kept in the browser. Nothing that was written is ever lost: a text is replaced by keeping it. */
export interface Store {
  /** Every text: the learner's, or the stub if there is none. */
  texts(): Record<string, string>;
  /** The text of a file as it was last written; undefined while it is the stub that it began as. */
  own(file: string): Written | undefined;
  /** The texts that a file had before, the newest first. */
  versions(file: string): readonly Version[];
  /** Takes a text that the learner is typing, and keeps it soon. */
  write(file: string, text: string): void;
  /**
   * Replaces a text at once by one that comes from elsewhere; the text until now is kept as a version.
   *
   * @returns false if that one could not be kept: then nothing is replaced
   */
  replace(file: string, written: Written, why: Why): boolean;
  /**
   * Keeps a text as a version that was not taken, because the learner's own is newer.
   *
   * @returns whether it worked
   */
  keepVersion(file: string, version: Version): boolean;
  /** Keeps now what was to be kept soon. */
  flush(): void;
  /** Reads again what other tabs have written. */
  refresh(): void;
  keepResult(id: string, graded: Graded): void;
  /** What was kept, by step. */
  results(): ReadonlyMap<string, Graded>;
  /** A setting, by its name; undefined if it was never made. */
  setting(name: string): string | undefined;
  keepSetting(name: string, value: string): void;
}

/** What a store tells. */
export interface StoreEvents {
  /** A text has been replaced: by another tab, or by `replace`. */
  changed(file: string, text: string): void;
  /** A text of the learner has been kept. */
  kept(file: string, written: Written): void;
  /** Another tab has graded a step. */
  graded(id: string, graded: Graded): void;
  /** Why something is not kept, for people; undefined if everything is. */
  problem(why: string | undefined): void;
}

/** What a store needs of its tab. */
export interface Tab {
  /** Undefined if the browser refuses it. */
  readonly storage: Storage | undefined;
  /** The tab's window. */
  readonly events: Pick<EventTarget, "addEventListener">;
  /** In milliseconds since 1970. */
  readonly now: () => number;
}

/** So many milliseconds after the last key, a text is kept. */
const SOON_MS = 300;

export const REFUSED =
  "This browser keeps nothing for this page: what you write is gone when you close it. Save a copy under “Your work”, " +
  "or allow the page to store data.";
export const FULL =
  "The browser’s storage for this page is full: your last changes are in this tab only. Save a copy under “Your work”, " +
  "then make room: remove the stored data of other pages of this site.";

/** This window, whether or not it may store anything. */
export function thisTab(): Tab {
  let storage: Storage | undefined;
  try {
    storage = localStorage;
  } catch {
    // refused by a setting
  }
  return { storage, events: window, now: Date.now };
}

/**
 * @param stubs the texts to begin with, by file
 * @param space keeps the texts of a folder apart from those of others: "" for the browser's own
 */
export function openStore(tab: Tab, stubs: Readonly<Record<string, string>>, tell: StoreEvents, space = ""): Store {
  const isKeeping = isReadable(tab.storage);
  const storage = isReadable(tab.storage) ? tab.storage : memoryStorage();
  const kept = keptIn(storage, space);
  const files = Object.keys(stubs);
  /** What this tab has last read from the storage or written to it. */
  const known = new Map(files.map((file) => [file, kept.text(file)]));
  const waiting = new Map<string, Written>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isFull = false;
  let hasWritten = false;

  const own = (file: string): Written | undefined => waiting.get(file) ?? known.get(file);
  const keepVersion = (file: string, version: Version): boolean => {
    const isKept = version.text === stubs[file] || kept.addVersion(file, version);
    if (!isKept) setFull(true);
    return isKept;
  };
  const setFull = (now: boolean): void => {
    if (now !== isFull) tell.problem(now ? FULL : undefined);
    isFull = now;
  };
  /** Takes what another tab has written to a file. */
  const take = (file: string, there: Written): void => {
    const before = own(file);
    known.set(file, there);
    waiting.delete(file);
    if (before?.text !== there.text) tell.changed(file, there.text);
  };
  const put = (file: string, written: Written): void => {
    if (!kept.putText(file, written)) return setFull(true);
    known.set(file, written);
    waiting.delete(file);
    setFull(false);
    tell.kept(file, written);
  };
  /** Keeps a text, unless another tab has written a newer one: then that one is shown, and this one is a version. */
  const keep = (file: string, mine: Written): void => {
    const there = kept.text(file);
    const isOthers = there !== undefined && there.text !== known.get(file)?.text && there.text !== mine.text;
    if (!isOthers) return put(file, mine);
    const isOlder = there.time > mine.time;
    // what cannot be kept stays in its place
    if (!keepVersion(file, { ...(isOlder ? mine : there), why: "tab" })) return;
    if (isOlder) take(file, there);
    else put(file, mine);
  };
  const flush = (): void => {
    clearTimeout(timer);
    for (const [file, mine] of waiting) keep(file, mine);
  };
  const refresh = (): void => {
    flush();
    for (const file of files) {
      const there = kept.text(file);
      if (there && there.text !== known.get(file)?.text && !waiting.has(file)) take(file, there);
    }
  };

  for (const event of ["pagehide", "pageshow", "visibilitychange"]) tab.events.addEventListener(event, refresh);
  tab.events.addEventListener("storage", (event) => {
    const { key } = event as StorageEvent;
    const about = key === null ? undefined : kept.about(key);
    if (!about) return;
    if ("file" in about) return refresh();
    const graded = kept.results().get(about.id);
    if (graded) tell.graded(about.id, graded);
  });
  // only what is in this tab alone is worth a question
  tab.events.addEventListener("beforeunload", (event) => {
    flush();
    if (waiting.size > 0 || (!isKeeping && hasWritten)) event.preventDefault();
  });
  if (!isKeeping) tell.problem(REFUSED);
  else if (!hasRoom(storage)) setFull(true);

  return {
    texts: () => Object.fromEntries(files.map((file) => [file, own(file)?.text ?? stubs[file]!])),
    own,
    versions: (file) => kept.versions(file),
    write(file, text) {
      hasWritten = true;
      waiting.set(file, { text, time: tab.now() });
      clearTimeout(timer);
      timer = setTimeout(flush, SOON_MS);
    },
    replace(file, written, why) {
      refresh();
      const before = own(file);
      if (before?.text === written.text) return true;
      if (before && !keepVersion(file, { ...before, why })) return false;
      waiting.set(file, written);
      put(file, written);
      tell.changed(file, written.text);
      return true;
    },
    keepVersion,
    flush,
    refresh,
    keepResult: (id, graded) => void kept.putResult(id, graded),
    results: () => kept.results(),
    setting: (name) => kept.setting(name),
    keepSetting: (name, value) => void kept.putSetting(name, value),
  };
}
