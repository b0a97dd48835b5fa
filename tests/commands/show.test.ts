import { mkdirSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { spawn } from "@lydell/node-pty";
import { describe, expect, it, vi } from "vitest";
import { savePicture } from "../../grader/commands/picture.ts";
import { jsonReport } from "../../grader/report/json.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { gradeTree } from "../../grader/runner/grade.ts";
import { projectRoot, solutionsFolder } from "../../grader/runner/project.ts";
import { dojo } from "./in-process.ts";
import { problemOfXml } from "../report/xml.ts";
import { exercise, stepOf, withFolder } from "../trees.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";
import { expectRefusal } from "./refusal.ts";

vi.mock("../../grader/runner/project.ts", async (original) => (await import("./in-process.ts")).inWorkspace(original));

const FILE = "1-step-by-step/08-dlogits.ts";
const DOUBLED = exercise("dlogits", "return given.dnorm_logits.mul(2);");

describe("grade --show", () => {
  it("draws your gradient, the reference and the difference above the report", async () => {
    const { stdout, status, stderr } = await dojo(["grade", "dlogits", "--show", "--from", "solutions"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^8 dlogits, the gradient of logits on the lecture's batch\n/);
    // the label of the lecture's first example is h, and its row is dark in that column
    expect(stdout.match(/ 0 h [+.]{8}#[+.]{18}/g)).toHaveLength(2);
    expect(stdout).toContain("difference, yours - reference");
    expect(stdout).toContain("0 everywhere");
    expect(stdout).toContain("yours: every row sums to 0, within rounding");
    expect(stdout).toMatch(/\n 8 {2}dlogits .*exact: true[^]*1 of 1 passed\n$/);
    expect(
      Math.max(
        ...stdout
          .split("\n\n 8  ")[0]!
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
  });

  it("draws each named step, also if it is wrong or has no answer", async () => {
    const files = { [FILE]: DOUBLED, "1-step-by-step/14-dbnbias.ts": exercise("dbnbias", "return given.dhpreact;") };
    await withFolder(files, async (folder) => {
      const { stdout, status } = await dojo(["grade", "7", "8", "14", "train", "--show", "--from", folder]);
      expect(status).toBe(1);
      expect(stdout).toMatch(
        /7 dlogit_maxes, [^]*yours +reference \[32, 1\][^]*\n {2}missing: there is no tensor to draw/,
      );
      expect(stdout).toMatch(/8 dlogits, [^]*yours \[32, 27\]/);
      expect(stdout).toMatch(/14 dbnbias, [^]*\[32, 64\] and \[1, 64\] do not match element by element/);
      expect(stdout).toContain("train: not drawn; --show draws a single gradient, and this is a loop");
    });
  });

  it("shows the numbers of a warm-up: yours, the reference and the difference", async () => {
    const files = { [stepOf("dcolumn").file]: exercise("dcolumn", "return given.dgrid.sum(1, true).mul(2);") };
    await withFolder(files, async (folder) => {
      const { stdout } = await dojo(["grade", "dcolumn", "--show", "--from", folder]);
      const dgrid = stepOf("dcolumn") as FunctionStep;
      const sums = (dgrid.example!["dgrid"] as number[][]).map((row) => row.reduce((sum, x) => sum + x, 0));
      const row = (numbers: readonly number[]): string => numbers.map((x) => ` *${x}`).join("");
      expect(stdout).toMatch(
        /^0\.6 dcolumn, the gradient of column on the lesson's numbers\na column, drawn on its side\n\nyours/,
      );
      expect(stdout).toMatch(new RegExp(`${row(sums.map((x) => 2 * x))}${row(sums)}${row(sums)}\n`));
    });
  });

  it("shows the rounding of a fused step's difference as such", async () => {
    const close = "return given.dc.mul(1 + 2 ** -23);";
    await withFolder({ "0-warm-ups/01-da.ts": exercise("da", close) }, async (folder) => {
      const { stdout } = await dojo(["grade", "da", "--show", "--from", folder]);
      expect(stdout).toMatch(/difference[^]*~0 +~0 +~0\n[^]*~0 is rounding/);
    });
  });

  it("draws what a trap returns, which is no gradient", async () => {
    const { stdout } = await dojo(["grade", "gap", "5.2", "--show", "--from", "solutions"]);
    expect(stdout).toMatch(/^5\.1 gap on the lecture's batch\n/);
    expect(stdout).toMatch(/\n5\.2 dpredicted on the lesson's numbers\n/);
  });

  it("draws the random numbers that fail if the lecture's batch does not", async () => {
    await withFolder({ [FILE]: exercise("dlogits", "return given.dnorm_logits.clone();") }, async (folder) => {
      const { stdout } = await dojo(["grade", "dlogits", "--show", "--from", folder]);
      expect(stdout).toMatch(
        /^8 dlogits, the gradient of logits on small numbers with n = 2, vocab = 3;\s+right on the lecture/,
      );
      // the branch that is missing is as large as the gradient, not rounding
      expect(stdout).toMatch(/difference, yours - reference\n[^\n]* 0 +-10 +0\n/);
      expect(stdout).not.toContain("sums to 0");
    });
  });

  it("compares with PyTorch's gradients if they are the reference", async () => {
    const { stdout } = await dojo(["grade", "dh", "--show", "--reference", "torch", "--from", "solutions"]);
    expect(stdout).toContain("reference [32, 64] by PyTorch");
  });

  it("does not change the JSON document and its steps", async () => {
    const names = readNames(shippedNames);
    const asked = { root: solutionsFolder, steps: [stepOf("dh")], names, reference: "ours" } as const;
    const [kept] = await gradeTree({ ...asked, keepGradients: true });
    expect(kept!.gradient!.answer!.shape).toEqual([32, 64]);
    expect((await gradeTree(asked))[0]).not.toHaveProperty("gradient");
    const about = { grader: "1.2.3", node: "20", data: { names: "", sha256: "" } };
    expect(JSON.parse(jsonReport([kept!], about)).steps[0]).not.toHaveProperty("gradient");
  });
});

/** Runs a command, reports its end, and waits until that has been read: a terminal that closes loses unread output. */
const RUN_AND_STAY = `
  require("node:child_process").spawnSync(process.execPath, process.argv.slice(1), { stdio: "inherit" });
  process.stdout.write("(done)");
  process.stdin.resume();
`;

/** What a terminal of 80 columns receives. */
function inTerminal(args: string[], env: Record<string, string>): Promise<string> {
  return new Promise((resolve) => {
    const { PATH = "", HOME = "" } = process.env;
    const start = path.join(projectRoot, "grader/start.cjs");
    const terminal = spawn(process.execPath, ["-e", RUN_AND_STAY, start, ...args], {
      cols: 80,
      rows: 60,
      cwd: projectRoot,
      env: { PATH, HOME, INIT_CWD: projectRoot, ...env },
    });
    let received = "";
    terminal.onData((data) => {
      received += data;
      if (received.endsWith("(done)")) terminal.kill();
    });
    terminal.onExit(() => resolve(received.replace("(done)", "")));
  });
}

describe("in a terminal", () => {
  const args = ["grade", "dlogits", "--show", "--from", "solutions"];

  it("uses 24-bit colors if COLORTERM says so, and 256 colors otherwise", async () => {
    const full = await inTerminal(args, { TERM: "xterm-256color", COLORTERM: "truecolor" });
    expect(full).toMatch(/\[38;2;\d+;\d+;\d+;48;2;/);
    const some = await inTerminal(args, { TERM: "xterm-256color" });
    expect(some).toMatch(/\[38;5;\d+;48;5;/);
    expect(some).not.toContain("38;2;");
    for (const text of [full, some]) {
      // every line resets its colors
      for (const line of text.split(/\r?\n/).filter((line) => line.includes("▀")))
        expect(line.endsWith("\u001b[0m")).toBe(true);
      const lines = stripVTControlCharacters(text).split(/\r?\n/);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    }
  });

  it("uses no colors under NO_COLOR or in a dumb terminal", async () => {
    const terminals: Record<string, string>[] = [
      { TERM: "xterm-256color", COLORTERM: "truecolor", NO_COLOR: "1" },
      { TERM: "dumb" },
    ];
    for (const env of terminals) {
      const text = await inTerminal(args, env);
      expect(text).not.toContain("\u001b");
      expect(text).toMatch(/^ 0 h [+.]{8}#/m);
    }
  });
});

describe("grade --save", () => {
  it("writes an SVG of the three drawings over an older one, and no other file", async () => {
    await withFolder({ [FILE]: DOUBLED, "out/old.SVG": "old" }, async (folder) => {
      const out = path.join(folder, "out");
      for (const name of ["new.svg", "old.SVG"]) {
        const file = path.join(out, name);
        const { stdout, status } = await dojo(["grade", "dlogits", "--save", file, "--from", folder]);
        expect(status).toBe(1); // the step is wrong; the picture is written nevertheless
        expect(stdout).toContain(`saved: ${file}\n`);
        expect(stdout).not.toContain("▀");
        const text = readFileSync(file, "utf8");
        expect(problemOfXml(text)).toBeUndefined();
        expect(text).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^]*yours \[32, 27\][^]*<\/svg>\n$/);
      }
      expect(readdirSync(out).sort()).toEqual(["new.svg", "old.SVG"]);
    });
  });

  it("is refused before grading if the file is not an SVG, or would overwrite something else", async () => {
    await withFolder({ "notes.txt": "mine", [FILE]: DOUBLED }, async (folder) => {
      mkdirSync(path.join(folder, "folder.svg"));
      symlinkSync(path.join(folder, "notes.txt"), path.join(folder, "link.svg"));
      const table: [name: string, message: RegExp][] = [
        ["picture.png", /pictures are saved as \.svg, which every browser opens, not as \.png; give a name that ends/],
        ["notes.txt", /not as \.txt/],
        ["picture", /pictures are saved as \.svg, which every browser opens; give a name/],
        ["folder.svg", /is a folder; name a file in it that ends in \.svg/],
        ["link.svg", /exists and is not a regular file; choose another name/],
        ["nowhere/picture.svg", /there is no folder .*nowhere; create it first/],
      ];
      for (const [name, message] of table) {
        const before = readdirSync(folder).sort();
        const run = await dojo(["grade", "dlogits", "--save", path.join(folder, name), "--from", folder]);
        expect({ status: run.status, stdout: run.stdout }, name).toEqual({ status: 2, stdout: "" });
        expect(run.stderr).toMatch(message);
        expect(run.stderr.trimEnd().split("\n")).toHaveLength(1);
        expect(readdirSync(folder).sort()).toEqual(before);
      }
      expect(readFileSync(path.join(folder, "notes.txt"), "utf8")).toBe("mine");
    });
  });

  it("overwrites no other file while it is written, whatever its name", async () => {
    await withFolder({ "a.svg.part": "mine", [FILE]: DOUBLED }, async (folder) => {
      const file = path.join(folder, "a.svg");
      await dojo(["grade", "dlogits", "--save", file, "--from", folder]);
      expect(readFileSync(file, "utf8")).toMatch(/^<svg /);
      expect(readFileSync(`${file}.part`, "utf8")).toBe("mine");
    });
  });

  it("reports a failure to write, and leaves no half-written file", async () => {
    await withFolder({ "late.svg/full": "a folder that came while the step was graded" }, (folder) => {
      const drawing = { title: "", panels: [], axes: [], remarks: [], isTable: false };
      expect(() => savePicture(path.join(folder, "late.svg"), drawing)).toThrow(
        /late\.svg: cannot be written \(E[A-Z]+\)/,
      );
      expect(readdirSync(folder)).toEqual(["late.svg"]);
      return Promise.resolve();
    });
  });
});

describe("--show and --save are refused", () => {
  const table: [args: string[], message: RegExp][] = [
    [["dlogits", "--show", "--json"], /--show and --json: JSON holds no drawings/],
    [["dlogits", "--save", "a.svg", "--json"], /--save and --json: JSON holds no drawings/],
    [["--show"], /--show of which step\? name it, as in npm run grade -- dcounts --show/],
    [["--save", "a.svg"], /--save of which step\? name it, as in npm run grade -- dcounts --save dcounts\.svg/],
    [["train", "--show"], /train is a loop: name another step/],
    [["dlogits", "dh", "--save", "a.svg"], /--save a\.svg: saves the picture of one step, and 2 are named/],
    [["dlogits", "--save"], /argument missing|ambiguous/],
  ];
  for (const [args, message] of table) {
    it(args.join(" "), async () => {
      expectRefusal(await dojo(["grade", ...args]), message);
    });
  }
});
