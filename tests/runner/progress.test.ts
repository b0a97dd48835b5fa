import { execFile } from "node:child_process";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { gradeTree } from "../../grader/runner/grade.ts";
import { graderIdentity } from "../../grader/runner/identity.ts";
import { graderFolder } from "../../grader/runner/project.ts";
import { nextStep, type LastVerdict, type StepProgress } from "../../grader/grading/progress.ts";
import { hintsShown, keepVerdicts, readVerdicts, rememberHints } from "../../grader/runner/workspace/progress-file.ts";
import { withStubs } from "../../grader/runner/workspace/stubs.ts";
import { progressIn } from "../../grader/runner/workspace/tree.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { exercise, stepOf, withFolder } from "../trees.ts";

const right = exercise("dprobs", "return divide(given.dlogprobs, given.probs);");
const solved = `import { divide } from "./helper.ts";\n${right}`;
const helper = "export const divide = (a: any, b: any): any => a.div(b);\n";

async function gradeDprobs(root: string): Promise<StepResult[]> {
  return gradeTree({ root, steps: [stepOf("dprobs")], names: readNames(shippedNames), reference: "ours" });
}

/** A tree of stubs in which dprobs passes with the help of another file, and the file of progress. */
async function withPassed(use: (root: string, kept: string, results: StepResult[]) => Promise<void>): Promise<void> {
  await withStubs(async (root) => {
    const kept = path.join(root, "kept");
    writeFileSync(path.join(root, "1-step-by-step/02-dprobs.ts"), solved);
    writeFileSync(path.join(root, "1-step-by-step/helper.ts"), helper);
    const results = await gradeDprobs(root);
    keepVerdicts(results, kept);
    await use(root, kept, results);
  });
}

const of = (root: string, kept: string): StepProgress => {
  return progressIn(root, readVerdicts(kept)).find(({ step }) => step.id === "dprobs")!;
};

describe("a step that has passed", () => {
  it("is remembered as passed, and the step after it is next, even if earlier ones are not started", async () => {
    await withPassed(async (root, kept) => {
      const all = progressIn(root, readVerdicts(kept));
      const stateOf = (id: string): string => all.find(({ step }) => step.id === id)!.state;
      expect(["dlogprobs", "dprobs", "dcounts_sum_inv"].map(stateOf)).toEqual(["not-started", "passed", "not-started"]);
      expect(nextStep(all)?.step.id).toBe("dcounts_sum_inv");
      expect(JSON.parse(readFileSync(kept, "utf8")).steps.dprobs.last).toMatchObject({
        verdict: "exact",
        passedOnce: true,
      });
    });
  });

  it("is open again once its file, or a file that it imports, has changed", async () => {
    await withPassed(async (root, kept) => {
      for (const [name, text] of [
        ["helper.ts", helper],
        ["02-dprobs.ts", solved],
      ] as const) {
        const file = path.join(root, "1-step-by-step", name);
        writeFileSync(file, `${text}// more\n`);
        expect(of(root, kept)).toMatchObject({ state: "reopened", because: "edit", verdict: null });
        writeFileSync(file, text);
        expect(of(root, kept).state).toBe("passed");
      }
      rmSync(path.join(root, "1-step-by-step/helper.ts"));
      expect(of(root, kept).state).toBe("reopened");
      rmSync(path.join(root, "1-step-by-step/02-dprobs.ts"));
      expect(of(root, kept).state).toBe("missing");
    });
  });

  it("is open again once the grader has changed, and says why", async () => {
    await withPassed(async (root, kept) => {
      writeFileSync(kept, readFileSync(kept, "utf8").replace(graderIdentity, "0123456789abcdef"));
      expect(of(root, kept)).toMatchObject({ state: "reopened", because: "course" });
    });
  });

  it("is not forgotten if it is wrong later, or does not compile", async () => {
    await withPassed(async (root, kept) => {
      const file = path.join(root, "1-step-by-step/02-dprobs.ts");
      writeFileSync(file, exercise("dprobs", "return given.probs;"));
      keepVerdicts(await gradeDprobs(root), kept);
      expect(of(root, kept)).toMatchObject({ state: "reopened", because: "edit", verdict: "wrong" });
      writeFileSync(file, "return return");
      keepVerdicts(await gradeDprobs(root), kept);
      expect(of(root, kept)).toMatchObject({ state: "reopened", verdict: "threw" });
    });
  });

  it("counts as started if the file of progress is gone, until it is graded again", async () => {
    await withPassed(async (root, kept, results) => {
      rmSync(kept);
      expect(of(root, kept)).toMatchObject({ state: "started", verdict: null });
      keepVerdicts(results, kept);
      expect(of(root, kept).state).toBe("passed");
    });
  });
});

describe("the file of progress", () => {
  it("is ignored and rewritten if it is corrupt", async () => {
    await withPassed(async (root, kept, results) => {
      const whole = readFileSync(kept, "utf8");
      const broken = [
        "",
        "\u0000\u0001\ufffd".repeat(1000),
        whole.slice(0, -80),
        whole.replace("dprobs", "dnothing"),
        whole.replace("exact", "splendid"),
        whole.replace("true", '"perhaps"'),
        whole.replace("progress/v1", "progress/v0"),
        whole.replace("1-step-by-step/helper.ts", "../../etc/passwd"),
        whole.replace(/"files": \[[^\]]*\]/, '"files": []'),
        '{ "schema": "backprop-dojo/progress/v1", "steps": [1, null, { "last": null }] }',
        "null",
      ];
      for (const text of broken) {
        writeFileSync(kept, text);
        expect(readVerdicts(kept).size).toBe(0);
        expect(of(root, kept).state).toBe("started");
        keepVerdicts(results, kept);
        expect(readFileSync(kept, "utf8")).toBe(whole);
      }
    });
  });

  it("is not needed for grading if it cannot be written", async () => {
    await withPassed(async (root, _kept, results) => {
      const nowhere = path.join(root, "no/such/folder/kept");
      expect(keepVerdicts(results, nowhere).get("dprobs")?.verdict).toBe("exact");
      expect(existsSync(nowhere)).toBe(false);
    });
  });

  it("is complete at any time, and loses nothing, with ten writers at once", async () => {
    await withPassed(async (_root, _kept, results) => {
      await withFolder({ "package.json": "{}", "result.json": JSON.stringify(results[0]) }, async (folder) => {
        const writer = path.join(folder, "writer.mjs");
        const module = path.join(graderFolder, "runner/workspace/progress-file.ts").replaceAll("\\", "/");
        const contents = `
          import { readFileSync } from "node:fs";
          import { keepVerdicts } from ${JSON.stringify(module)};
          const result = JSON.parse(readFileSync("result.json", "utf8"));
          for (let i = 0; i < 30; i++) {
            for (const id of process.argv.slice(2)) keepVerdicts([{ ...result, id }], "kept");
          }`;
        await build({
          stdin: { contents, resolveDir: folder },
          bundle: true,
          format: "esm",
          platform: "node",
          define: { GRADER_IDENTITY: JSON.stringify(graderIdentity) },
          outfile: writer,
          logLevel: "silent",
        });
        const done = new AbortController();
        const all = steps.filter(({ isOptional }) => !isOptional).map(({ id }) => id);
        const shares = Array.from({ length: 10 }, (_, i) => all.filter((_, at) => at % 10 === i));
        const writing = Promise.all(
          shares.map((ids) => promisify(execFile)(process.execPath, [writer, ...ids], { cwd: folder })),
        ).finally(() => done.abort());
        const kept = path.join(folder, "kept");
        let read = 0;
        while (!done.signal.aborted) {
          if (existsSync(kept)) {
            const { steps } = JSON.parse(readFileSync(kept, "utf8"));
            for (const { last } of Object.values<{ last: LastVerdict }>(steps)) expect(last.verdict).toBe("exact");
            read += 1;
          }
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        await writing;
        expect(read).toBeGreaterThan(10);
        expect([...readVerdicts(kept).keys()].sort()).toEqual(all.toSorted());
        expect(readdirSync(folder).filter((name) => name.startsWith("kept"))).toEqual(["kept"]);
      });
    });
  });
});

describe("hints that were shown", () => {
  it("are counted next to the verdicts, and neither overwrites the other", async () => {
    await withPassed((root, kept, results) => {
      expect(hintsShown("dprobs", kept)).toBe(0);
      expect(rememberHints("dprobs", 2, kept)).toBeUndefined();
      expect(rememberHints("dh", 1, kept)).toBeUndefined();
      expect(of(root, kept).state).toBe("passed");
      keepVerdicts(results, kept);
      expect(["dprobs", "dh", "dW1"].map((id) => hintsShown(id, kept))).toEqual([2, 1, 0]);
      return Promise.resolve();
    });
  });

  it("are not remembered if the file cannot be written, and the reason is given", async () => {
    await withFolder({ "kept/a-folder": "" }, (folder) => {
      expect(rememberHints("dh", 1, path.join(folder, "kept"))).toMatch(/^kept cannot be written \(E[A-Z]+\)$/);
      return Promise.resolve();
    });
  });
});

describe("what the course's first version remembered, in two files", () => {
  const header = "# Last verdicts, by step. Safe to delete: npm run grade writes it again.\n# step\tverdict\n";
  const lineOf = ({ verdict, passedOnce, grader, texts, files }: LastVerdict): string =>
    ["dprobs", verdict, passedOnce ? "yes" : "no", grader, texts, ...files].join("\t");

  it("is read, is carried over with the first change, and never overrides anything newer", async () => {
    await withPassed((root, kept) => {
      const { last } = JSON.parse(readFileSync(kept, "utf8")).steps.dprobs;
      const hints = path.join(root, ".hints");
      writeFileSync(kept, `${header}${lineOf(last)}\nnothing\texact\tyes\tx\ty\tz\n`);
      writeFileSync(hints, "# How many hints were shown.\ndprobs 2\ndh 3\nwhat is this\nnothing 1\n");
      expect(of(root, kept)).toMatchObject({ state: "passed", verdict: "exact" });
      expect(["dprobs", "dh"].map((id) => hintsShown(id, kept))).toEqual([2, 3]);
      // reading changes neither file
      expect(existsSync(hints)).toBe(true);

      rememberHints("dprobs", 3, kept);
      expect(existsSync(hints)).toBe(false);
      expect(of(root, kept)).toMatchObject({ state: "passed", verdict: "exact" });
      expect(["dprobs", "dh"].map((id) => hintsShown(id, kept))).toEqual([3, 3]);
      expect(Object.keys(JSON.parse(readFileSync(kept, "utf8")).steps)).toEqual(["dprobs", "dh"]);

      // an old file that is restored from a backup does not reset the count
      writeFileSync(hints, "dprobs 1\ndW1 1\n");
      expect(["dprobs", "dW1"].map((id) => hintsShown(id, kept))).toEqual([3, 1]);
      return Promise.resolve();
    });
  });

  it("stays unchanged if the new file cannot be written", async () => {
    await withFolder({ "kept/a-folder": "", ".hints": "dh 2\n" }, (folder) => {
      const kept = path.join(folder, "kept");
      expect(hintsShown("dh", kept)).toBe(2);
      expect(rememberHints("dh", 3, kept)).toBeDefined();
      expect(readFileSync(path.join(folder, ".hints"), "utf8")).toBe("dh 2\n");
      return Promise.resolve();
    });
  });
});
