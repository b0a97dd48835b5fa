import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import { requiredOf } from "../../grader/kit/optional.ts";
import { dojo, withWorkspace } from "./in-process.ts";

vi.mock("../../grader/runner/project.ts", async (original) => (await import("./in-process.ts")).inWorkspace(original));

const lineOf = (stdout: string, id: string): string => {
  return stdout.split("\n").find((line) => new RegExp(`  ${id} `).test(line)) ?? "";
};

describe("list, in a learner's copy", () => {
  it("shows the state of each step from its last grading, and names the next step", async () => {
    await withWorkspace(async (root) => {
      const file = path.join(root, "exercises/0-warm-ups/01-da.ts");
      const stub = readFileSync(file, "utf8");
      const solution = readFileSync(path.join(root, "solutions/0-warm-ups/01-da.ts"), "utf8");
      const listed = async (): Promise<string> => (await dojo(["list"])).stdout;
      const state = async (): Promise<string> =>
        lineOf(await listed(), "da")
          .slice(24)
          .trim();

      expect(await state()).toBe("not started  (next)");
      writeFileSync(file, solution);
      expect(await listed()).toMatch(/started {2}\(next\)[^]*not graded since the last change: da; npm run grade/);
      await dojo(["grade", "da", "db"]);
      expect(await state()).toBe("passed");
      const all = await listed();
      expect(all).toMatch(/^0-warm-ups {3}1 of \d+ passed\n {2}\[x\] 0\.1 +da +passed\n> \[ \] 0\.2 +db/);
      expect(all).toMatch(
        new RegExp(
          `\n\\[#\\.{29}\\] 1 of ${requiredOf(steps).length} passed\nnext: open exercises/0-warm-ups/02-db.ts\n` +
            "lesson: exercises/0-warm-ups/README.md#2-db-a-difference\n$",
        ),
      );

      // verdicts on another tree do not count
      await dojo(["grade", "db", "--from", "solutions"]);
      expect(lineOf(await listed(), "db")).toMatch(/not started/);

      const edited = solution.replace("return", "return // mine\n ");
      writeFileSync(file, edited);
      expect(await state()).toBe("changed since it passed  (next)");
      writeFileSync(file, stub.replace(/throw todo.*/, "return a;"));
      await dojo(["grade", "da"]);
      expect(await state()).toBe("changed since it passed: wrong  (next)");

      writeFileSync(file, solution);
      rmSync(path.join(root, ".progress"));
      expect(await state()).toBe("started  (next)");
      expect((await dojo(["grade", "da"])).status).toBe(0);
      expect(await state()).toBe("passed");

      await dojo(["reset", "da"]);
      expect(await state()).toBe("not started  (next)");
      expect(readFileSync(`${file}.old`, "utf8")).toBe(solution);
      rmSync(file);
      expect(await listed()).toMatch(/the file is missing {2}\(next\)[^]*next: npm run reset -- da restores exercises/);
    });
    // a dozen commands, one after another
  }, 120_000);

  it("shows the verdict on files that do not compile, and what is in the place of a file", async () => {
    await withWorkspace(async (root) => {
      const fileOf = (name: string): string => path.join(root, "exercises/0-warm-ups", name);
      const state = async (id: string): Promise<string> =>
        lineOf((await dojo(["list"])).stdout, id)
          .slice(24)
          .trim();
      const solution = readFileSync(path.join(root, "solutions/0-warm-ups/01-da.ts"), "utf8");
      writeFileSync(fileOf("01-da.ts"), solution);
      writeFileSync(fileOf("02-db.ts"), "export function db( {");
      writeFileSync(
        fileOf("03-dy.ts"),
        'import { helper } from "./helper.ts";\nexport function dy() { return helper; }',
      );
      await dojo(["grade", "da", "db", "dy"]);
      writeFileSync(fileOf("01-da.ts"), solution.replace("return", "return return"));
      await dojo(["grade", "da"]);
      expect(await state("da")).toBe("changed since it passed: threw  (next)");
      expect(await state("db")).toBe("started: threw");
      // whether it compiles depends on another file
      expect(await state("dy")).toBe("started");
      expect((await dojo(["list"])).stdout).toMatch(/not graded since the last change: dy; npm run grade\nnext: fix /);
      expect((await dojo(["list", "wrong"])).stdout).toMatch(/0\.1 +da [^]*0\.2 +db /);
      writeFileSync(fileOf("02-db.ts"), "export function db( { }");
      expect(await state("db")).toBe("started");

      for (const name of ["01-da.ts", "02-db.ts", "03-dy.ts"]) rmSync(fileOf(name));
      symlinkSync(path.join(root, "solutions/0-warm-ups/01-da.ts"), fileOf("01-da.ts"));
      mkdirSync(fileOf("02-db.ts"));
      for (const id of ["da", "db"])
        expect(await state(id)).toMatch(/^missing: in its place is a link, a folder or a pipe/);
      expect(await state("dy")).toBe("the file is missing");
      const { stdout } = await dojo(["list"]);
      expect(stdout).toMatch(/\nnext: npm run grade -- da says what is wrong with exercises\/.*01-da\.ts\n/);
      const { stdout: report } = await dojo(["grade", "da", "--json"]);
      expect(JSON.parse(report).steps[0]).toMatchObject({
        verdict: "missing",
        message: expect.stringContaining("(but a link, a folder or a pipe)"),
      });

      // what a link leads to stays as it is
      expect((await dojo(["reset", "da"])).stdout).toMatch(
        /01-da\.ts: written; what was in its place is now 01-da\.ts\.old\n/,
      );
      expect((await dojo(["reset", "db"])).status).toBe(0);
      expect(readFileSync(path.join(root, "solutions/0-warm-ups/01-da.ts"), "utf8")).toBe(solution);
      for (const id of ["da", "db"]) expect(await state(id)).toMatch(/^not started/);
    });
  }, 60_000);

  it("lists the steps that are open, passed or wrong, and shows how many have passed", async () => {
    await withWorkspace(async (root) => {
      const listed = async (...words: string[]): Promise<string[]> => {
        const { stdout, status } = await dojo(["list", ...words]);
        expect(status).toBe(0);
        return stdout.split("\n").flatMap((line) => /^[> ] \[.\] +\S+ {2,}(\S+)/.exec(line)?.[1] ?? []);
      };
      const inPart0 = steps.filter(({ part }) => part === 0).map(({ id }) => id);
      for (const file of ["01-da.ts", "02-db.ts"]) {
        const text = readFileSync(path.join(root, "solutions/0-warm-ups", file), "utf8");
        writeFileSync(path.join(root, "exercises/0-warm-ups", file), text);
      }
      const dy = path.join(root, "exercises/0-warm-ups/03-dy.ts");
      writeFileSync(dy, readFileSync(dy, "utf8").replace(/throw todo.*/, "return du;"));
      await dojo(["grade", "part0"]);
      expect(await listed("passed")).toEqual(["da", "db"]);
      expect(await listed("wrong")).toEqual(["dy"]);
      expect(await listed("open", "part0")).toEqual(inPart0.slice(2));
      expect(await listed("passed", "wrong")).toEqual([]);
      expect((await dojo(["list", "passed"])).stdout).toMatch(/\n\[#\.{29}\] 2 of \d+ passed\nnext: fix .*03-dy\.ts\n/);

      // a step that is reset is the next one, also if later ones have passed
      await dojo(["reset", "da", "dy"]);
      expect((await dojo(["list", "open", "part0"])).stdout).toMatch(/\n> \[ \] 0\.3 +dy +not started {2}\(next\)/);
      const { stdout, status } = await dojo(["list", "wrong"]);
      expect({ stdout, status }).toEqual({ stdout: expect.stringMatching(/^no step is wrong\n\n\[#/), status: 0 });
    });
  }, 60_000);

  it("says where in the lecture each part begins, and breaks no word in a narrow terminal", async () => {
    await withWorkspace(async (root) => {
      const dlogits = path.join(root, "exercises/1-step-by-step/08-dlogits.ts");
      writeFileSync(dlogits, readFileSync(path.join(root, "solutions/1-step-by-step/08-dlogits.ts")));
      await dojo(["grade", "dlogits"]);
      writeFileSync(dlogits, readFileSync(dlogits, "utf8").replace("return", "return undefined;"));
      await dojo(["grade", "dlogits"]);
      const wide = (await dojo(["list"])).stdout;
      const of = (part: number): string | undefined =>
        new RegExp(`^${part}-\\S+ {3}\\d+ of \\d+ passed(.*)$`, "m").exec(wide)?.[1];
      expect([0, 1, 2, 3, 4, 5].map(of)).toEqual([
        "",
        "   lecture from 13:00",
        "   lecture from 1:26:31",
        "   lecture from 1:36:35",
        "   lecture from 1:50:01",
        "",
      ]);

      const narrow = (await dojo(["list"], root, 60)).stdout;
      expect(Math.max(...narrow.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(60);
      expect(narrow.split(/\s+/)).toEqual(wide.split(/\s+/));
    });
  });

  it("lists the steps that words match, by name, number or file", async () => {
    const found = async (...words: string[]): Promise<string[]> => {
      const { stdout } = await dojo(["list", ...words]);
      return stdout.split("\n").flatMap((line) => /^[> ] \[.\] +\S+ {2,}(\S+)/.exec(line)?.[1] ?? []);
    };
    expect(await found("bn", "VAR")).toEqual(["dbnvar_inv", "dbnvar"]);
    expect(await found("4.1")).toEqual(["train"]);
    expect(await found("part4")).toEqual(["train"]);
    expect(await found("16-18")).toEqual(["dbnvar_inv", "dbnvar", "dbndiff2"]);
    expect(await found("16-18", "var", "open")).toEqual(["dbnvar_inv", "dbnvar"]);
    expect(await found()).toHaveLength(requiredOf(steps).length);
    const { status, stderr } = await dojo(["list", "zebra"]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/no step has "zebra" in its name/) });
  });
});
