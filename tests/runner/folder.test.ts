import { readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder } from "../../grader/runner/folder.mjs";
import { projectRoot } from "../../grader/runner/project.ts";
import { withFolder } from "../trees.ts";

describe("makeFolder", () => {
  it("creates what is missing, and is content with what is there", async () => {
    await withFolder({}, async (root) => {
      const folder = path.join(root, "a/b/c");
      for (let i = 0; i < 2; i++) {
        makeFolder(folder);
        expect(statSync(folder).isDirectory()).toBe(true);
      }
    });
  });

  it("says what is in the way", async () => {
    await withFolder({ file: "" }, async (root) => {
      expect(() => makeFolder(path.join(root, "file"))).toThrow("EEXIST");
      expect(() => makeFolder(path.join(root, "file/below"))).toThrow("ENOTDIR");
    });
  });

  it.runIf(process.platform === "linux")("returns where the system creates nothing", () => {
    expect(() => makeFolder("/proc/results/today")).toThrow("ENOENT");
  });

  it("is used wherever folders above may be missing", () => {
    const sources = ["grader", "page"].flatMap((folder) =>
      readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => /\.m?ts$|\.[cm]?js$/.test(name) && !name.includes("-bytes"))
        .map((name) => path.join(folder, name)),
    );
    const recursive = sources.filter((file) =>
      /\bmkdir(?:Sync)?\([^;]*recursive/.test(readFileSync(path.join(projectRoot, file), "utf8")),
    );
    expect(recursive).toEqual([]);
  });
});
