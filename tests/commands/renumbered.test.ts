import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import { dojo, linkPackages, withCopy } from "../copies.ts";
import { sampled } from "../sample.ts";
import { withFolder } from "../trees.ts";

const FOLDER = "0-warm-ups";
const rooms = steps.filter(({ file }) => file.startsWith(`${FOLDER}/`)).map(({ id }) => id);
/** The step that becomes the part's second, as if it had been inserted there: all between move on by one. */
const INSERTED = rooms.at(-1)!;
const after = [rooms[0]!, INSERTED, ...rooms.slice(1, -1)];
const fileOf = (order: readonly string[], id: string): string =>
  `${FOLDER}/${String(order.indexOf(id) + 1).padStart(2, "0")}-${id}.ts`;

function git(root: string, ...args: string[]): void {
  const name = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"];
  execFileSync("git", [...name, ...args], { cwd: root, stdio: "ignore" });
}

function edit(file: string, change: (text: string) => string): void {
  const before = readFileSync(file, "utf8");
  const text = change(before);
  expect(text, file).not.toBe(before);
  writeFileSync(file, text);
}

/** Inserts the step in a copy of the course: in its list, its solutions and its stubs. */
async function insertStep(root: string): Promise<void> {
  edit(path.join(root, "grader/course/lecture-parts.ts"), (text) =>
    text.replace(new RegExp(`\\[\\s*${rooms.join(",\\s*")},?\\s*\\]`), `[${after.join(", ")}]`),
  );
  for (const tree of ["solutions", "exercises"]) {
    const moved = rooms.filter((id) => fileOf(rooms, id) !== fileOf(after, id));
    for (const id of moved)
      renameSync(path.join(root, tree, fileOf(rooms, id)), path.join(root, tree, `${FOLDER}/${id}`));
    for (const id of moved) {
      const file = path.join(root, tree, fileOf(after, id));
      renameSync(path.join(root, tree, `${FOLDER}/${id}`), file);
      edit(file, (text) => text.replace(/^ \* 0\.\d+\. /m, ` * 0.${after.indexOf(id) + 1}. `));
    }
  }
  git(root, "add", "-A");
  git(root, "commit", "-m", "A step more");
}

const states = (listing: string, id: string): string =>
  listing.split("\n").find((line) => line.includes(` ${id} `)) ?? "";

describe("a step is inserted into a part, so that those after it have other numbers", () => {
  const kinds = sampled([true, false], 2);
  it.each(kinds)("a learner's work and what belongs to it follow the step (committed: %s)", async (isCommitted) => {
    await withCopy(async (course) => {
      writeFileSync(path.join(course, ".gitignore"), "node_modules\n*.old\n*.old-*\n*.new\n.backup/\n.progress\n");
      git(course, "init", "--initial-branch=main");
      git(course, "add", "-A");
      git(course, "commit", "-m", "First version");
      await withFolder({}, async (folder) => {
        const root = path.join(folder, "clone");
        git(folder, "clone", course, root);
        git(root, "config", "user.name", "Learner");
        git(root, "config", "user.email", "learner@example.org");
        linkPackages(root);
        const at = (file: string): string => path.join(root, "exercises", file);
        const text = (file: string): string => readFileSync(at(file), "utf8");

        // one is solved, one begun, and one uses another's; an earlier version of one is beside it
        const [, solved, begun, user] = rooms as [string, string, string, string];
        cpSync(path.join(root, "solutions", fileOf(rooms, solved)), at(fileOf(rooms, solved)));
        edit(at(fileOf(rooms, begun)), (text) => text.replace(/throw todo\(.*\);/, "return zerosLike(x);"));
        edit(
          at(fileOf(rooms, user)),
          (text) => `import { ${solved} } from "./${path.basename(fileOf(rooms, solved))}";\n${text}`,
        );
        writeFileSync(at(`${fileOf(rooms, begun)}.old`), "an earlier try\n");
        if (isCommitted) {
          git(root, "add", "-A");
          git(root, "commit", "-m", "My work");
        }
        await dojo(["grade"], root);
        expect(states((await dojo(["list"], root)).stdout, solved)).toMatch(/passed/);

        await insertStep(course);
        const { status, stdout, stderr } = await dojo(["update"], root);
        expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
        expect(stdout).toContain(`its name is now ${path.basename(fileOf(after, solved))}`);

        for (const id of [solved, begun, user]) expect(existsSync(at(fileOf(rooms, id))), id).toBe(false);
        const label = ` * 0.${after.indexOf(solved) + 1}. ${solved}`;
        expect(text(fileOf(after, solved))).toContain(label);
        expect(text(fileOf(after, begun))).toContain("return zerosLike(x);");
        expect(text(`${fileOf(after, begun)}.old`)).toBe("an earlier try\n");
        expect(text(fileOf(after, user))).toContain(`from "./${path.basename(fileOf(after, solved))}"`);

        expect(states((await dojo(["list"], root)).stdout, solved)).toMatch(/course/);
        const graded = await dojo(["grade", solved, begun, "--json"], root);
        const verdicts = (JSON.parse(graded.stdout) as { steps: { id: string; passed: boolean; verdict: string }[] })
          .steps;
        expect(verdicts.map(({ id, passed }) => [id, passed])).toEqual([
          [solved, true],
          [begun, false],
        ]);
        expect(states((await dojo(["list"], root)).stdout, solved)).toMatch(/passed/);

        // a tree of the version before, brought along by hand
        renameSync(at(fileOf(after, solved)), at(fileOf(rooms, solved)));
        const missing = await dojo(["grade", solved], root);
        expect(missing.stdout.replaceAll(/\s+/g, " ")).toContain(
          `${fileOf(after, solved)} does not exist, but ${fileOf(rooms, solved)} does, which was this step's file in another version of ` +
            `the course; npm run reset -- ${solved} renames it`,
        );
        expect((await dojo(["reset", solved], root)).stdout).toMatch(/renamed from/);
        expect((await dojo(["grade", solved], root)).status).toBe(0);
      });
    });
  });
});
