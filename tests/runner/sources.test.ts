import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { hashOfSources } from "../../grader/runner/sources.mjs";
import { withFolder } from "../trees.ts";

it("a hash of sources depends on their names and texts, in whatever folder, and on nothing else", async () => {
  await withFolder({ "own/a.ts": "a", "own/old.v1/b.ts": "b", "package.json": "{}" }, async (root) => {
    const hash = (): string => hashOfSources(root, ["own", "package.json"]);
    const write = (file: string, text: string): void => writeFileSync(path.join(root, file), text);
    const first = hash();
    expect(first).toMatch(/^[0-9a-f]{16}$/);

    write("own/notes.txt", "no source");
    symlinkSync(".", path.join(root, "own/itself"), "junction");
    mkdirSync(path.join(root, "own/empty"));
    mkdirSync(path.join(root, "own/folder.ts"));
    expect(hash()).toBe(first);

    const hashes = [first];
    const changed = (): void => void hashes.push(hash());
    write("own/a.ts", "A");
    changed();
    write("own/old.v1/b.ts", "B");
    changed();
    write("own/empty/c.mjs", "");
    changed();
    write("package.json", "[]");
    changed();
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
