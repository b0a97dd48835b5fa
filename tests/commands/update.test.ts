import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { resetStep } from "../../grader/commands/reset.ts";
import { steps } from "../../grader/course/steps.ts";
import { stubOf } from "../../grader/runner/workspace/stubs.ts";
import type { Run } from "../copies.ts";
import { withFolder } from "../trees.ts";
import { dojo } from "./in-process.ts";
import { expectRefusal } from "./refusal.ts";

/** The clone in which the command runs. */
const clone = vi.hoisted(() => ({ root: "" }));
vi.mock("../../grader/runner/project.ts", async (original) => {
  const project = await original<typeof import("../../grader/runner/project.ts")>();
  return {
    ...project,
    get projectRoot() {
      return clone.root || project.projectRoot;
    },
  };
});

function update(root: string): Promise<Run> {
  clone.root = root;
  return dojo(["update"], root);
}

const part1 = "exercises/1-step-by-step";

function git(root: string, ...args: string[]): string {
  const name = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"];
  return execFileSync("git", [...name, ...args], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** The part of the course that matters here. */
const files = {
  ".gitignore": "*.old\n*.new\n.backup/\n",
  "package-lock.json": "{}\n",
  "data/README.md": "old\n",
  ...Object.fromEntries(steps.filter(({ part }) => part === 1).map((step) => [`exercises/${step.file}`, stubOf(step)])),
};

/** A course in git, and a learner's clone of it. */
async function withClone(use: (files: { course: Files; learner: Files }) => Promise<void>): Promise<void> {
  await withFolder(files, async (course) => {
    git(course, "init", "--quiet", "--initial-branch=main");
    git(course, "add", "-A");
    git(course, "commit", "--quiet", "-m", "First version");
    await withFolder({}, async (folder) => {
      const root = path.join(folder, "clone");
      git(folder, "clone", "--quiet", course, root);
      git(root, "config", "user.name", "Learner");
      git(root, "config", "user.email", "learner@example.org");
      await use({ course: new Files(course), learner: new Files(root) });
    });
  });
}

class Files {
  readonly root: string;
  constructor(root: string) {
    this.root = root;
  }
  read(file: string): string {
    return readFileSync(path.join(this.root, file), "utf8");
  }
  write(file: string, change: (text: string) => string): void {
    const absolute = path.join(this.root, file);
    mkdirSync(path.dirname(absolute), { recursive: true });
    writeFileSync(absolute, change(existsSync(absolute) ? this.read(file) : ""));
  }
  remove(file: string): void {
    rmSync(path.join(this.root, file));
  }
  has(file: string): boolean {
    return existsSync(path.join(this.root, file));
  }
  commit(message: string): void {
    git(this.root, "add", "-A");
    git(this.root, "commit", "--quiet", "-m", message);
  }
}

const solve = (text: string): string => text.replace(/throw todo\(.*\);/, "return 1 as never; // my work");
const newTask = (text: string): string => text.replace("throw todo(", "// a new remark\n  throw todo(");
const newHead = (text: string): string => text.replace("/**", "// a new head\n/**");

describe("update keeps a learner's work and updates everything else to the newest version", () => {
  for (const committed of [false, true]) {
    it(`with work that is ${committed ? "committed" : "not committed"}`, async () => {
      await withClone(async ({ course, learner }) => {
        learner.write(`${part1}/01-dlogprobs.ts`, solve); // the course leaves it alone
        learner.write(`${part1}/02-dprobs.ts`, solve); // the course changes other lines
        learner.write(`${part1}/03-dcounts_sum_inv.ts`, solve); // the course changes the same lines
        learner.write(`${part1}/04-dcounts_sum.ts`, solve); // the course removes it
        if (committed) learner.commit("My work");
        const mine = learner.read(`${part1}/03-dcounts_sum_inv.ts`);

        course.write(`${part1}/02-dprobs.ts`, newHead);
        course.write(`${part1}/03-dcounts_sum_inv.ts`, newTask);
        course.remove(`${part1}/04-dcounts_sum.ts`);
        course.write(`${part1}/05-dcounts.ts`, newHead);
        course.write("data/README.md", () => "new\n");
        course.commit("Second version");

        const { status, stdout, stderr } = await update(learner.root);
        expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
        expect(stdout).toMatch(/Updated to \w+ Second version/);
        expect(learner.read(`${part1}/01-dlogprobs.ts`)).toContain("my work");
        expect(learner.read(`${part1}/02-dprobs.ts`)).toMatch(/a new head[^]*my work/);
        expect(learner.read(`${part1}/03-dcounts_sum_inv.ts`)).toBe(mine);
        expect(learner.read(`${part1}/03-dcounts_sum_inv.ts.new`)).toBe(course.read(`${part1}/03-dcounts_sum_inv.ts`));
        expect(learner.has(`${part1}/04-dcounts_sum.ts`)).toBe(false);
        expect(learner.read(`${part1}/04-dcounts_sum.ts.old`)).toContain("my work");
        expect(learner.read(`${part1}/05-dcounts.ts`)).toContain("a new head");
        expect(learner.read("data/README.md")).toBe("new\n");
        if (committed) expect(git(learner.root, "status", "--porcelain")).toBe("");
        const [backup] = readdirSync(path.join(learner.root, ".backup"));
        expect(learner.read(`.backup/${backup}/${part1}/04-dcounts_sum.ts`)).toContain("my work");

        expect((await update(learner.root)).stdout).toBe("This is already the newest version.\n");
        course.write("data/README.md", () => "newer\n");
        course.commit("Third version");
        expect((await update(learner.root)).status).toBe(0);
        expect(learner.read(`${part1}/03-dcounts_sum_inv.ts`)).toBe(mine);
      });
    });
  }

  it("what was committed is in git afterwards, what was not is in the tree alone, whatever the course did to the file", async () => {
    const work = (name: string) => (text: string) => text.replace(/throw todo\(.*\);/, `return "${name}" as never;`);
    const [left, head, body, renamed] = ["01-dlogprobs", "02-dprobs", "03-dcounts_sum_inv", "06-dnorm_logits"] as const;
    const all = [left, head, body, renamed];
    await withClone(async ({ course, learner }) => {
      for (const name of all) learner.write(`${part1}/${name}.ts`, work("committed"));
      learner.write("exercises/own.ts", () => `export { committed } from "./1-step-by-step/${renamed}.ts";\n`);
      learner.commit("My work");
      // and more, which is not committed
      for (const name of all) learner.write(`${part1}/${name}.ts`, (text) => text.replace("committed", "later"));
      learner.write("exercises/own.ts", (text) => text.replace("committed", "later"));
      learner.write("exercises/staged.ts", () => "staged\n");
      git(learner.root, "add", "exercises/staged.ts");
      learner.write("exercises/2-more/01-more.ts", () => "mine, under a name that the course takes\n");

      course.write(`${part1}/${head}.ts`, newHead);
      course.write(`${part1}/${body}.ts`, newTask);
      git(course.root, "mv", `${part1}/${renamed}.ts`, `${part1}/07-dnorm_logits.ts`);
      course.write("exercises/2-more/01-more.ts", () => "the course's\n");
      course.commit("Second version");

      expect(await update(learner.root)).toMatchObject({ status: 0, stderr: "" });
      const now = [left, head, body, "07-dnorm_logits"].map((name) => `${part1}/${name}.ts`);
      for (const file of [...now, "exercises/own.ts"]) {
        expect(git(learner.root, "show", `HEAD:${file}`), file).toContain("committed");
        expect(learner.read(file), file).toContain("later");
      }
      expect(learner.read("exercises/own.ts")).toContain("07-dnorm_logits.ts");
      expect(learner.read("exercises/staged.ts")).toBe("staged\n");
      expect(learner.read("exercises/2-more/01-more.ts")).toContain("mine");
      expect(learner.has(`${part1}/${renamed}.ts`)).toBe(false);
      git(learner.root, "checkout", "--quiet", "exercises");
      for (const file of [...now, "exercises/own.ts"]) expect(learner.read(file), file).toContain("committed");
    });
  });

  it("a file that reset renames stays in git under its new name", async () => {
    const step = steps.find(({ part }) => part === 1)!;
    await withClone(async ({ learner }) => {
      clone.root = learner.root;
      const file = `exercises/${step.file}`;
      const other = file.replace("01-", "02-");
      learner.write(file, solve);
      git(learner.root, "mv", file, other);
      learner.commit("My work, under the number of another version");
      expect(resetStep(step, path.join(learner.root, "exercises"))).toMatch(/renamed from/);
      git(learner.root, "commit", "--quiet", "--all", "-m", "Renamed");
      expect(git(learner.root, "show", `HEAD:${file}`)).toContain("my work");
    });
  });

  it("refuses in the middle of a merge", async () => {
    await withClone(async ({ course, learner }) => {
      learner.write(`${part1}/01-dlogprobs.ts`, solve);
      learner.commit("Mine");
      course.write(`${part1}/01-dlogprobs.ts`, newTask);
      course.commit("Second version");
      git(learner.root, "fetch", "--quiet");
      expect(() => git(learner.root, "merge", "--quiet", "origin/main")).toThrow();
      const half = git(learner.root, "status", "--porcelain");
      expect(await update(learner.root)).toMatchObject({ status: 2, stderr: expect.stringMatching(/not finished/) });
      expect(git(learner.root, "status", "--porcelain")).toBe(half);
    });
  });

  it("adds the link to the lesson to a file that was written before stubs had one", async () => {
    const file = `${part1}/02-dprobs.ts`;
    const link = /^ \*\n \* @see .*\n/m;
    await withClone(async ({ course, learner }) => {
      const stub = course.read(file);
      expect(stub).toMatch(link);
      course.write(file, (text) => text.replace(link, ""));
      course.commit("As it was");
      await update(learner.root);
      learner.write(file, (text) => text.replace(/throw todo.*/, "return dlogprobs.div(probs);"));
      const mine = learner.read(file);
      expect(mine).not.toMatch(link);

      course.write(file, () => stub);
      course.commit("Stubs link to the lesson");
      const { status, stdout } = await update(learner.root);
      expect(status).toBe(0);
      expect(stdout).toContain("02-dprobs.ts: your version, with the course's changes merged in");
      expect(learner.read(file)).toMatch(link);
      expect(learner.read(file).replace(link, "")).toBe(mine);
    });
  });

  it("refuses, changing nothing, if a file outside exercises/ is changed or conflicts", async () => {
    await withClone(async ({ course, learner }) => {
      course.write("data/README.md", () => "theirs\n");
      course.commit("Second version");
      learner.write(`${part1}/01-dlogprobs.ts`, solve);
      learner.write("data/README.md", () => "mine\n");
      const changed = await update(learner.root);
      expect(changed).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/data\/README\.md: changed, outside exercises/),
      });
      learner.commit("Mine");
      const conflict = await update(learner.root);
      expect(conflict).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(
          /conflicts with your own changes to data\/README\.md; merge by hand: git pull origin main\n$/,
        ),
      });
      expect(learner.read("data/README.md")).toBe("mine\n");
      expect(learner.read(`${part1}/01-dlogprobs.ts`)).toContain("my work");
      expect(git(learner.root, "status", "--porcelain")).toBe("");
    });
  });

  it("in a copy made from a template, which shares no history with the course, once the course's remote is named", async () => {
    await withClone(async ({ course }) => {
      course.write("grader/start.cjs", () => "// the start\n");
      course.commit("Second version");
      await withFolder({}, async (folder) => {
        // as a template's copy: the files alone, committed at once, in a repository whose remote is its own
        const root = path.join(folder, "copy");
        git(folder, "clone", "--quiet", "--depth=1", `file://${course.root}`, root);
        rmSync(path.join(root, ".git"), { recursive: true });
        const learner = new Files(root);
        git(root, "init", "--quiet", "--initial-branch=main");
        git(root, "config", "user.name", "Learner");
        git(root, "config", "user.email", "learner@example.org");
        learner.commit("Initial commit");
        git(folder, "clone", "--quiet", "--bare", root, `${root}.git`);
        git(root, "remote", "add", "origin", `${root}.git`);
        git(root, "fetch", "--quiet");
        git(root, "branch", "--quiet", "--set-upstream-to=origin/main");
        learner.write(`${part1}/01-dlogprobs.ts`, solve);
        learner.commit("My work");
        learner.write(`${part1}/02-dprobs.ts`, solve); // not committed

        const asked = await update(root);
        expect(asked.status).toBe(0);
        expect(asked.stdout).toMatch(/already the newest version\.\nIf your remote is a copy.*git remote add upstream/);

        course.write(`${part1}/01-dlogprobs.ts`, newHead);
        course.write(`${part1}/02-dprobs.ts`, newTask);
        course.write("data/README.md", () => "new\n");
        course.remove("grader/start.cjs");
        course.commit("Third version");
        git(root, "remote", "add", "upstream", course.root);
        const { status, stdout, stderr } = await update(root);
        expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
        expect(stdout).toMatch(/Updated to \w+ Third version/);
        expect(learner.read(`${part1}/01-dlogprobs.ts`)).toMatch(/a new head[^]*my work/);
        expect(learner.read(`${part1}/02-dprobs.ts`)).toContain("my work");
        expect(learner.has(`${part1}/02-dprobs.ts.new`)).toBe(true);
        expect(learner.read("data/README.md")).toBe("new\n");
        expect(learner.has("grader/start.cjs")).toBe(false);

        // from now on it shares the course's history
        course.write("data/README.md", () => "newer\n");
        course.commit("Fourth version");
        expect((await update(root)).stdout).toMatch(/Updated to \w+ Fourth version/);
        expect(learner.read("data/README.md")).toBe("newer\n");
        expect((await update(root)).stdout).toBe("This is already the newest version.\n");

        learner.write("data/README.md", () => "mine\n");
        learner.commit("Mine");
        course.write("data/README.md", () => "theirs\n");
        course.commit("Fifth version");
        expect((await update(root)).stderr).toContain("merge by hand: git pull upstream HEAD\n");
      });
    });
  });

  it("refuses in a repository that is no copy of any version, and says what to do", async () => {
    await withClone(async ({ course }) => {
      await withFolder({ "README.md": "of my own", [`${part1}/01-dlogprobs.ts`]: "" }, async (root) => {
        git(root, "init", "--quiet", "--initial-branch=main");
        git(root, "add", "-A");
        git(root, "commit", "--quiet", "-m", "Mine");
        git(root, "remote", "add", "upstream", course.root);
        expect(await update(root)).toMatchObject({
          status: 2,
          stderr: expect.stringMatching(/shares no history with the course.*copy exercises\/ over/),
        });
      });
    });
  });

  it("fetches the beginning of a history that was cloned without it", async () => {
    await withClone(async ({ course }) => {
      course.write("data/README.md", () => "second\n");
      course.commit("Second version");
      await withFolder({}, async (folder) => {
        const root = path.join(folder, "shallow");
        git(folder, "clone", "--quiet", "--depth=1", `file://${course.root}`, root);
        git(root, "config", "user.name", "Learner");
        git(root, "config", "user.email", "learner@example.org");
        const learner = new Files(root);
        learner.write(`${part1}/01-dlogprobs.ts`, solve);
        course.write("data/README.md", () => "third\n");
        course.commit("Third version");
        expect((await update(root)).stdout).toMatch(/Updated to \w+ Third version/);
        expect(learner.read("data/README.md")).toBe("third\n");
        expect(learner.read(`${part1}/01-dlogprobs.ts`)).toContain("my work");
      });
    });
  });

  it("says what it needs if there is no git, or no branch to track", async () => {
    await withFolder(files, async (root) => {
      expect((await update(root)).stderr).toMatch(/needs a git clone/);
      git(root, "init", "--quiet");
      expect((await update(root)).stderr).toMatch(/tracks no remote branch; set one with git branch --set-upstream-to/);
    });
  });

  it("if git fails, reports in one line what git says, and that no work is lost", async () => {
    await withClone(async ({ course, learner }) => {
      const oneLine = async (line: RegExp): Promise<void> => {
        expectRefusal(await update(learner.root), line);
      };
      learner.write(`${part1}/01-dlogprobs.ts`, solve);
      learner.commit("Mine");
      course.write("data/README.md", () => "theirs\n");
      course.commit("Second version");
      const { PATH } = process.env;
      process.env["PATH"] = learner.root;
      await oneLine(/update needs git, which is not installed/);
      process.env["PATH"] = PATH;
      git(learner.root, "remote", "set-url", "origin", path.join(course.root, "nowhere"));
      await oneLine(/git fetch failed \(.*nowhere.*\); your work is as it was/);
      git(learner.root, "remote", "set-url", "origin", course.root);
      // git merges nothing for a user without a name
      for (const key of ["user.name", "user.email"]) git(learner.root, "config", key, "");
      await oneLine(/git (merge|commit) failed \(.*(empty ident|tell me who you are).*\); your work is as it was/i);
      expect(learner.read(`${part1}/01-dlogprobs.ts`)).toContain("my work");
    });
  });
});
