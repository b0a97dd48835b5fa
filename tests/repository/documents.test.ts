import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../grader/runner/project.ts";

interface Manifest {
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const read = (file: string): string => readFileSync(path.join(projectRoot, file), "utf8");
const manifestOf = (folder: string): Manifest => JSON.parse(read(path.join(folder, "package.json"))) as Manifest;
const pages = ["README.md", ...readdirSync(path.join(projectRoot, "docs")).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith(".md"),
);
const folders = (name: string): string[] =>
  readdirSync(path.join(projectRoot, name), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|runs$)/.test(entry.name))
    .map((entry) => entry.name);

describe("the README", () => {
  const text = read("README.md");

  it("fits on two screens", () => {
    expect(text.split("\n").length).toBeLessThan(120);
  });

  it("leads to every other page", () => {
    for (const page of pages.slice(1)) expect(text).toContain(`](${page})`);
  });

  it("names every command of a learner", () => {
    const ofOthers = ["format", "lint", "parity", "typecheck"];
    const commands = Object.keys(manifestOf("").scripts!).filter((name) => !ofOthers.includes(name));
    expect(commands.length).toBeGreaterThan(10);
    for (const name of commands) expect(text).toMatch(new RegExp(`\`npm (run )?${name}\\b`));
  });
});

it("what the pages tell to type exists", () => {
  const { scripts } = manifestOf("");
  const typed = pages.flatMap((page) =>
    [...read(page).matchAll(/npm run (?:-s )?([a-z:]+)/g)].map(([, name]) => name!),
  );
  expect(typed.filter((name) => !(name in scripts!))).toEqual([]);
  expect(new Set(typed).size).toBeGreaterThan(10);
});

describe("the page on the source", () => {
  const text = read("docs/source.md");

  it("has a row for every dependency, and for nothing else", () => {
    const manifests = ["", ...folders("")].flatMap((folder) => {
      try {
        return [manifestOf(folder)];
      } catch {
        return []; // a folder without packages of its own
      }
    });
    const all = manifests.flatMap((manifest) => Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }));
    const rows = [...text.matchAll(/^\| ([a-z@][\w@/-]*) +\| \S/gm)].map(([, name]) => name!);
    expect(rows.filter((name) => name !== "package").sort()).toEqual(all.sort());
  });

  it("has a line for every folder of the repository and of the grader", () => {
    const [, layout] = /^```\n([^]*?)^```$/m.exec(text)!;
    const lines = layout!.split("\n");
    const named = (indent: string): string[] =>
      lines.flatMap((line) => (line.startsWith(indent) && /^[\w-]+(?=\/)/.exec(line.slice(indent.length))?.[0]) || []);
    expect(named("").sort()).toEqual(folders("").sort());
    expect(named("  ").sort()).toEqual(folders("grader").sort());
  });
});
