import type { Graded } from "../app/state.ts";

/** What a learner writes, kept in the browser: a key for each text, so that two tabs do not overwrite each other's. */
export interface Store {
  /** Why nothing is kept, if so: for people. */
  readonly problem: string | undefined;
  /** Every text: the learner's, or the stub where there is none. */
  texts(): Record<string, string>;
  /** Keeps a text, soon. */
  write(file: string, text: string): void;
  /** Is told each text that another tab has written. */
  onChange(tell: (file: string, text: string) => void): void;
  /** A choice of the reader's; undefined if there was none. */
  setting(name: string): string | undefined;
  keepSetting(name: string, value: string): void;
  keepResult(id: string, graded: Graded): void;
  /** What was kept, by step. */
  results(): ReadonlyMap<string, Graded>;
}

/** The origin can be shared with other projects of the same owner. */
const PREFIX = "backprop-dojo/1/";
const CODE = `${PREFIX}code/`;
const SETTING = `${PREFIX}setting/`;
const RESULT = `${PREFIX}result/`;
/** So many milliseconds after the last key, a text is kept. */
const SOON_MS = 300;

const REFUSED =
  "This browser keeps nothing for this page: what you write is gone when you close it. Copy it, or allow the page to store data.";

/** @param stubs the texts to begin with, by file */
export function openStore(storage: Storage, stubs: Readonly<Record<string, string>>): Store {
  const waiting = new Map<string, string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    for (const [file, text] of waiting) if (put(storage, CODE + file, text)) waiting.delete(file);
  };
  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush());
  return {
    problem: put(storage, `${PREFIX}probe`, "1") ? undefined : REFUSED,
    texts: () =>
      Object.fromEntries(Object.entries(stubs).map(([file, stub]) => [file, get(storage, CODE + file) ?? stub])),
    write(file, text) {
      waiting.set(file, text);
      clearTimeout(timer);
      timer = setTimeout(flush, SOON_MS);
    },
    onChange(tell) {
      addEventListener("storage", ({ key, newValue }) => {
        if (!key?.startsWith(CODE)) return;
        const file = key.slice(CODE.length);
        const text = newValue ?? stubs[file];
        if (text !== undefined) tell(file, text);
      });
    },
    setting: (name) => get(storage, SETTING + name) ?? undefined,
    keepSetting: (name, value) => void put(storage, SETTING + name, value),
    keepResult: (id, graded) => void put(storage, RESULT + id, JSON.stringify(graded)),
    results: () => new Map(keysOf(storage, RESULT).flatMap((key) => parsed(key, get(storage, key)))),
  };
}

function parsed(key: string, text: string | null): [string, Graded][] {
  try {
    return text === null ? [] : [[key.slice(RESULT.length), JSON.parse(text) as Graded]];
  } catch {
    return [];
  }
}

function keysOf(storage: Storage, prefix: string): string[] {
  try {
    return Object.keys(storage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function get(storage: Storage, key: string): string | null {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

/** @returns whether it worked: storage can be full, or refused */
function put(storage: Storage, key: string, text: string): boolean {
  try {
    storage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}
