import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { bringIn, broughtInWords } from "../../page/store/bring-in.ts";
import { isLink } from "../../page/store/is-link.ts";
import { memoryStorage } from "../../page/store/kept.ts";
import { LinkError, linkOf, readLink } from "../../page/store/link.ts";
import { openStore, type Store } from "../../page/store/store.ts";
import { findTree } from "../../page/store/tree.ts";
import { CopyError, readZip, zipOf } from "../../page/store/zip.ts";
import type { StepDigest } from "../../page/site.ts";

const [DCOUNTS, DPROBS] = ["1-step-by-step/05-dcounts.ts", "1-step-by-step/02-dprobs.ts"];
const files = [DCOUNTS, DPROBS];
const stubs = { [DCOUNTS]: "stub 5\n", [DPROBS]: "stub 2\n" };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const blobOf = (entries: Record<string, string>): Blob =>
  new Blob([zipSync(Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, bytes(text)]))) as never]);

function storeWith(texts: Record<string, string>): Store {
  const events = { changed: () => {}, kept: () => {}, graded: () => {}, problem: () => {} };
  const store = openStore({ storage: memoryStorage(), events: new EventTarget(), now: Date.now }, stubs, events);
  for (const [file, text] of Object.entries(texts)) store.write(file, text);
  store.flush();
  return store;
}

describe("a copy of all texts", () => {
  it("has the files below exercises/ with their times, and is read again", async () => {
    const time = new Date(2026, 10, 22, 13, 14, 16).getTime();
    const texts = new Map([[DCOUNTS, { text: "ünicode\n", time }]]);
    const copy = await readZip(new Blob([zipOf(texts)]), files);
    expect(copy).toEqual({ texts, others: 0 });
  });

  it("can be a zip of a whole clone, whose solutions are left alone", async () => {
    const zip = blobOf({
      "dojo-main/README.md": "read",
      [`dojo-main/solutions/${DCOUNTS}`]: "solved",
      [`dojo-main/exercises/${DCOUNTS}`]: "mine\r\n",
    });
    const { texts, others } = await readZip(zip, files);
    expect([...texts].map(([file, { text }]) => [file, text])).toEqual([[DCOUNTS, "mine\n"]]);
    expect(others).toBe(2);
    await expect(readZip(blobOf({ [`solutions/${DCOUNTS}`]: "solved" }), files)).rejects.toThrow(CopyError);
  });

  it.each([
    ["no zip", new Blob(["PK, but no zip"])],
    ["cut short", new Blob([zipOf(new Map([[DCOUNTS, { text: "x".repeat(999), time: 0 }]])).slice(0, 60)])],
    ["nothing of the course", blobOf({ "notes.txt": "x" })],
    ["a path out of its folder", blobOf({ [DCOUNTS]: "x", "../../x": "y" })],
    ["an absolute path", blobOf({ [DCOUNTS]: "x", "/etc/x": "y" })],
    ["a bomb", blobOf({ [DCOUNTS]: "0".repeat(2_000_000) })],
  ])("is refused in one sentence if it is %s", async (_, zip) => {
    await expect(readZip(zip, files)).rejects.toThrow(CopyError);
    await expect(readZip(zip, files)).rejects.toThrow(/Nothing was taken\.$/);
  });

  it("that is huge is not even read", async () => {
    const huge = { size: 2e9 } as Blob;
    await expect(readZip(huge, files)).rejects.toThrow("2000 MB");
  });

  it("that is not text is refused", async () => {
    const zip = new Blob([zipSync({ [DCOUNTS]: new Uint8Array([0xff, 0xfe, 0x00]) }) as never]);
    await expect(readZip(zip, files)).rejects.toThrow(`${DCOUNTS} is no text`);
  });

  it("finds a file that had another number", () => {
    expect([...findTree(["x/1-step-by-step/04-dcounts.ts"], files).paths]).toEqual([
      [DCOUNTS, "x/1-step-by-step/04-dcounts.ts"],
    ]);
  });
});

describe("bringing in", () => {
  const later = (): number => Date.now() + 10_000;

  it("takes what is newer and keeps the other text as a version", () => {
    const store = storeWith({ [DCOUNTS]: "mine", [DPROBS]: "mine" });
    const texts = new Map([
      [DCOUNTS, { text: "newer", time: later() }],
      [DPROBS, { text: "older", time: 1 }],
    ]);
    const done = bringIn({ texts, others: 3 }, store, stubs);
    expect(store.texts()).toEqual({ [DCOUNTS]: "newer", [DPROBS]: "mine" });
    expect(store.versions(DCOUNTS)).toMatchObject([{ text: "mine", why: "copy" }]);
    expect(store.versions(DPROBS)).toMatchObject([{ text: "older", why: "copy" }]);
    expect(broughtInWords(done)).toBe(
      "1 step replaced by newer code; yours is kept as a version. 1 step left as it is, because yours is newer; the " +
        "copy’s is kept as a version. 3 other files ignored.",
    );
  });

  it("never replaces work by a stub", () => {
    const store = storeWith({ [DCOUNTS]: "mine" });
    const done = bringIn(
      { texts: new Map([[DCOUNTS, { text: stubs[DCOUNTS]!, time: later() }]]), others: 0 },
      store,
      stubs,
    );
    expect(store.texts()[DCOUNTS]).toBe("mine");
    expect(broughtInWords(done)).toBe("1 step unchanged.");
  });
});

describe("a link", () => {
  const steps = [{ id: "dcounts", file: DCOUNTS }] as StepDigest[];
  const [step] = steps as [StepDigest];

  it("carries a text, whatever is in it", async () => {
    const text = "export function dcounts() {\n  return '\u{1f980} \u00fc';\n}\n".repeat(20);
    const link = await linkOf(step, text);
    expect(link).toMatch(/^#1\.dcounts\.[\w-]+$/);
    expect(isLink(link)).toBe(true);
    expect(await readLink(link, steps)).toEqual({ step, text });
  });

  it("is refused in words if it was cut short, at whatever place", async () => {
    const link = await linkOf(step, "export function dcounts() {\n  return 1;\n}\n");
    for (let length = "#1.dcounts.".length + 1; length < link.length; length++) {
      await expect(readLink(link.slice(0, length), steps), `${length}`).rejects.toThrow(LinkError);
    }
  });

  it("is refused in words if it is of another form, for another course, or unreasonably long", async () => {
    await expect(readLink("#2.dcounts.abc", steps)).rejects.toThrow("Reload the page");
    await expect(readLink(await linkOf({ id: "dx" }, "x"), steps)).rejects.toThrow("a step named dx");
    await expect(readLink(await linkOf(step, "0".repeat(1_000_000)), steps)).rejects.toThrow(LinkError);
  });

  it("is no view's address", () => {
    for (const hash of ["", "#/", "#/step/dcounts", "#/read/TENSORS.md#1.2"]) expect(isLink(hash)).toBe(false);
  });
});
