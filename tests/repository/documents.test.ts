import { requiredOf } from "../../grader/kit/optional.ts";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { functionSteps, steps } from "../../grader/course/steps.ts";
import { projectRoot } from "../../grader/runner/project.ts";

interface Manifest {
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const read = (file: string): string => readFileSync(path.join(projectRoot, file), "utf8");
const manifestOf = (folder: string): Manifest => JSON.parse(read(path.join(folder, "package.json"))) as Manifest;
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(path.join(projectRoot, "docs")).map((name) => `docs/${name}`),
].filter((name) => name.endsWith(".md"));
const folders = (name: string): string[] =>
  readdirSync(path.join(projectRoot, name), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|play$|runs$)/.test(entry.name))
    .map((entry) => entry.name);

describe("the README", () => {
  const text = read("README.md");

  it("fits on two screens", () => {
    expect(text.split("\n").length).toBeLessThan(120);
  });

  it("leads to every other page", () => {
    for (const page of pages.slice(1)) expect(text).toContain(`](${page})`);
  });

  it("names every command for learners", () => {
    const ofOthers = ["format", "lint", "parity", "typecheck"];
    const commands = Object.keys(manifestOf("").scripts!).filter((name) => !ofOthers.includes(name));
    expect(commands.length).toBeGreaterThan(10);
    for (const name of commands) expect(text).toMatch(new RegExp(`\`npm (run )?${name}\\b`));
  });
});

describe("the numbers in a text", () => {
  it("of the steps of a part are correct", () => {
    const counts: [file: string, words: RegExp, part: number][] = [
      ["README.md", /: (\w+) small steps, from/, 0],
      ["README.md", /: (\w+) tensors, \w+ files\./, 1],
      ["README.md", /: (\w+) traps that throw no error/, 5],
      ["exercises/0-warm-ups/README.md", /^(\w+) small functions before the network/m, 0],
      ["exercises/5-trap-lab/README.md", /of the (\w+) traps here/, 5],
    ];
    for (const [file, words, part] of counts) {
      const count = steps.filter((step) => step.part === part).length;
      const [sentence, written] = words.exec(read(file)) ?? [];
      expect(written?.toLowerCase(), `${file}: ${sentence}`).toBe(inWords[count] ?? String(count));
    }
  });

  it("of known mistakes and correct forms are correct to the nearest hundred", () => {
    const about = (count: number): string => `bout ${(Math.round(count / 100) * 100).toLocaleString("en-US")}`;
    const count = (what: "forms" | "mistakes"): number =>
      functionSteps.reduce((sum, step) => sum + step[what].length, 0);
    const text = read("docs/grading.md").replaceAll(/\s+/g, " ");
    expect(text).toContain(`${about(count("forms"))} correct formulas`);
    expect(text).toContain(`${about(count("mistakes"))} known mistakes`);
    const { forms, mistakes } = steps.find((step) => step.kind === "train")!;
    expect(text).toContain(`${forms.length} correct forms`);
    expect(text).toContain(`${mistakes.length} known wrong loops`);
  });

  it("of all steps but optional ones, in the JSON document, are correct", () => {
    const summary = /"summary": (\{.*\})/.exec(read("docs/json.md"))![1]!;
    const { passed, failed, notStarted, total } = JSON.parse(summary) as Record<string, number>;
    expect(total).toBe(requiredOf(steps).length);
    expect(passed! + failed! + notStarted!).toBe(total);
  });

  const inWords =
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen".split(
      " ",
    );
});

it("the commands that the pages mention exist", () => {
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

  it("and the page on contributing name files that exist", () => {
    const named = [...read("CONTRIBUTING.md").matchAll(/`([\w.-]+\/[\w./-]+)`/g)].map(([, file]) => file!);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((file) => !existsSync(path.join(projectRoot, file)) && !file.includes("NAME"))).toEqual([]);
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
