import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FromChecker, ToChecker } from "../../page/types/protocol.ts";
import { TypesRoom, type TypesShown } from "../../page/types/room.ts";

const FILE = "1-step-by-step/02-dprobs.ts";
/** The text that the checker never finishes with. */
const ENDLESS = "type A = A;";

/** A worker that says of each text what it is. */
class FakeWorker {
  static readonly all: FakeWorker[] = [];
  readonly checked: string[] = [];
  isEnded = false;
  onmessage: ((event: { data: FromChecker }) => void) | undefined;
  onerror: (() => void) | undefined;

  constructor() {
    FakeWorker.all.push(this);
  }

  postMessage(message: ToChecker): void {
    if ("library" in message) return this.#say({ ready: true });
    const text = message.texts[FILE]!;
    this.checked.push(text);
    const notes = [{ line: 1, column: 1, text: `about ${text}` }];
    if (text !== ENDLESS) this.#say({ notes: message.check, found: { [FILE]: notes } });
  }

  terminate(): void {
    this.isEnded = true;
  }

  #say(data: FromChecker): void {
    queueMicrotask(() => this.isEnded || this.onmessage?.({ data }));
  }
}

let shown: TypesShown;
let room: TypesRoom;
let canLoad: boolean;
const online = new EventTarget();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("Worker", FakeWorker);
  vi.stubGlobal("location", { href: "http://127.0.0.1/" });
  vi.stubGlobal("addEventListener", online.addEventListener.bind(online));
  vi.stubGlobal("fetch", () => Promise.resolve({ ok: canLoad, status: 404, json: () => Promise.resolve({}) }));
  FakeWorker.all.length = 0;
  canLoad = true;
  shown = { isOn: false };
  room = new TypesRoom({ worker: "types.js", library: "types.json", megabytes: "0.5" }, (now) => (shown = now));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const see = (text: string): void => room.see(FILE, { [FILE]: text });
const later = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
const noted = (): string | undefined => shown.checked?.notes[0]?.text;

describe("type notes", () => {
  it("load nothing before they are switched on, and end their worker when they are switched off", async () => {
    see("a");
    await later(1000);
    expect(FakeWorker.all).toEqual([]);
    room.turn(true);
    expect(shown.said).toBe("Loading the type checker (0.5 MB)…");
    await later(0);
    expect([shown.said, noted()]).toEqual([undefined, "about a"]);
    room.turn(false);
    expect(shown).toEqual({ isOn: false });
    expect(FakeWorker.all.map(({ isEnded }) => isEnded)).toEqual([true]);
  });

  it("come 400 ms after the last change, about the last text alone", async () => {
    room.turn(true);
    see("a");
    await later(0);
    for (const text of ["ab", "abc"]) {
      see(text);
      await later(399);
      expect([noted(), room.isPending]).toEqual(["about a", true]);
    }
    await later(1);
    expect([noted(), room.isPending]).toEqual(["about abc", false]);
    expect(FakeWorker.all[0]!.checked).toEqual(["a", "abc"]);
  });

  it("of a text that takes too long are given up, and come again when it changes", async () => {
    room.turn(true);
    see(ENDLESS);
    await later(20_000);
    expect(shown.said).toBe("The types of this text cannot be checked. They are checked again when it changes.");
    expect(await room.notesOn([FILE], { [FILE]: ENDLESS })).toBeUndefined();
    await later(60_000);
    expect(FakeWorker.all.map(({ isEnded }) => isEnded)).toEqual([true]);
    see("b");
    await later(500);
    expect([shown.said, noted()]).toEqual([undefined, "about b"]);
    expect(FakeWorker.all).toHaveLength(2);
  });

  it("say what to do if they cannot be loaded, and come once there is a connection", async () => {
    canLoad = false;
    room.turn(true);
    see("a");
    await later(0);
    expect(shown.said).toMatch(/^The type checker cannot be loaded\. Is there a connection\?/);
    expect(await room.notesOn([FILE], { [FILE]: "a" })).toBeUndefined();
    canLoad = true;
    online.dispatchEvent(new Event("online"));
    await later(0);
    expect([shown.said, noted()]).toEqual([undefined, "about a"]);
  });
});
