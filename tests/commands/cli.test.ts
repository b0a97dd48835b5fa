import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { dojo as start, withCopy } from "../copies.ts";
import { dojo, withWorkspace } from "./in-process.ts";
import { steps as allSteps } from "../../grader/course/steps.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { exercise, withFolder } from "../trees.ts";
import { expectRefusal } from "./refusal.ts";

vi.mock("../../grader/runner/project.ts", async (original) => (await import("./in-process.ts")).inWorkspace(original));

const steps = (stdout: string): string[] =>
  stdout
    .split("\n")
    .filter((line) => /^[ \d][\d.]+ +\S/.test(line))
    .map((line) => line.slice(4, 20).trim());

describe("grade", () => {
  it("accepts names, numbers, parts and files, several at once, and grades them in the course's order", async () => {
    const { stdout, status } = await dojo([
      "grade",
      "2.1",
      "solutions/1-step-by-step/05-dcounts.ts",
      "2",
      "3-fused-batchnorm",
      "--from",
      "solutions",
    ]);
    expect(steps(stdout)).toEqual(["dprobs", "dcounts", "fused-dlogits", "fused-dhprebn"]);
    expect(status).toBe(0);
  });

  it("accepts a part by its number, and steps separated by commas", async () => {
    const { stdout } = await dojo(["grade", "db,da", "part3", "--from", "solutions"]);
    expect(steps(stdout)).toEqual(["da", "db", "fused-dhprebn"]);
  });

  it("names the next step if only some steps are graded and they pass", async () => {
    await withWorkspace(async (root) => {
      const file = "0-warm-ups/02-db.ts";
      writeFileSync(path.join(root, "exercises", file), readFileSync(path.join(root, "solutions", file)));
      expect((await dojo(["grade", "db"])).stdout).toMatch(
        /\n1 of 1 passed\nother correct forms: .*\nnext: open exercises\/0-warm-ups\/03-dy\.ts\nlesson: .*\/README\.md#3-dy-a-product\n$/,
      );
    });
  });

  it("announces a part when its first step is next, and says which step a part's number names", async () => {
    await withWorkspace(async (root) => {
      const solve = (part: number): void => {
        for (const { file } of allSteps.filter((step) => step.part === part))
          writeFileSync(path.join(root, "exercises", file), readFileSync(path.join(root, "solutions", file)));
      };
      solve(2);
      const { stdout } = await dojo(["grade", "2.1"]);
      expect(stdout).toMatch(/\nnext: open .*dhprebn\.ts\npart 3 begins: exercises\/3-fused-batchnorm\/README\.md\n$/);
      // the next step is in part 3
      expect((await dojo(["grade", "3"])).stdout).toMatch(
        /^step 3 is dcounts_sum_inv; part 3 is part3\n\n 3 {2}dcounts_/,
      );
      expect((await dojo(["grade", "4"])).stdout).toMatch(/^ 4 {2}dcounts_sum/);
      expect((await dojo(["grade", "3.1"])).stdout).toMatch(/^3\.1 fused-dhprebn/);
      expect((await dojo(["grade", "0"])).stderr).toContain("part 1 has steps 1 to 26; part 0 is part0");
    });
  });

  it("--untrusted refuses without bubblewrap, and says what to install, and what grading without it risks", async () => {
    const before = process.env["PATH"];
    process.env["PATH"] = path.dirname(process.execPath) === "/usr/bin" ? "/nowhere" : path.dirname(process.execPath);
    const { status, stderr } = await dojo(["grade", "--untrusted", "--from", "solutions"]);
    process.env["PATH"] = before;
    expect(status).toBe(2);
    expect(stderr).toMatch(/apt-get install bubblewrap.*--untrusted=best-effort grades without it: then .*network/);
  });

  it("--untrusted=best-effort grades without it", async () => {
    const { status } = await dojo(["grade", "dprobs", "--untrusted=best-effort", "--from", "solutions"]);
    expect(status).toBe(0);
    expect(await dojo(["grade", "--untrusted=maybe"])).toMatchObject({ status: 2 });
  });

  it("exits with 1 if a step does not pass", async () => {
    await withFolder({ "1-step-by-step/05-dcounts.ts": "export function dcounts() {}" }, async (folder) => {
      const { status, stdout } = await dojo(["grade", "dcounts", "dprobs", "--from", folder]);
      expect(status).toBe(1);
      expect(stdout).toContain("missing: 1-step-by-step/02-dprobs.ts does not exist");
    });
  });

  it("prints for editors one line per failed step, and one for the next step", async () => {
    const files = {
      "1-step-by-step/01-dlogprobs.ts": exercise("dlogprobs", "return given.logprobs;\n  given.logprobs.nothing;"),
      "1-step-by-step/02-dprobs.ts": exercise("dprobs", 'throw todo("dprobs");'),
      "1-step-by-step/05-dcounts.ts": exercise("dcounts", "given.nothing.add(1);"),
    };
    await withFolder(files, async (folder) => {
      const { stdout, status } = await dojo(["grade", "1", "2", "5", "--lines", "--from", folder]);
      expect(status).toBe(1);
      expect(stdout.replaceAll(folder.replaceAll("\\", "/"), "TREE")).toMatch(
        /^TREE\/1-step-by-step\/01-dlogprobs\.ts:3:1: error: wrong: shape .*; looks like: .*\nTREE\/1-step-by-step\/05-dcounts\.ts:4:17: error: threw: .*\nTREE\/1-step-by-step\/05-dcounts\.ts:4:3: warning: the result of add is not used.*\n0 passed, 2 wrong, 1 not started\n$/,
      );
    });
  });

  it("prints one JSON document and nothing else", async () => {
    const { stdout, stderr, status } = await start(["grade", "--json", "dcounts", "train", "--from", "solutions"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { schema, data, summary } = JSON.parse(stdout);
    expect(schema).toBe("backprop-dojo/result/v1");
    expect(data).toEqual({ names: "data/names.txt", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(summary).toEqual({ passed: 2, failed: 0, notStarted: 0, total: 2 });
  });
});

describe("a command that is started as a user starts it", () => {
  it("ends with its exit status, and prints results and problems separately", async () => {
    const graded = await start(["grade", "dcounts", "--from", "solutions"]);
    expect(graded).toEqual({ status: 0, stdout: expect.stringMatching(/\n1 of 1 passed\n$/), stderr: "" });
    const refused = await start(["grade", "dcount"]);
    expect(refused).toEqual({
      status: 2,
      stdout: "",
      stderr: expect.stringMatching(/^backprop-dojo: there is no step/),
    });
  });

  it("says what to write if npm has taken an option for its own", async () => {
    vi.stubEnv("npm_lifecycle_event", "grade");
    vi.stubEnv("npm_config_check", "true");
    try {
      const { status, stderr } = await dojo(["grade", "dcounts"]);
      expect(status).toBe(2);
      expect(stderr.replaceAll(/\s+/g, " ")).toContain(
        "npm has taken --check for an option of its own: write -- before it, as in npm run grade -- --check",
      );
      // a command that has no such option
      expect((await dojo(["help"])).status).toBe(0);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("says how a value that begins with - is written", async () => {
    const { status, stderr } = await dojo(["train", "--steps", "-5"]);
    expect(status).toBe(2);
    expect(stderr).toContain("--steps has no value; one that begins with - is written --steps=VALUE");
    expect((await dojo(["train", "--steps=-5"])).stderr).toContain("--steps -5: give a whole number from 1");
  });

  it("describes all commands, or only one", async () => {
    const all = await dojo(["help"]);
    expect(all.stdout).toMatch(
      /^Backprop Dojo \d+\.\d+\.\d+\n\n {2}grade \[step[^]*\n {2}parity [^]*\nExit status: 0 /,
    );
    const one = await dojo(["help", "play"]);
    expect(one).toMatchObject({ status: 0, stdout: (await dojo(["play", "--help"])).stdout });
    expect(one.stdout).toContain("Opens a REPL");
    expect(one.stdout).not.toContain("Asks two or three questions");
    expect((await dojo(["help", "shine"])).stderr).toContain('there is no command "shine"');
    const { stdout } = await dojo(["hint", "--help"]);
    expect(stdout).toMatch(/^Backprop Dojo .*\n\n {2}hint \[step\]/);
    expect(stdout).not.toContain("parity");
  });
});

it("every command of the README's table describes itself, as the table says", async () => {
  const readme = readFileSync(path.join(projectRoot, "README.md"), "utf8");
  const names = new Set([...readme.matchAll(/^\| `npm run ([a-z]+)/gm)].map(([, name]) => name!));
  expect(names.size).toBeGreaterThan(15);
  for (const name of names) {
    const described = name === "bench" ? await start([name, "--help"]) : await dojo([name, "--help"]);
    expect(described.status, name).toBe(0);
    expect(described.stdout, name).toMatch(name === "help" ? /^Backprop Dojo/ : new RegExp(`^ *${name}( |$)`, "m"));
  }
});

it("every command has a script, and every script that starts the grader has a command", async () => {
  const { stderr } = await dojo(["shine"]);
  const commands = /there are (.+)$/m.exec(stderr)![1]!.split(", ");
  const { scripts } = JSON.parse(readFileSync(path.join(projectRoot, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const started = Object.keys(scripts).filter((name) => scripts[name] === `node grader/start.cjs ${name}`);
  expect(started.filter((name) => !["bench", "help"].includes(name)).sort()).toEqual(commands.sort());
});

describe("a request that cannot be met exits with 2 and one clear line", () => {
  const table: [args: string[], message: RegExp][] = [
    [["grade", "dcount"], /there is no step "dcount"; did you mean dcounts\? \(a step is a name/],
    [["grade", "exercises/1-step-by-step/5-dcounts.ts"], /did you mean dcounts\?/],
    [["grade", "nothing"], /a number from 1 to 26, 0\.1 to 0\.\d+, 2\.1, 3\.1, 4\.1/],
    [["grade", "99"], /there is no step "99": part 1 has steps 1 to 26$/m],
    [["lab", "0.99"], /there is no step "0\.99": part 0 has steps 0\.1 to 0\.\d+$/m],
    [["reset", "2.2"], /there is no step "2\.2": part 2 has one step, 2\.1$/m],
    [["diff", "9.1"], /there is no part 9: the parts go from 0 to \d$/m],
    [["mistakes", "part9"], /there is no part 9/],
    [["hint", "1.5"], /there is no step "1\.5"; did you mean 5\?$/m],
    [["grade", "1-99"], /there is no step "99": part 1 has steps 1 to 26$/m],
    [["grade", "0-3"], /there is no step "0": part 1 has steps 1 to 26; part 0 is part0$/m],
    [["hint", "8-1"], /the range 8-1 runs backwards: write 1-8$/m],
    [["list", "0.5-0.2"], /the range 0\.5-0\.2 runs backwards: write 0\.2-0\.5$/m],
    [["grade", "1..8"], /a range such as 1-8/],
    [["list", "99"], /there is no step "99": part 1 has steps 1 to 26$/m],
    [["grade", "--from", "nowhere"], /--from nowhere: there is no such folder/],
    [["grade", "--reference", "numpy"], /--reference numpy: choose "ours" or "torch"/],
    [["grade", "--jsno"], /Unknown option '--jsno'; did you mean --json\? --help lists the options/],
    [["class", "x", "--output", "y"], /: --output goes with another form of this command; --help lists the options/],
    [["grade", "--from"], /Option '--from <value>' argument missing; --help lists the options/],
    [["grade", "--data", "nowhere.txt"], /nowhere\.txt: cannot be read \(ENOENT\)/],
    [
      ["grade", "train", "--from", "solutions", "--data", "LICENSE"],
      /LICENSE:1:4: expected a name in the letters a to z, found " "/,
    ],
    [["train", "--steps", "many"], /--steps many: give a whole number from 1/],
    [["reset"], /reset what\?/],
    [["shine"], /there is no command "shine"; there are grade, /],
    [["play", "dcount"], /there is no step "dcount"; did you mean dcounts\?/],
    [["play", "part1"], /play takes one step, and part1 has 26; name one, such as dlogprobs$/m],
    [["play", "dcounts", "db"], /play takes one step or one file/],
    [["play", "nowhere.ts"], /there is no file nowhere\.ts; play\/ has example\.ts$/m],
    [["play", "exercises/nowhere.ts"], /there is no file exercises\/nowhere\.ts/],
    [["play", "dcounts", "--once"], /--once runs a file once/],
    [["debug"], /debug which step\? name one, such as dcounts/],
    [["debug", "5", "6"], /debug takes one step/],
    [["debug", "part0"], /debug takes one step, and part0 has \d+; name one, such as/],
    [["debug", "dcounts", "--port", "http"], /--port http: give a port's number, such as 9230/],
  ];
  for (const [args, message] of table) {
    it(args.join(" "), async () => {
      expectRefusal(await dojo(args), message);
    });
  }
});

it("play refuses a folder, and a file that cannot import #tensor where it is", async () => {
  await withWorkspace(async (root) => {
    // the workspace itself is outside the course's folder
    mkdirSync(path.join(root, "play/folder.ts"), { recursive: true });
    writeFileSync(path.join(root, "play/outside.ts"), "");
    for (const [name, message] of [
      ["folder.ts", /folder\.ts is no file/],
      ["outside.ts", /outside\.ts is outside the course's folder, where #tensor cannot be imported; copy it to play\//],
    ] as const) {
      expect(await dojo(["play", name])).toMatchObject({
        status: 2,
        stdout: "",
        stderr: expect.stringMatching(message),
      });
    }
  });
});

describe("reset and check, in a learner's copy", () => {
  it("reset restores the stub and keeps every old file next to it", async () => {
    await withWorkspace(async (root) => {
      const file = path.join(root, "exercises/1-step-by-step/05-dcounts.ts");
      const solved = readFileSync(path.join(root, "solutions/1-step-by-step/05-dcounts.ts"), "utf8");
      for (const text of [solved, `${solved}// again\n`]) {
        writeFileSync(file, text);
        expect((await dojo(["reset", "dcounts"])).stdout).toMatch(
          /05-dcounts\.ts: reset; yours is kept as 05-dcounts\.ts\.old/,
        );
        expect(readFileSync(file, "utf8")).toContain('throw todo("dcounts")');
      }
      expect(readFileSync(`${file}.old`, "utf8")).toBe(solved);
      expect(readFileSync(`${file}.old-2`, "utf8")).toBe(`${solved}// again\n`);
      expect((await dojo(["reset", "5"])).stdout).toMatch(/is the stub already/);
    });
  });

  it("check passes whatever is in exercises/; with --stubs it says what differs from the stubs", async () => {
    await withCopy(async (root) => {
      await start(["reset", "--all"], root);
      writeFileSync(path.join(root, "exercises/1-step-by-step/05-dcounts.ts"), "not even TypeScript");
      writeFileSync(path.join(root, "exercises/notes.ts"), "");
      const plain = await start(["check"], root);
      expect(plain.stdout).toMatch(/ok {4}all \d+ solutions pass\nok {4}all \d+ stubs are not started\n$/);
      expect(plain.status).toBe(0);
      const strict = await start(["check", "--stubs"], root);
      expect(strict.status).toBe(1);
      expect(strict.stdout).toMatch(/exercises\/notes\.ts belongs to no step/);
      expect(strict.stdout).toMatch(/05-dcounts\.ts is not the stub; npm run reset -- dcounts writes it/);
    });
  });

  it("check names a solution that is wrong, lacks its markers, or belongs to no step", async () => {
    await withCopy(async (root) => {
      const file = path.join(root, "solutions/1-step-by-step/05-dcounts.ts");
      const right = readFileSync(file, "utf8");
      writeFileSync(file, right.replace(".add(", ".sub("));
      writeFileSync(path.join(root, "exercises/1-step-by-step/pictures/graph-dark.svg"), "<svg/>");
      const wrong = await start(["check"], root);
      expect(wrong.stdout).toMatch(
        /WRONG the lessons' pictures are up to date\n .*graph-dark\.svg is not what .*--draw/,
      );
      expect(wrong.stdout).toMatch(/WRONG all \d+ solutions pass\n +solutions\/1-step-by-step\/05-dcounts\.ts: wrong:/);
      writeFileSync(file, right.replace("// end of solution", ""));
      writeFileSync(path.join(root, "solutions/extra.ts"), "");
      const { stdout, status } = await start(["check"], root);
      expect(status).toBe(1);
      expect(stdout).toMatch(/05-dcounts\.ts: expected one "\/\/ solution"/);
      expect(stdout).toMatch(/solutions\/extra\.ts belongs to no step/);
    });
  });
});
