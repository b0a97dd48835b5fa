import type { Graded } from "../app/state.ts";
import { withVersion, type Version, type Written } from "./versions.ts";

/** What the browser's storage holds for the page, key by key: two tabs that write different texts never meet. */
export interface Kept {
  text(file: string): Written | undefined;
  versions(file: string): readonly Version[];
  results(): ReadonlyMap<string, Graded>;
  /** Each of these returns whether it worked: storage can be full, or refused. */
  putText(file: string, written: Written): boolean;
  addVersion(file: string, version: Version): boolean;
  putResult(id: string, graded: Graded): boolean;
  /** Settings are of the browser, whatever the folder. */
  setting(name: string): string | undefined;
  putSetting(name: string, value: string): boolean;
  /** What a key of the storage is about; undefined for another program's. */
  about(key: string): { file: string } | { id: string } | undefined;
}

/** The origin can be shared with other projects of the same owner. */
const PREFIX = "backprop-dojo/1/";

/** @param space keeps the texts of one folder apart from those of another */
export function keptIn(storage: Storage, space: string): Kept {
  const prefix = `${PREFIX}${space === "" ? "" : `${space}/`}`;
  const [texts, versions, results] = ["code", "versions", "result"].map((what) => `${prefix}${what}/`) as [
    string,
    string,
    string,
  ];
  const versionsOf = (file: string): readonly Version[] => {
    const found = parsed(get(storage, versions + file));
    return Array.isArray(found) ? found.filter(isWritten).map((one) => one as Version) : [];
  };
  return {
    text: (file) => writtenOf(get(storage, texts + file)),
    versions: versionsOf,
    results: () =>
      new Map(
        keysOf(storage, results).flatMap((key): [string, Graded][] => {
          const found = parsed(get(storage, key)) as Graded | undefined;
          return found?.result === undefined ? [] : [[key.slice(results.length), found]];
        }),
      ),
    putText: (file, written) => putAnyway(storage, texts + file, JSON.stringify(written)),
    addVersion: (file, version) =>
      putAnyway(storage, versions + file, JSON.stringify(withVersion(versionsOf(file), version))),
    putResult: (id, graded) => put(storage, results + id, JSON.stringify(graded)),
    setting: (name) => get(storage, `${PREFIX}setting/${name}`) ?? undefined,
    putSetting: (name, value) => put(storage, `${PREFIX}setting/${name}`, value),
    about(key) {
      if (key.startsWith(texts)) return { file: key.slice(texts.length) };
      return key.startsWith(results) ? { id: key.slice(results.length) } : undefined;
    },
  };
}

/** Whether the browser lets the page read what it has stored. */
export function isReadable(storage: Storage | undefined): storage is Storage {
  try {
    storage?.getItem(PREFIX);
    return storage !== undefined;
  } catch {
    return false;
  }
}

/** Whether there is room for more. */
export function hasRoom(storage: Storage): boolean {
  return putAnyway(storage, `${PREFIX}probe`, "1");
}

/** A storage that lasts as long as the page, where the browser refuses its own. */
export function memoryStorage(): Storage {
  const texts = new Map<string, string>();
  return {
    get length() {
      return texts.size;
    },
    key: (i) => [...texts.keys()][i] ?? null,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
    clear: () => texts.clear(),
  };
}

function keysOf(storage: Storage, prefix: string): string[] {
  const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? "");
  return keys.filter((key) => key.startsWith(prefix));
}

/** Writes what nothing could restore. Of a full storage, results are removed first: grading again finds them again. */
function putAnyway(storage: Storage, key: string, text: string): boolean {
  if (put(storage, key, text)) return true;
  try {
    for (const key of keysOf(storage, PREFIX)) if (key.includes("/result/")) storage.removeItem(key);
  } catch {
    return false;
  }
  return put(storage, key, text);
}

/** A text as it was kept; damaged ones are not thrown away, but are older than all others. */
function writtenOf(kept: string | null): Written | undefined {
  if (kept === null) return undefined;
  const found = parsed(kept);
  return isWritten(found) ? found : { text: kept, time: 0 };
}

function isWritten(x: unknown): x is Written {
  const { text, time } = (x ?? {}) as Partial<Written>;
  return typeof text === "string" && typeof time === "number";
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function get(storage: Storage, key: string): string | null {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

function put(storage: Storage, key: string, text: string): boolean {
  try {
    storage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}
