import { symlinkSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { bundleSteps } from "../../grader/runner/bundle.ts";
import { hashOfTexts, insideTree, readSource } from "../../grader/runner/source.ts";
import { exercise, stepOf, withFolder } from "../trees.ts";

describe("a file of a tree", () => {
  it.each([
    ["part/a.ts", "C:\\tree\\part\\a.ts"],
    ["part/..a.ts", "C:\\tree\\part\\..a.ts"],
    ["part/../a.ts", "C:\\tree\\a.ts"],
  ])("%s is inside, also on Windows", (file, whole) => {
    expect(insideTree("C:\\tree", file, path.win32)).toBe(whole);
    expect(insideTree("/tree", file, path.posix)).toBe(path.posix.join("/tree", file));
  });

  it.each(["../a.ts", "part/../../a.ts", "..", ".", ""])("%j is not inside", (file) => {
    expect(insideTree("C:\\tree", file, path.win32)).toBeUndefined();
    expect(insideTree("/tree", file, path.posix)).toBeUndefined();
  });

  it.each([".\\..\\..\\solutions\\a.ts", "part/..\\..\\..\\a.ts", "part\\..\\..\\a.ts", "..\\tree2\\a.ts"])(
    "%j leaves the tree on Windows",
    (file) => {
      expect(insideTree("C:\\work\\tree", file, path.win32)).toBeUndefined();
    },
  );
});

describe("an import", () => {
  const messageOf = (specifier: string): Promise<string> =>
    withFolder(
      {
        "1-step-by-step/02-dprobs.ts": `import ${JSON.stringify(specifier)};\n${exercise("dprobs", "return given;")}`,
        "1-step-by-step/a\\b.ts": "export {};",
        "secret.ts": "export {};",
      },
      async (root) => {
        const made = (await bundleSteps(root, [stepOf("dprobs")])).get("dprobs")!;
        return "kind" in made ? made.message : "bundled";
      },
    );

  it("with a backslash means no file of the tree on any system", async () => {
    for (const specifier of [".\\a\\b.ts", "./a\\b.ts", ".\\..\\secret.ts"]) {
      expect(await messageOf(specifier), specifier).toContain(`cannot import "${specifier}"`);
    }
    expect(await messageOf("../secret.ts")).toBe("bundled");
  });
});

it("a compilation error has at most a thousand characters", async () => {
  const files = { "1-step-by-step/02-dprobs.ts": `import "./${"x".repeat(900_000)}.ts";` };
  const made = await withFolder(files, (root) => bundleSteps(root, [stepOf("dprobs")]));
  expect(made.get("dprobs")).toMatchObject({ kind: "threw" });
  expect((made.get("dprobs") as { message: string }).message.length).toBeLessThanOrEqual(1000);
});

it.skipIf(process.platform !== "linux")("a folder that becomes a link while it is read leads nowhere", async () => {
  const files = { "tree/part/a.json": `"inside"`, "outside/a.json": `"outside"` };
  await withFolder(files, async (folder) => {
    symlinkSync(path.join(folder, "outside"), path.join(folder, "link"));
    const flipping = new Worker(
      `const { renameSync } = require("fs");
       const { workerData: { part, link } } = require("worker_threads");
       for (;;) { renameSync(part, part + "-away"); renameSync(link, part); renameSync(part, link); renameSync(part + "-away", part); }`,
      { eval: true, workerData: { part: path.join(folder, "tree/part"), link: path.join(folder, "link") } },
    );
    try {
      const found = new Set<string | undefined>();
      for (let i = 0; i < 30_000 || !found.has(`"inside"`); i++)
        found.add(readSource(path.join(folder, "tree"), "part/a.json"));
      expect(found).not.toContain(`"outside"`);
    } finally {
      await flipping.terminate();
    }
  });
});

it("no text of a file can imitate the end of its file and the next file", () => {
  const hashOf = (a: string, b: string): string => hashOfTexts(["a.ts", "b.ts"], (file) => (file === "a.ts" ? a : b));
  expect(hashOf("1\x00b.ts\x002", "3")).not.toBe(hashOf("1", "2\x00b.ts\x003"));
});
