import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { followFolder, type Folder } from "../../page/store/folder.ts";
import { memoryStorage } from "../../page/store/kept.ts";
import { FULL, openStore, REFUSED, type Store } from "../../page/store/store.ts";
import { KEPT_VERSIONS, type Written } from "../../page/store/versions.ts";

const FILE = "1-step-by-step/05-dcounts.ts";
const STUB = "throw todo();\n";
const stubs = { [FILE]: STUB };

/** A storage that holds so many characters; setting it to 0 makes it refuse all writing. */
function storageWith(room: { characters: number }): Storage {
  const storage = memoryStorage();
  const { setItem } = storage;
  return Object.assign(storage, {
    setItem(key: string, text: string) {
      const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i)!).filter((one) => one !== key);
      const used = keys.reduce((sum, one) => sum + one.length + storage.getItem(one)!.length, 0);
      if (used + key.length + text.length > room.characters) throw new DOMException("full", "QuotaExceededError");
      setItem(key, text);
    },
  });
}

interface Opened {
  store: Store;
  window: EventTarget;
  shown: string[];
  problems: (string | undefined)[];
  kept: string[];
}

function open(storage: Storage | undefined): Opened {
  const opened = { window: new EventTarget(), shown: [], problems: [], kept: [] } as unknown as Opened;
  opened.store = openStore({ storage, events: opened.window, now: Date.now }, stubs, {
    changed: (_, text) => opened.shown.push(text),
    kept: (_, { text }) => opened.kept.push(text),
    graded: () => {},
    problem: (why) => opened.problems.push(why),
  });
  return opened;
}

/** Tells a tab that another one has written. */
function tellStorage(window: EventTarget): void {
  window.dispatchEvent(Object.assign(new Event("storage"), { key: `backprop-dojo/1/code/${FILE}` }));
}

const textsOf = (store: Store): string[] => store.versions(FILE).map(({ text }) => text);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("what is written", () => {
  it("is kept 300 ms after the last key, or when the page is left", () => {
    const storage = memoryStorage();
    const { store, window } = open(storage);
    store.write(FILE, "a");
    vi.advanceTimersByTime(299);
    expect(open(storage).store.texts()[FILE]).toBe(STUB);
    vi.advanceTimersByTime(1);
    expect(open(storage).store.texts()[FILE]).toBe("a");
    store.write(FILE, "ab");
    window.dispatchEvent(new Event("pagehide"));
    expect(open(storage).store.texts()[FILE]).toBe("ab");
  });

  it("is replaced only by becoming a version, of which the last ones are kept, each once", () => {
    const { store } = open(memoryStorage());
    store.write(FILE, "mine");
    store.flush();
    for (const text of ["a", "b", "a", "c", "d", "e", "f", STUB]) {
      vi.advanceTimersByTime(1);
      store.replace(FILE, { text, time: Date.now() }, "copy");
    }
    expect(store.texts()[FILE]).toBe(STUB);
    expect(textsOf(store)).toEqual(["f", "e", "d", "c", "a"]);
    expect(textsOf(store)).toHaveLength(KEPT_VERSIONS);
  });

  it("is kept although results fill the storage, since these can be found again", () => {
    const room = { characters: 10_000 };
    const storage = storageWith(room);
    const { store, problems } = open(storage);
    store.keepResult("dcounts", { text: "x".repeat(5000), result: {} } as never);
    room.characters = 5200;
    store.write(FILE, "mine");
    store.flush();
    expect(open(storage).store.texts()[FILE]).toBe("mine");
    expect(problems).toEqual([]);
  });
});

describe("a full storage", () => {
  it("is said, and what is written stays in the tab until there is room", () => {
    const room = { characters: 200 };
    const storage = storageWith(room);
    const { store, window, problems } = open(storage);
    store.write(FILE, "x".repeat(500));
    store.flush();
    expect(problems).toEqual([FULL]);
    expect(store.texts()[FILE]).toBe("x".repeat(500));
    const leaving = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(leaving);
    expect(leaving.defaultPrevented).toBe(true);
    room.characters = 2000;
    store.write(FILE, "x".repeat(501));
    store.flush();
    expect(problems).toEqual([FULL, undefined]);
    expect(open(storage).store.texts()[FILE]).toBe("x".repeat(501));
  });

  it("keeps a text in its place if no version of it can be kept", () => {
    const room = { characters: 400 };
    const { store } = open(storageWith(room));
    store.write(FILE, "x".repeat(250));
    store.flush();
    expect(store.replace(FILE, { text: "short", time: Date.now() }, "reset")).toBe(false);
    expect(store.texts()[FILE]).toBe("x".repeat(250));
  });

  it("that is refused is said, and the page works until it is closed", () => {
    const refused = {
      getItem: () => {
        throw new DOMException("refused", "SecurityError");
      },
    } as unknown as Storage;
    for (const storage of [undefined, refused]) {
      const { store, problems, window } = open(storage);
      expect(problems).toEqual([REFUSED]);
      store.write(FILE, "mine");
      store.flush();
      expect(store.texts()[FILE]).toBe("mine");
      const leaving = new Event("beforeunload", { cancelable: true });
      window.dispatchEvent(leaving);
      expect(leaving.defaultPrevented).toBe(true);
    }
  });
});

describe("two tabs", () => {
  it("show the same text", () => {
    const storage = memoryStorage();
    const [one, other] = [open(storage), open(storage)];
    one.store.write(FILE, "a");
    one.store.flush();
    tellStorage(other.window);
    expect(other.shown).toEqual(["a"]);
    expect(textsOf(other.store)).toEqual([]);
  });

  it("never write over a newer text: the older one of two that were written at once is a version", () => {
    const storage = memoryStorage();
    const [one, other] = [open(storage), open(storage)];
    one.store.write(FILE, "older");
    vi.advanceTimersByTime(10);
    other.store.write(FILE, "newer");
    other.store.flush();
    one.store.flush();
    expect(one.shown).toEqual(["newer"]);
    expect(open(storage).store.texts()[FILE]).toBe("newer");
    expect(textsOf(one.store)).toEqual(["older"]);
  });

  it("keep what the other one has written when the newer text comes last", () => {
    const storage = memoryStorage();
    const [one, other] = [open(storage), open(storage)];
    one.store.write(FILE, "older");
    one.store.flush();
    vi.advanceTimersByTime(10);
    other.store.write(FILE, "newer");
    other.store.flush();
    expect(open(storage).store.texts()[FILE]).toBe("newer");
    expect(textsOf(other.store)).toEqual(["older"]);
  });

  it("agree again when one that was asleep is shown", () => {
    const storage = memoryStorage();
    const [one, other] = [open(storage), open(storage)];
    one.store.write(FILE, "a");
    one.store.flush();
    other.window.dispatchEvent(new Event("pageshow"));
    expect(other.shown).toEqual(["a"]);
  });
});

describe("a folder that is followed", () => {
  /** A folder in memory, which other programs may write. */
  function folderWith(first: Written): { folder: Folder; there: () => Written; write: (written: Written) => void } {
    let now = first;
    return {
      there: () => now,
      write: (written) => void (now = written),
      folder: {
        name: "exercises",
        save(_, text, base) {
          if (now.text !== base && now.text !== text) return Promise.resolve(now);
          now = { text, time: Date.now() };
          return Promise.resolve(undefined);
        },
      },
    };
  }

  it("shows what another program has saved, and gets what is written", async () => {
    vi.setSystemTime(1000);
    const opened = open(memoryStorage());
    const { folder, there } = folderWith({ text: "theirs", time: 500 });
    const following = followFolder(folder, opened.store, stubs, () => {});
    following.seen({ [FILE]: there() });
    expect(opened.shown).toEqual(["theirs"]);
    following.kept(FILE, { text: "mine", time: 1001 });
    await vi.runAllTimersAsync();
    expect(there().text).toBe("mine");
  });

  it("loses neither text when both have changed", async () => {
    for (const [time, shown, version] of [
      [2000, "theirs", "mine"],
      [500, "mine", "theirs"],
    ] as const) {
      vi.setSystemTime(1000);
      const opened = open(memoryStorage());
      const { folder, there, write } = folderWith({ text: STUB, time: 1 });
      const following = followFolder(folder, opened.store, stubs, () => {});
      following.seen({ [FILE]: there() });
      opened.store.write(FILE, "mine");
      opened.store.flush();
      write({ text: "theirs", time });
      // what the page saw last is no longer there
      following.kept(FILE, opened.store.own(FILE)!);
      await vi.runAllTimersAsync();
      expect(opened.store.texts()[FILE]).toBe(shown);
      expect(there().text).toBe(shown);
      expect(textsOf(opened.store)).toEqual([version]);
    }
  });

  it("replaces no work by the stubs of a new clone when it is opened, but by those of a later reset", async () => {
    vi.setSystemTime(1000);
    const opened = open(memoryStorage());
    opened.store.write(FILE, "mine");
    opened.store.flush();
    const { folder, there } = folderWith({ text: STUB, time: 2000 });
    const following = followFolder(folder, opened.store, stubs, () => {});
    following.seen({ [FILE]: there() }, true);
    await vi.runAllTimersAsync();
    expect(there().text).toBe("mine");
    following.seen({ [FILE]: { text: STUB, time: 3000 } });
    expect(opened.store.texts()[FILE]).toBe(STUB);
    expect(textsOf(opened.store)).toEqual(["mine"]);
  });

  it("makes no version of the page's own text that is reported late", async () => {
    vi.setSystemTime(1000);
    const opened = open(memoryStorage());
    const { folder, there } = folderWith({ text: STUB, time: 1 });
    const following = followFolder(folder, opened.store, stubs, () => {});
    following.seen({ [FILE]: there() });
    for (const text of ["a", "ab"]) {
      vi.advanceTimersByTime(10);
      opened.store.write(FILE, text);
      opened.store.flush();
      following.kept(FILE, opened.store.own(FILE)!);
      await vi.runAllTimersAsync();
    }
    following.seen({ [FILE]: { text: "a", time: 1010 } });
    await vi.runAllTimersAsync();
    expect(opened.store.texts()[FILE]).toBe("ab");
    expect(there().text).toBe("ab");
    expect(textsOf(opened.store)).toEqual([]);
  });
});
