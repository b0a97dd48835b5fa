import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Grader } from "../../grader/class/grading/grader.ts";
import type { ClassDocument, SubmissionRecord } from "../../grader/class/record.ts";
import { gradeAll } from "../../grader/commands/class/all.ts";
import type { ResultDocument } from "../../grader/report/json.ts";
import { graderFolder } from "../../grader/runner/project.ts";
import { solutionOf, stubOf } from "../../grader/runner/workspace/stubs.ts";
import { dojo } from "../commands/in-process.ts";
import { exercise, stepOf } from "../trees.ts";
import { zipOf } from "./exports.ts";

let folder: string;
const there = (...names: string[]): string => path.join(folder, ...names);
const dcounts = stepOf("dcounts");
const dprobs = stepOf("dprobs");

/** Few learners and few steps: what is graded is tested elsewhere. */
const learners: Record<string, Record<string, string>> = {
  ada: { [dcounts.file]: solutionOf(dcounts)!, [dprobs.file]: solutionOf(dprobs)! },
  bob: {
    [dcounts.file]: stubOf(dcounts),
    [dprobs.file]: exercise("dprobs", "return given.probs.mul(given.dlogprobs);"),
  },
  eve: { "homework.ts": exercise("dcounts", "return given.nothing.mul(2);") },
  lin: { "notes.txt": "later" },
};

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "backprop-dojo-test-"));
  for (const [name, files] of Object.entries(learners)) write(there("class", name), files);
  writeFileSync(there("class", "max.zip"), zipOf(learners["ada"]!));
  writeFileSync(there("class", "zoe.zip"), "this is no zip");
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(root: string, files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
}

/** Grades the class in this process, where a box is not what is tested. */
const grade = (out: string, ...more: string[]) =>
  dojo([
    "class",
    there("class"),
    "dcounts",
    "dprobs",
    "--out",
    there(out),
    "--jobs",
    "1",
    "--untrusted=best-effort",
    ...more,
  ]);

const record = (out: string, id: string): SubmissionRecord =>
  JSON.parse(readFileSync(there(out, `${id}.json`), "utf8")) as SubmissionRecord;

/** The bytes of all files of a folder. */
const bytesIn = (out: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(there(out))
      .sort()
      .map((name) => [name, readFileSync(there(out, name), "utf8")]),
  );

describe("a class", () => {
  let printed: Awaited<ReturnType<typeof grade>>;
  beforeAll(async () => {
    printed = await grade("results");
  });

  it("gets a result file for each submission, and says what it recognized and what it could not read", () => {
    expect(printed).toMatchObject({ status: 0, stderr: "" });
    const said = printed.stdout.replaceAll(/\s+/g, " ");
    expect(readdirSync(there("results")).sort()).toEqual(
      ["ada", "bob", "class", "eve", "lin", "max", "zoe"].map((name) => `${name}.json`),
    );
    expect(said).toContain("is a folder or a zip for each person: 6 submissions");
    expect(said).toContain("4 to grade (1 of loose files), 0 unchanged, 2 that cannot be read");
    expect(said).toContain("zoe: zoe.zip is no zip, or is damaged; ask for it again");
    expect(said).toContain("lin: no file in it is a step");
  });

  it("has verdicts, points and mistakes in them", () => {
    expect(record("results", "ada")).toMatchObject({ points: { earned: 2, possible: 2 }, summary: { passed: 2 } });
    const [prob, count] = record("results", "bob").steps;
    expect(prob).toMatchObject({ id: "dprobs", verdict: "wrong", mistake: { id: "multiplied" } });
    expect(count).toMatchObject({ id: "dcounts", verdict: "not-started" });
    expect(record("results", "eve").steps.map(({ verdict }) => verdict)).toEqual(["missing", "threw"]);
    expect(record("results", "max")).toMatchObject({ points: { earned: 2 }, submission: { source: "zip" } });
    expect(record("results", "zoe")).toMatchObject({
      problem: { id: "broken-zip" },
      steps: [],
      points: { earned: 0, possible: 2 },
    });
  });

  it("has the same document as grade --json, but for times", async () => {
    const { stdout } = await dojo(["grade", "dcounts", "dprobs", "--from", there("class", "bob"), "--json"]);
    const { submission, points, seed, problem, code, ...document } = record("results", "bob");
    // and the answers that do not pass
    const open = document.steps.filter(({ passed, verdict }) => !passed && verdict !== "not-started");
    expect(Object.keys(code!)).toEqual(open.map(({ id }) => id));
    expect({ submission, points, seed, problem }).toMatchObject({ submission: { id: "bob" }, seed: null });
    const alone = JSON.parse(stdout) as ResultDocument;
    const timeless = alone.steps.map((step) => ({ ...step, milliseconds: 0 }));
    expect({ ...document, data: document.data.sha256 }).toEqual({ ...alone, steps: timeless, data: alone.data.sha256 });
  });

  it("says in class.json what was asked, and of whom", () => {
    const document = JSON.parse(readFileSync(there("results", "class.json"), "utf8")) as ClassDocument;
    expect(document).toMatchObject({
      schema: "backprop-dojo/class/v1",
      steps: [
        { id: "dprobs", points: 1 },
        { id: "dcounts", points: 1 },
      ],
      seed: null,
      submissions: ["ada", "bob", "eve", "lin", "max", "zoe"],
      missing: [],
    });
  });

  it("is not graded again where nothing has changed; new points and a roster need no grading", async () => {
    const before = bytesIn("results");
    expect((await grade("results")).stdout).toContain("0 graded, 4 unchanged");
    expect(bytesIn("results")).toEqual(before);
    writeFileSync(there("points.json"), '{ "dprobs": 5, "dcounts": 1 }');
    writeFileSync(there("roster.csv"), "id,name\nada,Ada L\nnobody,No Body\n");
    const { stdout } = await grade("results", "--points", there("points.json"), "--roster", there("roster.csv"));
    expect(stdout).toContain("0 graded, 4 unchanged");
    expect(stdout).toContain("1 on the roster handed nothing in: No Body");
    // nobody's points change in silence
    const said = stdout.replaceAll(/\s+/g, " ");
    expect(said).toContain("2 submissions with other points than before:");
    expect(said).toContain("Ada L (ada): 2 of 2 before, 6 of 6 now (other points)");
    expect(record("results", "ada")).toMatchObject({
      points: { earned: 6, possible: 6 },
      submission: { people: [{ id: "ada", name: "Ada L" }] },
    });
    expect((await grade("results")).stdout).toContain("0 graded, 4 unchanged");
    expect(bytesIn("results")).toEqual(before);
  });

  it("grades what has changed, and says whose points changed", async () => {
    write(there("class", "bob"), { [dprobs.file]: solutionOf(dprobs)! });
    const { stdout } = await grade("results");
    expect(stdout).toContain("bob: 0 before, 1 now (dprobs)");
    expect(stdout).toContain("1 graded, 3 unchanged");
    write(there("class", "bob"), learners["bob"]!);
    await grade("results");
  });

  it("gives the same bytes in shards as whole", async () => {
    for (const index of [1, 2, 3]) expect((await grade("shards", "--shard", `${index}/3`)).status).toBe(0);
    expect(bytesIn("shards")).toEqual(bytesIn("results"));
  });

  it("has other cases for a seed, the same for everybody, and says so in each result", async () => {
    await grade("seeded", "--seed", "exam");
    const { seed, summary, submission } = record("seeded", "ada");
    expect({ seed, passed: summary.passed }).toEqual({ seed: "exam", passed: 2 });
    expect(submission.key).not.toBe(record("results", "ada").submission.key);
    // the cases are shared by those that one grader grades, and these differ
    for (const index of [1, 2, 3]) await grade("seeded-shards", "--seed", "exam", "--shard", `${index}/3`);
    expect(bytesIn("seeded-shards")).toEqual(bytesIn("seeded"));
  });
});

describe("a class that is stopped", () => {
  const options = ["--jobs", "2", "--untrusted=best-effort"];
  const command = (out: string): string[] =>
    [path.join(graderFolder, "start.cjs"), "class", there("class"), "dcounts", "dprobs", "--out", there(out)].concat(
      options,
    );
  const run = (out: string, whenThere?: (kill: (signal: NodeJS.Signals) => void) => void) =>
    new Promise<{ status: number | null; stdout: string }>((resolve) => {
      const child = spawn(process.execPath, command(out), { stdio: ["ignore", "pipe", "inherit"] });
      let stdout = "";
      child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
      child.on("close", (status) => resolve({ status, stdout }));
      whenThere?.((signal) => child.kill(signal));
    });
  /** Waits until a result is there. */
  const oneIn = (out: string): Promise<unknown> =>
    expect.poll(() => existsSync(there(out)) && readdirSync(there(out)).length, { interval: 5 }).toBeGreaterThan(3);

  it("leaves no half result, says that it is worth trying again, and ends with the same bytes", async () => {
    const stopped = await run("stopped", (kill) => void oneIn("stopped").then(() => kill("SIGTERM")));
    // it may have been done by then
    if (stopped.status !== 0) {
      expect(stopped.status).toBe(3);
      expect(stopped.stdout).toContain("the same command again grades them");
    }
    for (const text of Object.values(bytesIn("stopped"))) expect(() => JSON.parse(text) as unknown).not.toThrow();
    await run("stopped", (kill) => void oneIn("stopped").then(() => kill("SIGKILL")));
    expect((await run("stopped")).status).toBe(0);
    expect(bytesIn("stopped")).toEqual(bytesIn("results"));
  });

  it("leaves nothing that the same command does not remove, whichever file it wrote", async () => {
    const killer = there("killer.cjs");
    writeFileSync(
      killer,
      `const fs = require("node:fs");
      const { renameSync } = fs;
      let left = Number(process.env.FILES_LEFT);
      fs.renameSync = (from, to) => {
        if (to.startsWith(${JSON.stringify(there("killed"))}) && left-- === 0) process.kill(process.pid, "SIGKILL");
        renameSync(from, to);
      };
      require("node:module").syncBuiltinESMExports();`,
    );
    const alone = await grade("alone", "--shard", "1/2");
    expect(alone.status).toBe(0);
    for (const [i, name] of Object.keys(bytesIn("alone")).entries()) {
      rmSync(there("killed"), { recursive: true, force: true });
      const args = ["--require", killer, ...command("killed"), "--shard", "1/2"];
      const env = { ...process.env, FILES_LEFT: String(i) };
      expect(spawnSync(process.execPath, args, { env }).signal, name).toBe("SIGKILL");
      expect(
        readdirSync(there("killed")).filter((file) => file.endsWith(".part")),
        name,
      ).toHaveLength(1);
      expect((await grade("killed", "--shard", "1/2")).status).toBe(0);
      expect(bytesIn("killed"), name).toEqual(bytesIn("alone"));
    }
  });

  it("lets another shard write: what that has begun stays", async () => {
    mkdirSync(there("begun"));
    const [mine, others] = ["class.json.all-abcd.part", "class.json.2_of_2-abcd.part"] as const;
    for (const name of [mine, others]) writeFileSync(there("begun", name), "{");
    expect((await grade("begun")).status).toBe(0);
    expect(readdirSync(there("begun")).filter((name) => name.endsWith(".part"))).toEqual([others]);
  });
});

describe("a class that cannot be graded", () => {
  it.each<[string[], string]>([
    [[], "class needs what was handed in"],
    [["nowhere"], "cannot be read"],
    [["empty"], "is empty"],
    [["others"], "holds no submission"],
    [["class/zoe.zip"], "is no zip"],
    [["class", "dcount"], 'no step "dcount"'],
    [["class", "--jobs", "0"], "--jobs 0"],
    [["class", "--shard", "3/2"], "--shard 3/2"],
    [["class", "--id-pattern", "("], "--id-pattern"],
    [["class", "--id-pattern", "(?<who>.)"], "no group id"],
    [["class", "--roster", "class/lin/notes.txt"], "no column"],
    [["class", "--points", "class/lin/notes.txt"], "no JSON"],
    [["class", "--out", "class/zoe.zip/results"], "cannot be created"],
    [["class", "--untrusted=maybe"], "--untrusted=maybe"],
  ])("%j: one line says why", async (args, why) => {
    mkdirSync(there("empty"), { recursive: true });
    write(there("others"), { "syllabus.pdf": "" });
    const { status, stderr } = await dojo(
      ["class", ...args, ...(args.includes("--untrusted=maybe") ? [] : ["--untrusted=best-effort"])],
      folder,
    );
    expect(status).toBe(2);
    expect(stderr).toContain(why);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("for want of room or of processes ends with what to do, and leaves the rest for another time", async () => {
    const full = Object.assign(new Error("no space"), { code: "ENOSPC", syscall: "write", path: "results/ada.json" });
    const grader: Grader = { grade: () => Promise.reject(full), close() {} };
    const submission = { people: [], source: "folder", received: null, late: false } as const;
    const open = Array.from({ length: 9 }, (_, i) => ({
      submission: { ...submission, people: [], id: `s${i}` },
      files: [{ path: dcounts.file, read: () => Promise.resolve(Buffer.from("x")) }],
    }));
    const common = {
      steps: [dcounts],
      points: new Map(),
      key: { steps: [], seed: undefined, box: "plain", sha256: "" },
    };
    const results = { read: () => undefined, write: () => {} };
    const quiet = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const outcome = await gradeAll(
      open,
      { ...common, results } as never,
      [grader],
      () => {},
      () => process.exit(),
    );
    quiet.mockRestore();
    expect(outcome.failures).toHaveLength(3);
    expect(outcome.failures[0]).toMatchObject({
      submission: { id: "s0" },
      why: expect.stringContaining("the disk is full") as string,
    });
    expect(outcome).toMatchObject({ graded: 0, left: 6 });
  });
});
