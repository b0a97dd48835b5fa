import path from "node:path";
import { describe, expect, it } from "vitest";
import { bundleSteps } from "../../grader/runner/bundle.ts";
import { insideTree } from "../../grader/runner/source.ts";
import { exercise, stepOf, withFolder } from "../trees.ts";

describe("a file of a tree", () => {
  it.each([
    ["part/a.ts", "C:\\tree\\part\\a.ts"],
    ["part/..a.ts", "C:\\tree\\part\\..a.ts"],
    ["part/../a.ts", "C:\\tree\\a.ts"],
  ])("%s is inside, on Windows too", (file, whole) => {
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

  it("with a backslash is no file of the tree on any system", async () => {
    for (const specifier of [".\\a\\b.ts", "./a\\b.ts", ".\\..\\secret.ts"]) {
      expect(await messageOf(specifier), specifier).toContain(`cannot import "${specifier}"`);
    }
    expect(await messageOf("../secret.ts")).toBe("bundled");
  });
});

it("an error of compiling is told in a thousand characters", async () => {
  const files = { "1-step-by-step/02-dprobs.ts": `import "./${"x".repeat(900_000)}.ts";` };
  const made = await withFolder(files, (root) => bundleSteps(root, [stepOf("dprobs")]));
  expect(made.get("dprobs")).toMatchObject({ kind: "threw" });
  expect((made.get("dprobs") as { message: string }).message.length).toBeLessThanOrEqual(1000);
});
