import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../grader/runner/project.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { expectRefusal } from "../commands/refusal.ts";
import { answers } from "./answers.ts";
import { Author } from "./author.ts";

const author = new Author();
afterAll(() => author.end());

interface Document {
  steps: StepResult[];
}

/** Grades a tree of the course. */
async function graded(tree: string): Promise<Map<string, StepResult>> {
  const { stdout } = await author.run(["grade", "--from", tree, "--json"]);
  return new Map((JSON.parse(stdout) as Document).steps.map((step) => [step.id, step]));
}

/** A tree of the course with an answer to each step. */
function treeWith(name: string, answerOf: (id: string) => string): string {
  const tree = path.join("results", name);
  mkdirSync(path.join(author.folder, "results"), { recursive: true });
  cpSync(path.join(author.folder, "solutions"), path.join(author.folder, tree), { recursive: true });
  author.answer(tree, answerOf);
  return tree;
}

/** Teaches the GRU cell from an empty start, and returns what was said. */
async function teach(): Promise<{ said: string[]; steps: string }> {
  const said: string[] = [];
  const check = async (): Promise<void> => void said.push((await author.run(["check"])).stdout);
  await author.runOutside(["new", "network", "gru"]);
  await check();
  author.take("gru/network.ts");
  await check();
  const { stdout: steps } = await author.run(["new", "step", "--all"]);
  await check();
  author.complete();
  await check();
  await author.run(["reset", "part1"]);
  await check();
  return { said, steps };
}

describe("a GRU cell, taught from an empty folder", () => {
  let said: string[];
  let steps: string;
  beforeAll(async () => {
    ({ said, steps } = await teach());
  });

  it("is led to by check, one thing after another", () => {
    const next = said.map((text) => text.split("\n").find((line) => line.startsWith("next")));
    expect(next).toEqual([
      expect.stringMatching(/^next {2}gru\/network\.ts:3: replace the sizes/),
      expect.stringMatching(/^next {2}part 1 has no step: npm run new -- step --all --part 1/),
      expect.stringMatching(/^next {2}1-gru\/dhnext\.ts:10: the local gradient of the line in words/),
      expect.stringMatching(/^next {2}npm run reset -- part1 writes the stubs/),
      undefined,
    ]);
    expect(said.at(-1)).toMatch(/^ok {4}every solution passes$/m);
    expect(said.at(-1)).toMatch(/the course is complete: npm run grade grades its exercises\n$/);
  });

  it("has the page that errors name, and help on the commands that run there", async () => {
    const page = readFileSync(path.join(author.folder, "exercises/TENSORS.md"), "utf8");
    expect(page).toMatch(/^## All operations$/m);
    // the lessons that ours links to are not there
    expect(page).not.toMatch(/\]\(\w+\.md/);
    const { stdout } = await author.run(["help"]);
    expect(stdout).toMatch(/^ {2}grade \[step/m);
    expect(stdout).not.toMatch(/^ {2}(train|lab|page|pack|update|parity)\b/m);
  });

  it("as its page shows", () => {
    const page = readFileSync(path.join(projectRoot, "docs", "own-network.md"), "utf8");
    // of the complete course, the page quotes the last sentence
    for (const text of said.slice(0, 4).filter((_, i) => i !== 2)) expect(page).toContain(text);
    expect(page).toContain(said.at(-1)!.split("\n").at(-2));
    expect(page).toContain(steps);
  });

  it("has a step for every tensor with a gradient, in backward order, with stubs that are not started", async () => {
    const { stdout } = await author.run(["list"]);
    const ids = [...stdout.matchAll(/^[ >]+\[ \] +\d+ {2}(\w+)/gm)].map(([, id]) => id);
    expect(ids).toEqual(Object.keys(answers));
    expect([...(await graded("exercises")).values()].map(({ verdict }) => verdict)).toEqual(
      ids.map(() => "not-started"),
    );
  });

  it("passes where the answers are right, each alone and all in a chain", async () => {
    const results = await graded("solutions");
    expect(results.size).toBe(Object.keys(answers).length);
    for (const [id, { passed, inChain }] of results) {
      expect({ id, passed }).toEqual({ id, passed: true });
      expect(["exact", "rounding"], id).toContain(inChain!.verdict);
    }
  });

  it("names a flipped sign at every step", async () => {
    const results = await graded(treeWith("flipped", (id) => `${answers[id]}.neg()`));
    for (const [id, { verdict, mistake }] of results) {
      expect({ id, verdict, mistake: mistake?.id }).toEqual({ id, verdict: "wrong", mistake: flipped[id] ?? "sign" });
    }
  });

  it("names a forgotten term, a forgotten sum and a missing transpose", async () => {
    const wrong: Readonly<Record<string, string>> = {
      dz: "h.mul(dhnext)",
      dbn: "dnpre",
      dWz: "x.matmul(dzpre)",
      dn: "n.mul(dhnext)",
    };
    const results = await graded(treeWith("wrong", (id) => wrong[id] ?? answers[id]!));
    const named = Object.keys(wrong).map((id) => [id, results.get(id)!.passed, results.get(id)!.mistake?.id]);
    expect(named).toEqual([
      ["dz", false, "new-state-left-out"],
      ["dbn", false, "given"],
      ["dWz", false, "equal-not-transposed"],
      ["dn", false, "plain"],
    ]);
  });
});

/** Where a known mistake of the room is what a flipped sign gives. */
const flipped: Readonly<Record<string, string>> = { dz: "states-swapped" };

describe("a course that cannot be taught is refused in a sentence with its place", () => {
  const network = "gru/network.ts";

  it.each([
    ["a line", network, '["rpre"]', '["rgate"]', /gru\/network\.ts:30: r reads rgate, which no line computes/],
    [
      "code that throws",
      network,
      "const line =",
      "null!.x;\nconst line =",
      /gru\/network\.ts:23: Cannot read properties/,
    ],
    [
      "code that does not compile",
      network,
      "const line =",
      "const const line =",
      /gru\/network\.ts:23: does not compile: /,
    ],
    [
      "a step",
      "1-gru/dn.ts",
      'tensor: "n"',
      'tensor: "nn"',
      /1-gru\/dn\.ts:6: dnn: gru has no tensor nn with a gradient/,
    ],
  ])("%s", async (_, file, from, to, line) => {
    const before = author.read(file);
    expect(before).toContain(from);
    author.edit(file, (text) => text.replace(from, to));
    const [list, check] = await Promise.all([author.run(["list"]), author.run(["check"])]);
    author.edit(file, () => before);
    expectRefusal(list, line);
    expect(check).toMatchObject({ status: 1, stdout: expect.stringMatching(line) as string });
  });
});

it("a step that comes between others gives them new numbers: in names of files, in comments, in the lesson", async () => {
  const other = new Author();
  await other.runOutside(["new", "network", "regression"]);
  await other.run(["new", "step", "weights"]);
  expect(other.files("solutions/1-regression")).toEqual(["dweights.ts"]);
  await other.run(["new", "step", "predicted"]);
  expect(other.files("solutions/1-regression")).toEqual(["01-dpredicted.ts", "02-dweights.ts"]);
  expect(other.read("solutions/1-regression/02-dweights.ts")).toContain(" * 2. dweights\n");
  expect(other.read("1-regression/part.ts")).toContain("rooms: [dpredicted, dweights],");
  const lesson = other.read("exercises/1-regression/README.md");
  expect(lesson.match(/^## .*/gm)).toEqual(["## 1. dpredicted", "## 2. dweights"]);
  expect(lesson).toContain("\nloss = ((predicted - target) ** 2).mean()\n");
  other.end();
});

describe("a learner of the course", () => {
  it("plays with a step's numbers and the own function, and runs scratch files", async () => {
    author.answer("exercises", (id) => answers[id]!);
    const { stdout, status } = await author.run(
      ["play", "dz"],
      author.folder,
      "dz(given).sub(reference).sum().item()\n",
    );
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/your dz; the numbers[^]*> -?0/),
    });
    const text = author.read("play/example.ts").replace("// import", "import").replaceAll("dcounts", "dz");
    author.edit("play/example.ts", () => `${text}console.log(typeof dhnext);\n`);
    const ran = await author.run(["play", "example", "--once"]);
    expect(ran).toMatchObject({ status: 0, stderr: "", stdout: expect.stringMatching(/function\n$/) });
  });

  it("sees hints, mistakes and drawings", async () => {
    const shown: [string[], RegExp][] = [
      [["hint", "dz", "--again"], /hint 1 of 3/],
      [["mistakes", "dz"], /Known mistakes at dz/],
      [["grade", "dz", "--show"], /dz, the gradient of z on a drawn batch/],
    ];
    const runs = await Promise.all(shown.map(([args]) => author.run(args)));
    for (const [i, { stdout, stderr }] of runs.entries())
      expect(stdout + stderr, shown[i]![0].join(" ")).toMatch(shown[i]![1]);
  });
});

describe("what makes no sense is refused", () => {
  it("by new, and by commands about our own course", async () => {
    const refusals: [string[], RegExp][] = [
      [["new", "network", "gru"], /the course has a network gru already/],
      [["new", "network", "2gru"], /the name is used in code/],
      [["new", "step", "zz"], /gru has no tensor zz with a gradient; did you mean z/],
      [["new", "step", "z"], /1-gru\/dz\.ts exists already; nothing was written/],
      [["new", "step", "z", "--part", "4"], /--part 4: there is no such part; there are 1/],
      [["new"], /new what\? write new network NAME/],
      [["page"], /the page is built from the course of this repository; npm run watch/],
      [["train"], /has no training loop; npm run play/],
      [["lab"], /npm run play is for experiments with yours/],
      [["pack", "course", "x"], /give learners the course's folder next to a clone/],
      [["update"], /type it there/],
    ];
    const runs = await Promise.all(refusals.map(([args]) => author.run(args)));
    for (const [i, run] of runs.entries()) expectRefusal(run, refusals[i]![1]);
  });

  it("a folder that does not exist, or that is none", async () => {
    const nowhere = new Author();
    expectRefusal(await nowhere.runOutside(["grade"]), /there is no such folder; npm run new -- network NAME/);
    mkdirSync(nowhere.folder);
    expectRefusal(await nowhere.run(["grade"]), /course\.ts is missing; npm run new -- network NAME writes it/);
    writeFileSync(path.join(nowhere.folder, "course.ts"), "export const parts = {};\n");
    expectRefusal(await nowhere.run(["grade"]), /course\.ts:1: should export course, its parts by number/);
    nowhere.end();
  });
});
