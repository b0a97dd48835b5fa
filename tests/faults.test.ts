import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { transform } from "esbuild";
import { describe, expect, it, vi } from "vitest";
import { graderFolder, projectRoot } from "../grader/runner/project.ts";
import { readChecked, readCheckedBytes } from "../grader/runner/whole.mjs";
import { dojo, withCopy, withNewCopy, type Run } from "./copies.ts";
import { sampled } from "./sample.ts";
import { exercise, withFolder, withTemporary } from "./trees.ts";

/** Most of these tests run many commands, one after another, on copies of the course. */
vi.setConfig({ testTimeout: 180_000 });

const isPosix = process.platform !== "win32";
const CACHE = "node_modules/.cache/backprop-dojo";
const GRADE = ["grade", "dprobs", "--from", "solutions"];

/** One line that says what to do, and exit status 2: no trace, no verdict. */
function expectLine({ status, stdout, stderr }: Run, line: RegExp): void {
  expect({ status, stdout }, stderr).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(line);
  expect(stderr).not.toMatch(/please report|^\s+at /m);
  expect(stderr.trimEnd().split("\n"), stderr).toHaveLength(1);
}

async function expectPassed(run: Promise<Run>): Promise<Run> {
  const done = await run;
  expect({ status: done.status, stderr: done.stderr }, done.stdout).toEqual({ status: 0, stderr: "" });
  return done;
}

describe("a cache", () => {
  it("that cannot be written is not needed for grading or for notes, and is tried again every time", async () => {
    await withNewCopy(async (root) => {
      // as in a checkout that is read-only or somebody else's: there is no folder, and none can be created
      writeFileSync(path.join(root, "node_modules/.cache"), "a file");
      for (let i = 0; i < 2; i++) expect((await expectPassed(dojo(GRADE, root))).stdout).toMatch(/\n1 of 1 passed\n/);
      const wrong = exercise("dprobs", "const n: string = 3;\n  return given.dlogprobs.div(given.probs);");
      writeFileSync(path.join(root, "exercises/1-step-by-step/02-dprobs.ts"), wrong);
      expect((await expectPassed(dojo(["grade", "dprobs"], root))).stdout).toMatch(/\n1 of 1 passed\n/);
      await expectPassed(dojo(["list"], root));
    });
  });

  it("that was truncated, emptied or filled with something else is made again without a message", async () => {
    await withNewCopy(async (root) => {
      const file = "exercises/1-step-by-step/02-dprobs.ts";
      const text = exercise("dprobs", "const n: string = 3;\n  return given.dlogprobs.div(given.probs);");
      writeFileSync(path.join(root, file), text);
      // the first pass is said once
      await expectPassed(dojo(["grade", "dprobs"], root));
      const { stdout } = await expectPassed(dojo(["grade", "dprobs"], root));
      expect(stdout).toMatch(/note: 4:9 TS2322/);
      const kept = readdirSync(path.join(root, CACHE)).filter((name) => /\.(cjs|js|json|code)$/.test(name));
      expect(kept.map((name) => name.replace(/[0-9a-f]{16}/, "#")).sort()).toEqual([
        "#.cjs",
        `#.grading-${process.version}-${process.arch}.code`,
        "#.library.js",
        "plain-notes-#.json",
      ]);
      for (const [i, name] of kept.entries()) {
        const whole = readFileSync(path.join(root, CACHE, name));
        const read = name.endsWith(".code") ? readCheckedBytes : readChecked;
        // readChecked finds everything else that can be wrong with it, see tests/runner/whole.test.ts
        const all = [Buffer.from(""), Buffer.from("null"), whole.subarray(0, whole.length / 2)];
        for (const broken of sampled(all, all.length, i % all.length)) {
          writeFileSync(path.join(root, CACHE, name), broken);
          const again = await expectPassed(dojo(["grade", "dprobs"], root));
          expect(again.stdout, `${name}: ${broken.length} bytes`).toBe(stdout);
          expect(read(path.join(root, CACHE, name))).toBeDefined();
        }
      }
    });
  });

  it("keeps the files of the newest sources, and those used within the last hour", async () => {
    await withNewCopy(async (root) => {
      const cache = path.join(root, CACHE);
      mkdirSync(cache, { recursive: true });
      const put = (name: string, hours: number): void => {
        writeFileSync(path.join(cache, name), "");
        const time = new Date(Date.now() - hours * 3_600_000);
        utimesSync(path.join(cache, name), time, time);
      };
      const state = (i: number): string => String(i).repeat(16);
      for (const i of [1, 2, 3, 4, 5]) {
        for (const ending of ["cjs", "cjs.map", "library.js", "other-v20.19.0-x64.code"])
          put(`${state(i)}.${ending}`, 10 * i);
      }
      put(`${state(6)}.cjs`, 0.5);
      // the bundle is in use, so its library stays, although it was made long ago
      put(`${state(7)}.cjs`, 0.6);
      put(`${state(7)}.library.js`, 300);
      put(`${state(8)}.cjs.99-0a1b2c3d.part`, 30);
      put(`types-${state(9)}.json`, 30);
      put("another's file", 3000);
      await dojo(["list"], root);
      const left = readdirSync(cache).filter(
        (name) => !/^[0-9a-f]{16}\.(cjs(\.map)?|.*\.code)$/.test(name) || /^(\d)\1+\./.test(name),
      );
      expect(left.sort()).toEqual([`${state(6)}.cjs`, `${state(7)}.cjs`, `${state(7)}.library.js`, "another's file"]);
    });
  });

  it("has files whose times say that they are in use", async () => {
    await withCopy(async (root) => {
      await dojo(["list"], root);
      const bundle = readdirSync(path.join(root, CACHE)).find((name) => /^[0-9a-f]+\.cjs$/.test(name))!;
      const file = path.join(root, CACHE, bundle);
      utimesSync(file, new Date(0), new Date(0));
      await dojo(["list"], root);
      const { stdout } = spawnSync(process.execPath, ["-p", `fs.statSync(${JSON.stringify(file)}).mtimeMs`], {
        encoding: "utf8",
      });
      expect(Date.now() - Number(stdout)).toBeLessThan(60_000);
    });
  });
});

describe("the grader's identity", () => {
  it("is the same in its bundle and in its sources, and names the cached files", async () => {
    await withCopy(async (root) => {
      writeFileSync(
        path.join(root, "exercises/1-step-by-step/02-dprobs.ts"),
        exercise("dprobs", "return given.dlogprobs.div(given.probs);"),
      );
      await expectPassed(dojo(["grade", "dprobs"], root));
      const { graderIdentity } = await import("../grader/runner/identity.ts");
      const names = readdirSync(path.join(root, CACHE));
      expect(names).toEqual(expect.arrayContaining([`${graderIdentity}.cjs`, `${graderIdentity}.library.js`]));
      expect(JSON.parse(readFileSync(path.join(root, ".progress"), "utf8")).steps.dprobs.last).toMatchObject({
        verdict: "exact",
        grader: graderIdentity,
      });
      // independent of the bundle's name
      expect(readFileSync(path.join(root, CACHE, `${graderIdentity}.cjs`), "utf8")).toContain(`"${graderIdentity}"`);
      writeFileSync(path.join(root, "grader/report/text.ts"), "// changed\n", { flag: "a" });
      expect((await dojo(["list"], root)).stdout).toMatch(/dprobs.*the course has changed since it passed/);
    });
  });
});

describe("an incomplete installation", () => {
  it("is not caused by a checkout: scripts keep their line ends and can be run on every system", () => {
    const git = (...args: string[]): string => spawnSync("git", args, { cwd: projectRoot, encoding: "utf8" }).stdout;
    const scripts = ["grader/runner/esbuild.sh", ".ci/run"];
    expect(
      git("check-attr", "eol", "--", ...scripts)
        .trim()
        .split("\n"),
    ).toEqual(scripts.map((name) => `${name}: eol: lf`));
    expect(
      git("ls-files", "--eol")
        .split("\n")
        .filter((line) => /^i\/(crlf|mixed)/.test(line)),
    ).toEqual([]);
    for (const line of git("ls-files", "-s", "--", ...scripts)
      .trim()
      .split("\n"))
      expect(line).toMatch(/^100755 /);
    // a checkout on Windows
    expect(git("check-attr", "text", "--", "data/torch/lecture.safetensors").trim()).toMatch(/text: unset$/);
  });

  it("says npm ci if nothing is installed, or if a package is missing, even one that only grading needs", async () => {
    await withCopy(async (root) => {
      await expectPassed(dojo(GRADE, root));
      const line =
        /^backprop-dojo: the package \S+ is not installed; run npm ci in the course's folder, then try again$/m;
      // the script contains the package until the next update
      unlinkSync(path.join(root, "node_modules/kleur"));
      await expectPassed(dojo(GRADE, root));
      rmSync(path.join(root, CACHE), { recursive: true });
      expectLine(await dojo(GRADE, root), line);
      rmSync(path.join(root, "node_modules"), { recursive: true });
      for (const args of [GRADE, ["list"], ["help"]]) expectLine(await dojo(args, root), line);
    });
  });

  it("says npm ci if esbuild has no program for this system", async () => {
    await withNewCopy(async (root) => {
      const esbuild = path.join(root, "node_modules/esbuild");
      unlinkSync(esbuild);
      mkdirSync(path.join(esbuild, "lib"), { recursive: true });
      for (const name of ["package.json", "lib/main.js"]) {
        writeFileSync(path.join(esbuild, name), readFileSync(path.join(projectRoot, "node_modules/esbuild", name)));
      }
      unlinkSync(path.join(root, "node_modules/@esbuild"));
      expectLine(
        await dojo(GRADE, root),
        /the package @esbuild\/\S+ is not installed; run npm ci in the course's folder/,
      );
      if (!isPosix) return;
      // the program is another system's if the packages were copied from there
      const program = path.join(root, `node_modules/@esbuild/${process.platform}-${process.arch}/bin/esbuild`);
      mkdirSync(path.dirname(program), { recursive: true });
      writeFileSync(path.join(program, "../../package.json"), "{}");
      writeFileSync(program, "\u007fELF of another system");
      expectLine(await dojo(GRADE, root), /esbuild: permission denied \(EACCES\)/);
      chmodSync(program, 0o755);
      expectLine(await dojo(GRADE, root), /esbuild: the program is for another system \(ENOEXEC\); run npm ci/);
    });
  });

  it("says which Node it needs if an older one runs it", async () => {
    await withFolder({}, async (folder) => {
      for (const [version, isEnough] of [
        ["18.20.8", false],
        ["20.18.3", false],
        ["9.11.2", false],
        ["20.19.0", true],
        ["21.0.0", true],
        ["104.1.0", true],
      ] as const) {
        const stub = path.join(folder, `${version}.cjs`);
        writeFileSync(
          stub,
          `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`,
        );
        const run = await dojo(["list"], projectRoot, [process.execPath, "--require", stub]);
        if (isEnough) expect(run.status, run.stderr).toBe(0);
        else expectLine(run, new RegExp(`Node ${version} is too old; install Node 20\\.19 or later`));
      }
    });
  });

  it("is detected by a file that every Node can read", async () => {
    const text = readFileSync(path.join(graderFolder, "start.cjs"), "utf8");
    const printed = async (target: string): Promise<string> => (await transform(text, { target, format: "cjs" })).code;
    // nothing in it had to be rewritten; only import() is newer, and Node 10 can read it
    const old = (await printed("node10")).replace(
      /Promise\.resolve\(\)\.then\(\(\) => [^;]*require\(("[^"]+")\)\)+/,
      "import($1)",
    );
    expect(old).toBe(await printed("esnext"));
    expect(text).not.toMatch(/^import |require\("node:/m);
  });
});

/** The links by which the tools reach a course whose path they would misread. */
function linksIn(temporary: string): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith("backprop-dojo-"));
}

describe.runIf(isPosix)("a course's folder", () => {
  const names = ['it\'s a*b a\\b [x] {y} (z)! & $HOME `q` "r" 100%25 #1 ? a,b;c:d naïve 日本'];
  it.each(names)("can be called %s", async (name) => {
    const use = async (root: string): Promise<void> => {
      // TypeScript's notes need a file with an error
      const text = exercise("dprobs", "const n: string = 3;\n  return given.dlogprobs.div(given.probs);");
      writeFileSync(path.join(root, "exercises/1-step-by-step/02-dprobs.ts"), text);
      const graded = await expectPassed(dojo(["grade", "dprobs"], root));
      expect(graded.stdout).toMatch(
        /note: 4:9 TS2322.*\n\n1 of 1 passed\nother correct forms: .*\nnext: open exercises\/1-step-by-step\//,
      );
      await expectPassed(dojo(["grade", "dprobs", "--from", path.join(root, "solutions")], root));
      expect((await expectPassed(dojo(["list"], root))).stdout).toMatch(/1 of \d+ passed/);
      expect((await dojo(["hint", "dcounts"], root)).stdout).toMatch(/^dcounts: hint 1 of 3/);
      expect((await expectPassed(dojo(["diff", "dprobs"], root))).stdout).toContain(
        "- yours: exercises/1-step-by-step/02-dprobs.ts",
      );
      const trained = await expectPassed(dojo(["train", "--steps", "5", "--from", "solutions"], root));
      expect(trained.stdout).toMatch(/saved in runs\/\S+: checkpoint/);
      expect((await expectPassed(dojo(["reset", "dprobs"], root))).stdout).toMatch(/kept as 02-dprobs\.ts\.old/);
      expect(readdirSync(root).sort()).toEqual(
        expect.arrayContaining([".progress", "exercises", "grader", "node_modules", "runs"]),
      );
    };
    await withCopy(async (root) => {
      await withTemporary(async (temporary) => {
        await use(root);
        expect(linksIn(temporary)).toEqual([]);
      });
    }, name);
  });

  it.runIf(process.platform === "linux")("with * in its path ends what it started when it ends", async () => {
    await withCopy(async (root) => {
      await withTemporary(async (temporary) => {
        for (const [signal, status] of [
          ["SIGINT", 130],
          ["SIGTERM", 130],
          ["SIGKILL", null],
        ] as const) {
          const start = path.join(root, "grader/start.cjs");
          const args = [start, "train", "--steps", "20000", "--from", "solutions"];
          const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
          await new Promise<void>((resolve) => {
            let text = "";
            child.stdout.on("data", (chunk: Buffer) => {
              text += chunk.toString();
              if (text.includes("step ")) resolve();
            });
          });
          const [grader] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8")
            .split(" ")
            .filter(Boolean);
          child.kill(signal);
          expect(await new Promise((resolve) => child.on("exit", resolve)), signal).toBe(status);
          for (let i = 0; i < 200 && existsSync(`/proc/${grader}/cmdline`); i++)
            await new Promise((resolve) => setTimeout(resolve, 50));
          expect(existsSync(`/proc/${grader}/cmdline`), signal).toBe(false);
          if (signal !== "SIGKILL") expect(linksIn(temporary), signal).toEqual([]);
          rmSync(path.join(root, "runs"), { recursive: true });
        }
      });
    }, "a*b");
  });

  it.each(["a*b a\\b"])("handed in can be called %s", async (name) => {
    await withFolder(
      { [`${name}/1-step-by-step/02-dprobs.ts`]: exercise("dprobs", "return given.dlogprobs.div(given.probs);") },
      async (folder) => {
        const { stdout, status } = await dojo(["grade", "dprobs", "--from", path.join(folder, name)]);
        expect(status, stdout).toBe(0);
      },
    );
  });
});

describe("what the system refuses is reported in one line, and not as a fault of the grader:", () => {
  it("a names file that is too large, endless, a folder, or a link that leads in a circle", async () => {
    await withFolder({ "names.txt": "" }, async (folder) => {
      truncateSync(path.join(folder, "names.txt"), 600_000_000);
      const of = (file: string): Promise<Run> => dojo(["grade", "train", "--from", "solutions", "--data", file]);
      expectLine(await of(path.join(folder, "names.txt")), /is larger than 16 million bytes/);
      expectLine(await of(folder), /cannot be read \(EISDIR\)/);
      if (!isPosix) return;
      expectLine(await of("/dev/zero"), /\/dev\/zero: is larger than 16 million bytes/);
      symlinkSync("loop", path.join(folder, "loop"));
      expectLine(await of(path.join(folder, "loop")), /loop: cannot be read \(ELOOP\)/);
    });
  });

  it("a line of a names file, however long and whatever it contains", async () => {
    const long = "x".repeat(5_000_000);
    const escapes = "\u001b]0;title\u0007\u001b[2J\u001b[31m::error::\u202e\u0085";
    for (const text of [`anna\n${escapes}${long}\n`, `anna\n${long}1\n`, `anna\n${long}\n`]) {
      await withFolder({ "names.txt": text }, async (folder) => {
        const run = await dojo(["train", "--data", path.join(folder, "names.txt")]);
        expectLine(run, /names\.txt:2/);
        expect(run.stderr.length).toBeLessThan(1000);
        expect(run.stderr.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]|::/u);
      });
    }
  });

  it.runIf(isPosix)("paths that contain anything, in any command", async () => {
    const name = "\u001b]0;title\u0007\u001b[2Ka\r\nb  ::error::c";
    await withCopy(async (root) => {
      const folder = path.join(root, name);
      mkdirSync(path.join(folder, "1-step-by-step"), { recursive: true });
      writeFileSync(path.join(folder, "1-step-by-step/02-dprobs.ts"), exercise("dprobs", "return given.probs;"));
      writeFileSync(path.join(folder, "names"), "anna\n");
      const commands = [
        ["grade", "dprobs", "--from", name],
        ["grade", "dprobs", "--lines", "--from", name],
        ["grade", "dprobs", "--json", "--from", name, "--data", `${name}/names`],
        ["grade", "dprobs", "--from", name, "--save", `${name}.svg`],
        ["grade", "dprobs", "--from", `${name}/no`],
        ["grade", "dprobs", "--save", `${name}/no/x.svg`],
        ["grade", name],
        ["grade", `--${name}`],
        ["grade", "--reference", name],
        ["hint", "dprobs", "--from", name],
        ["solution", "dprobs", "--from", name],
        ["diff", "dprobs", "--anyway", "--from", name],
        ["mistakes", "dprobs", "--from", name],
        ["train", "--from", name],
        ["train", "--data", `${name}/names`],
        ["train", "--resume", "--run", name],
        ["lab", "gap", "--from", name],
        ["list", name],
        ["reset", name],
        ["watch", "--lines", "--from", `${name}/no`],
        [name],
      ];
      for (const args of commands) {
        const { stdout, stderr } = await dojo(args, root);
        expect(stdout + stderr, args.join(" ")).not.toBe("");
        for (const line of [...stdout.split("\n"), ...stderr.split("\n")]) {
          expect(line, args.join(" ")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
          if (!args.includes("--json")) expect(line, args.join(" ")).not.toMatch(/::error/);
        }
      }
    });
  });

  it.runIf(isPosix)("circular links instead of folders and files", async () => {
    await withCopy(async (root) => {
      symlinkSync("loop", path.join(root, "loop"));
      expectLine(await dojo(["grade", "--from", "loop"], root), /--from loop: cannot be read \(ELOOP\)/);
      expectLine(
        await dojo(["grade", "dprobs", "--save", "loop/x.svg"], root),
        /loop\S*: its symbolic links form a loop \(ELOOP\); remove/,
      );
      const loops = (file: string): void => {
        rmSync(path.join(root, file), { recursive: true, force: true });
        symlinkSync(path.basename(file), path.join(root, file));
      };
      for (const file of [".progress", ".hints", "exercises/1-step-by-step/02-dprobs.ts"]) loops(file);
      expect((await dojo(["grade", "dprobs"], root)).stdout).toMatch(/missing: .*link/);
      expect((await dojo(["hint", "dcounts"], root)).status).toBe(0);
      loops("runs");
      expectLine(
        await dojo(["train", "--steps", "5", "--from", "solutions"], root),
        /runs\/\S+ cannot be created \(E[A-Z]+\), so the run has not started/,
      );
      loops("solutions/1-step-by-step/02-dprobs.ts");
      expectLine(await dojo(["reset", "dprobs"], root), /02-dprobs\.ts: .*form a loop \(ELOOP\); remove the link/);
      loops("data/torch/lecture.safetensors");
      expectLine(await dojo(["grade", "dcounts"], root), /lecture\.safetensors cannot be read \(ELOOP\); git checkout/);
    });
  });

  it.runIf(existsSync("/dev/full"))("an output that cannot be written", async () => {
    for (const args of [["list"], ["grade", "dprobs", "--from", "solutions"], ["help"]]) {
      const command = `"$0" "$@" > /dev/full`;
      const run = await dojo(args, projectRoot, ["/bin/sh", "-c", command, process.execPath]);
      expectLine(run, /the output cannot be written \(the disk is full\)/);
    }
  });

  const isRoot = process.getuid?.() === 0;
  const somebody = isRoot ? ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"] : [];
  const canBeSomebody = isPosix && spawnSync(somebody[0] ?? "true", [...somebody.slice(1), "true"]).status === 0;
  if (!canBeSomebody)
    console.warn("skipped: no user without rights is available here, so missing permissions are not tested");
  it.runIf(canBeSomebody)("a course that belongs to another user, or that this one may not enter", async () => {
    await withCopy(async (root) => {
      const node = [...somebody, process.execPath];
      chmodSync(path.dirname(root), 0o755);
      for (const name of ["", "node_modules", "exercises/1-step-by-step", "exercises/0-warm-ups"])
        chmodSync(path.join(root, name), 0o555);
      for (let i = 0; i < 2; i++) {
        const graded = await expectPassed(dojo(GRADE, root, node));
        expect(graded.stdout).toMatch(/\n1 of 1 passed\n/);
      }
      expect((await dojo(["grade", "dprobs"], root, node)).stderr).toBe("");
      await expectPassed(dojo(["list"], root, node));
      expect((await dojo(["hint", "dcounts"], root, node)).stdout).toMatch(/\.progress cannot be written \(EACCES\)/);
      expectLine(
        await dojo(["train", "--steps", "5", "--from", "solutions"], root, node),
        /runs\/\S+ cannot be created \(EACCES\), so the run has not started/,
      );
      writeFileSync(path.join(root, "exercises/1-step-by-step/02-dprobs.ts"), "mine");
      expectLine(await dojo(["reset", "dprobs"], root, node), /permission denied \(EACCES\); change its permissions/);
      mkdirSync(path.join(root, "closed/1-step-by-step"), { recursive: true });
      chmodSync(path.join(root, "closed"), isRoot ? 0o700 : 0);
      expectLine(await dojo(["grade", "--from", "closed"], root, node), /closed/);
      expectLine(await dojo(["grade", "--from", "closed/1-step-by-step"], root, node), /cannot be read \(EACCES\)/);
      chmodSync(path.join(root, "solutions"), isRoot ? 0o700 : 0);
      expectLine(await dojo(["reset", "dcounts"], root, node), /solutions\S*: permission denied \(EACCES\)/);
      chmodSync(path.join(root, "grader"), isRoot ? 0o755 : 0o755);
      for (const name of [
        "closed",
        "solutions",
        "",
        "node_modules",
        "exercises/1-step-by-step",
        "exercises/0-warm-ups",
      ])
        chmodSync(path.join(root, name), 0o755);
    });
  });
});

describe("a step's message", () => {
  it("is limited in length, also in JSON", async () => {
    const files = {
      "1-step-by-step/02-dprobs.ts": `const ${"𝒶".repeat(110_000)} = 1; const ${"𝒶".repeat(110_000)} = 2;`,
      "1-step-by-step/05-dcounts.ts": exercise("dcounts", 'throw new Error("😀".repeat(1e4));'),
      "4-training-loop/train.ts": 'export function trainStep(): never { throw new Error("😀".repeat(1e4)); }',
    };
    await withFolder(files, async (folder) => {
      const { stdout } = await dojo(["grade", "dprobs", "dcounts", "train", "--json", "--from", folder]);
      expect(stdout.length).toBeLessThan(20_000);
      for (const { verdict, message } of JSON.parse(stdout).steps) {
        expect(verdict).toBe("threw");
        expect(message.length).toBeGreaterThan(500);
        expect(message.length).toBeLessThanOrEqual(1000);
        expect(message).not.toMatch(/\p{Cs}/u);
      }
    });
  });
});
