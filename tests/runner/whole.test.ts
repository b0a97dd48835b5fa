import { existsSync, mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { changeWhole, readChecked, saveWhole, writeChecked, writeWhole } from "../../grader/runner/whole.mjs";
import { withFolder } from "../trees.ts";

describe("a file that is written as a whole", () => {
  it("leaves the old one, and no other file, if it cannot be written", async () => {
    await withFolder({ "taken/full": "", "kept.txt": "old" }, (folder) => {
      const taken = path.join(folder, "taken");
      expect(writeWhole(taken, "new")).toBe(false);
      expect(() => saveWhole(taken, "new")).toThrow(/EISDIR|ENOTEMPTY|EPERM/);
      expect(writeWhole(path.join(folder, "no/such/folder"), "new")).toBe(false);
      expect(writeWhole(path.join(folder, "kept.txt/below"), "new")).toBe(false);
      expect(readdirSync(folder).sort()).toEqual(["kept.txt", "taken"]);
      expect(writeWhole(path.join(folder, "kept.txt"), "new")).toBe(true);
      expect(readFileSync(path.join(folder, "kept.txt"), "utf8")).toBe("new");
      return Promise.resolve();
    });
  });

  it("may come in pieces; if one of them cannot be made, the old file stays", async () => {
    await withFolder({ "long.txt": "old" }, (folder) => {
      const file = path.join(folder, "long.txt");
      const pieces = function* (isWhole: boolean) {
        yield "é";
        if (!isWhole) throw new Error("cannot be read");
        yield "李";
      };
      expect(() => saveWhole(file, pieces(false))).toThrow("cannot be read");
      expect([readFileSync(file, "utf8"), readdirSync(folder)]).toEqual(["old", ["long.txt"]]);
      saveWhole(file, pieces(true));
      expect(readFileSync(file, "utf8")).toBe("é李");
      return Promise.resolve();
    });
  });
});

describe("a text with its checksum", () => {
  it("is read unchanged, and not at all once anything in it has changed", async () => {
    await withFolder({}, (folder) => {
      const file = path.join(folder, "some/cache/text");
      expect(readChecked(file)).toBeUndefined();
      const text = fc.string({ unit: "grapheme", maxLength: 50 });
      fc.assert(
        fc.property(text, fc.nat(), fc.integer({ min: 1, max: 255 }), (text, place, change) => {
          expect(writeChecked(file, text)).toBe(true);
          expect(readChecked(file)).toBe(text);
          const whole = readFileSync(file);
          const at = place % whole.length;
          writeFileSync(file, whole.subarray(0, at));
          expect(readChecked(file)).toBeUndefined();
          const other = Buffer.from(whole);
          other[at]! ^= change;
          writeFileSync(file, other);
          expect(readChecked(file)).toBeUndefined();
          writeFileSync(file, Buffer.concat([whole, Buffer.of(change)]));
          expect(readChecked(file)).toBeUndefined();
        }),
        { numRuns: 25 },
      );
      return Promise.resolve();
    });
  });
});

describe("a file that several processes change", () => {
  it("is changed even if a killed process has left its lock behind, recently or long ago", async () => {
    await withFolder({ file: "a" }, (folder) => {
      const file = path.join(folder, "file");
      for (const age of [3600, 0]) {
        writeFileSync(`${file}.lock`, "");
        utimesSync(`${file}.lock`, Date.now() / 1000 - age, Date.now() / 1000 - age);
        const waits = vi.spyOn(Atomics, "wait");
        expect(changeWhole(file, (text) => `${text}b`)).toBeUndefined();
        // it waits only for a lock that another process may still hold
        expect(waits.mock.calls.length > 0).toBe(age === 0);
        waits.mockRestore();
        expect(readdirSync(folder)).toEqual(["file"]);
      }
      expect(readFileSync(file, "utf8")).toBe("abb");
      return Promise.resolve();
    });
  });

  it("says why it cannot be written, and rethrows errors that are not the system's", async () => {
    await withFolder({}, (folder) => {
      expect(changeWhole(path.join(folder, "no/such"), () => "")).toBe("ENOENT");
      mkdirSync(path.join(folder, "taken/full"), { recursive: true });
      expect(changeWhole(path.join(folder, "taken"), () => "")).toMatch(/^E[A-Z]+$/);
      const wrong = (): string => {
        throw new TypeError("wrong");
      };
      expect(() => changeWhole(path.join(folder, "file"), wrong)).toThrow(TypeError);
      expect(readdirSync(folder)).toEqual(["taken"]);
      expect(existsSync(path.join(folder, "file.lock"))).toBe(false);
      return Promise.resolve();
    });
  });
});
