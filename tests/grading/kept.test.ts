import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { functionSteps, steps } from "../../grader/course/steps.ts";
import { gradeSteps } from "../../grader/grading/grade.ts";
import type { Host, Store } from "../../grader/grading/host.ts";
import type { Step } from "../../grader/kit/step.ts";
import { boxCommand } from "../../grader/runner/box.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { courseOf } from "../../grader/runner/grade.ts";
import { nodeHost } from "../../grader/runner/host.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { folderStore, freshStore, inMemory } from "../../grader/runner/store.ts";
import { stubOf } from "../../grader/runner/workspace/stubs.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { chainTo } from "../../grader/verdict/chain.ts";
import { wrongTrees } from "../report/wrong-trees.ts";
import { someSteps } from "../sample.ts";
import { exercise, stepOf, withFolder } from "../trees.ts";
import { inProcessHost } from "./in-process-host.ts";

type Files = Readonly<Record<string, string>>;

const tried = someSteps(steps, 12);
const course = courseOf(readNames(shippedNames), "ours");
const solutions: Files = Object.fromEntries(
  steps.map(({ file }) => [file, readFileSync(path.join(solutionsFolder, file), "utf8")]),
);
const stubs: Files = Object.fromEntries(steps.map((step) => [step.file, stubOf(step)]));

/** The solutions, except for some functions, which are given by their bodies. */
function treeWith(bodies: Files): Files {
  const texts = Object.entries(bodies).map(([id, body]) => [stepOf(id).file, exercise(stepOf(id).export, body)]);
  return { ...solutions, ...Object.fromEntries(texts) };
}

/** A host that records which steps it asks. */
function noting(host: Host): { host: Host; asked: string[] } {
  const asked: string[] = [];
  const startLearner = (): ReturnType<Host["startLearner"]> => {
    const learner = host.startLearner();
    return {
      ask(context, ...rest) {
        asked.push(context);
        return learner.ask(context, ...rest);
      },
      close: () => learner.close(),
    };
  };
  return { host: { ...host, startLearner }, asked };
}

/** Everything in the results except times, and the steps that were asked, each once. */
async function gradedWith(
  files: Files,
  store: Store | undefined,
  some: readonly Step[] = tried,
): Promise<{ text: string; asked: string[]; results: StepResult[] }> {
  const { host, asked } = noting({ ...inProcessHost(files), store });
  const results = await gradeSteps(host, course, some);
  const text = JSON.stringify(results.map((result) => ({ ...result, milliseconds: 0 })));
  return { text, results, asked: [...new Set(asked)].sort() };
}

describe("a kept result", () => {
  it.each([
    ["the solutions", solutions],
    ["the stubs", stubs],
  ])("of %s is the same byte for byte, and nothing is run", async (_, files) => {
    const store = inMemory(undefined);
    const fresh = await gradedWith(files, undefined);
    expect(await gradedWith(files, store)).toMatchObject({ text: fresh.text, asked: fresh.asked });
    expect(await gradedWith(files, store)).toMatchObject({ text: fresh.text, asked: [] });
    expect(fresh.asked.length).toBeGreaterThanOrEqual(tried.length);
  });

  it.each(wrongTrees)("of a learner who $learner is the same", async ({ bodies }) => {
    const store = inMemory(undefined);
    const some = [...Object.keys(bodies), "dC"].map(stepOf);
    const { text, asked, results } = await gradedWith(treeWith(bodies), store, some);
    expect(await gradedWith(treeWith(bodies), store, some)).toMatchObject({ text, asked: [] });
    expect(asked.length).toBeGreaterThan(15);
    expect(results.map(({ passed }) => passed)).toContain(false);
  });

  it("includes its gradients if they are asked for", async () => {
    const store = inMemory(undefined);
    const files = treeWith({ dh: "return given.dlogits.matmul(given.W2.T).mul(2);" });
    const some = steps.filter(({ id }) => id === "dh" || id === "dlogits");
    const [dlogits, dh] = await gradeSteps({ ...inProcessHost(files), store }, course, some, true);
    const again = noting({ ...inProcessHost(files), store });
    const [dlogitsAgain, dhAgain] = await gradeSteps(again.host, course, some, true);
    expect(again.asked).toEqual([]);
    const arrayOf = ({ gradient }: StepResult): number[] => [...gradient!.answer!.toArray()];
    expect(arrayOf(dhAgain!)).toEqual(arrayOf(dh!));
    expect(arrayOf(dlogitsAgain!)).toEqual(arrayOf(dlogits!));
    expect([...dhAgain!.gradient!.reference.toArray()]).toEqual([...dh!.gradient!.reference.toArray()]);
  });

  it("serves other selections of steps: for a chain, the steps before it need fewer cases", async () => {
    // correct only on the lecture's batch
    const files = treeWith({
      dprobs: "return given.probs.size(0) === 32 ? given.dlogprobs.div(given.probs) : given.probs;",
    });
    const store = inMemory(undefined);
    const some = (...ids: string[]): Step[] => steps.filter(({ id }) => ids.includes(id));
    for (const selection of [some("dcounts"), some("dprobs", "dcounts"), some("dcounts"), some("dprobs")]) {
      const fresh = await gradedWith(files, undefined, selection);
      expect((await gradedWith(files, store, selection)).text).toBe(fresh.text);
    }
  });
});

describe("an edit", () => {
  /** The steps whose chain goes through one. */
  const after = (id: string): string[] =>
    functionSteps
      .filter((step) => step.chain && chainTo(step, functionSteps).some((member) => member.id === id))
      .map((step) => step.id)
      .sort();

  it("that changes no answer makes only that step run again", async () => {
    const store = inMemory(undefined);
    await gradedWith(solutions, store);
    for (const id of ["dcounts", "train", "db2"]) {
      const { file } = stepOf(id);
      const files = { ...solutions, [file]: `${solutions[file]}// another comment\n` };
      const edited = await gradedWith(files, store);
      expect(edited.asked).toEqual([id]);
      expect(edited.text).toBe((await gradedWith(files, undefined)).text);
    }
  });

  it("that changes an answer also makes the chain of the steps after it run again, and nothing else", async () => {
    const store = inMemory(undefined);
    const before = treeWith({ dlogprobs: "return oneHot(given.Yb, given.logprobs.size(1)).div(-given.Yb.size(0));" });
    await gradedWith(before, store);
    const files = { ...before, ...pick(treeWith({ dlogits: "return given.dnorm_logits.mul(2);" }), "dlogits") };
    const edited = await gradedWith(files, store);
    expect(edited.text).toBe((await gradedWith(files, undefined)).text);
    expect(edited.asked).toEqual(after("dlogits"));
    expect(edited.asked.length).toBeLessThan(25);
    expect((await gradedWith(before, store)).asked).toEqual([]);
  });

  it("of an imported file makes the steps that import it run again", async () => {
    const helper = "1-step-by-step/helper.ts";
    const own = `import { divide } from "./helper.ts";\n${exercise("dprobs", "return divide(given.dlogprobs, given.probs);")}`;
    const files = {
      ...solutions,
      [stepOf("dprobs").file]: own,
      [helper]: "export const divide = (a: any, b: any): any => a.div(b);\n",
    };
    const store = inMemory(undefined);
    await gradedWith(files, store);
    expect((await gradedWith(files, store)).asked).toEqual([]);
    const wrong = { ...files, [helper]: "export const divide = (a: any, b: any): any => b.div(a);\n" };
    const edited = await gradedWith(wrong, store, [stepOf("dprobs")]);
    expect(edited.asked).toContain("dprobs");
    expect(edited.results[0]).toMatchObject({ verdict: "not-finite" });
  });

  it("of the grader, of what it grades against or of the box makes everything run again", async () => {
    const store = inMemory(undefined);
    const some = [stepOf("dprobs"), stepOf("train")];
    await gradedWith(solutions, store, some);
    const ask = async (host: Partial<Host>, setting: Partial<typeof course.setting>): Promise<number> => {
      const noted = noting({ ...inProcessHost(solutions), store, ...host });
      await gradeSteps(noted.host, { ...course, setting: { ...course.setting, ...setting } }, some);
      return new Set(noted.asked).size;
    };
    expect(await ask({}, {})).toBe(0);
    expect(await ask({ identity: "another" }, {})).toBe(3);
    expect(await ask({}, { lecture: "torch" })).toBe(2);
    expect(await ask({}, { training: "other names" })).toBe(1);
    const identities = ["plain", "bubblewrap"].map((box) => nodeHost("/", { box: box as "plain" }).identity);
    expect(new Set(identities).size).toBe(2);
  });
});

function pick(files: Files, id: string): Files {
  const { file } = stepOf(id);
  return { [file]: files[file]! };
}

describe("a result that could differ another time is not kept:", () => {
  it.each([
    ["a timeout", "for (;;);"],
    ["all memory used", "return tensor(new Float32Array(2 ** 29), [2 ** 29]);"],
    ["a stack overflow", "const deep = (n: number): number => 1 + deep(n + 1); return tensor(deep(0));"],
    ["chance", "return given.dlogprobs.div(given.probs).add(Math.random() < 0.5 ? 0 : 0);"],
    ["the time of day", "return given.dlogprobs.div(given.probs).add(Date.now() < 0 ? 1 : 0);"],
    [
      "two answers to the same question",
      "return given.dlogprobs.div(given.probs).add((globalThis as any).n = ((globalThis as any).n ?? 0) + 1);",
    ],
    ["a manipulated JSON.stringify", 'JSON.stringify = () => "no";\n  return given.probs;'],
  ])("%s", async (_, body) => {
    const files = { [stepOf("dprobs").file]: exercise("dprobs", body) };
    await withFolder(files, async (root) => {
      const store = inMemory(undefined);
      const asked: number[] = [];
      for (const _ of [1, 2]) {
        const noted = noting(nodeHost(root, { store }));
        await gradeSteps(noted.host, course, [stepOf("dprobs")]);
        asked.push(noted.asked.filter((id) => id === "dprobs").length);
      }
      expect(asked[1]).toBe(asked[0]);
      expect(asked[0]).toBeGreaterThan(0);
    });
  });

  it("unlike that of an ordinary answer", async () => {
    const files = { [stepOf("dprobs").file]: exercise("dprobs", "return given.dlogprobs;") };
    await withFolder(files, async (root) => {
      const store = inMemory(undefined);
      await gradeSteps(nodeHost(root, { store }), course, [stepOf("dprobs")]);
      const noted = noting(nodeHost(root, { store }));
      await gradeSteps(noted.host, course, [stepOf("dprobs")]);
      expect(noted.asked).toEqual([]);
    });
  });
});

it("a kept result is not used once a new file takes precedence in an import", async () => {
  const own = `import { divide } from "./helper.js";\n${exercise("dprobs", "return divide(given.dlogprobs, given.probs);")}`;
  const files = {
    [stepOf("dprobs").file]: own,
    "1-step-by-step/helper.ts": "export const divide = (a: any, b: any): any => a.div(b);\n",
  };
  await withFolder(files, async (root) => {
    const store = inMemory(undefined);
    const verdict = async (): Promise<string> =>
      (await gradeSteps(nodeHost(root, { store }), course, [stepOf("dprobs")]))[0]!.verdict;
    expect(await verdict()).toBe("exact");
    writeFileSync(path.join(root, "1-step-by-step/helper.js"), "export const divide = (a, b) => b.div(a);\n");
    expect(await verdict()).toBe("not-finite");
    rmSync(path.join(root, "1-step-by-step/helper.js"));
    expect(await verdict()).toBe("exact");
  });
});

describe("the folder where results are kept", () => {
  const some = [stepOf("dprobs"), stepOf("dh")];

  it("serves the next grader", async () => {
    await withFolder({}, async (folder) => {
      const { text } = await gradedWith(solutions, folderStore(folder), some);
      const again = await gradedWith(solutions, folderStore(folder), some);
      expect(again).toMatchObject({ text, asked: [] });
    });
  });

  it("does not change results if it is damaged, cannot be written or is not a folder", async () => {
    const { text, asked } = await gradedWith(solutions, undefined, some);
    await withFolder({ file: "" }, async (folder) => {
      const damaged = path.join(folder, "damaged");
      await gradedWith(solutions, folderStore(damaged), some);
      for (const [i, name] of readdirSync(damaged).entries()) {
        const file = path.join(damaged, name);
        const bytes = readFileSync(file);
        writeFileSync(
          file,
          i % 2 === 0 ? bytes.subarray(0, bytes.length / 2) : bytes.map((byte, j) => (j === 9 ? 0 : byte)),
        );
      }
      expect(await gradedWith(solutions, folderStore(damaged), some)).toMatchObject({ text, asked });
      // and the damage is repaired by that
      expect(await gradedWith(solutions, folderStore(damaged), some)).toMatchObject({ text, asked: [] });
      const locked = path.join(folder, "locked");
      mkdirSync(locked);
      chmodSync(locked, 0);
      for (const nowhere of [locked, path.join(folder, "file")]) {
        expect(await gradedWith(solutions, folderStore(nowhere), some)).toMatchObject({ text });
      }
      chmodSync(locked, 0o700);
    });
  });

  it("is cleared of entries older than a month, once a day", async () => {
    await withFolder({}, async (folder) => {
      const months = (ago: number): Date => new Date(Date.now() - ago * 31 * 24 * 3_600_000);
      const write = (name: string, ago: number): void => {
        writeFileSync(path.join(folder, name), "");
        utimesSync(path.join(folder, name), months(ago), months(ago));
      };
      write("old", 1.1);
      write("young", 0.9);
      folderStore(folder).write("new", "");
      expect(readdirSync(folder).sort()).toEqual(["new", "swept", "young"]);
      write("old", 1.1);
      folderStore(folder).write("newer", "");
      expect(readdirSync(folder)).toContain("old");
    });
  });

  it("keeps the newer half if there are too many entries", async () => {
    await withFolder({}, async (folder) => {
      const names = Array.from({ length: 20_001 }, (_, i) => String(i).padStart(5, "0"));
      for (const [i, name] of names.entries()) {
        writeFileSync(path.join(folder, name), "");
        utimesSync(path.join(folder, name), Date.now() / 1000, Date.now() / 1000 - 30_000 + i);
      }
      folderStore(folder).write("newest", "");
      const left = readdirSync(folder).sort();
      expect(left.length).toBeLessThanOrEqual(10_001);
      expect(left).toContain("newest");
      expect(left).toContain("20000");
      expect(left).not.toContain("00000");
    });
  });

  it("is written but not read if everything should be run", async () => {
    const memory = inMemory(undefined);
    const { asked } = await gradedWith(solutions, freshStore(memory), some);
    expect((await gradedWith(solutions, freshStore(memory), some)).asked).toEqual(asked);
    expect((await gradedWith(solutions, memory, some)).asked).toEqual([]);
  });

  it("is out of reach of learner code, which can write nothing at all", () => {
    const words = boxCommand("plain");
    expect(words.some((word) => /^--(experimental-)?permission$/.test(word))).toBe(true);
    expect(words.filter((word) => word.startsWith("--allow-") && !word.startsWith("--allow-fs-read="))).toEqual([]);
    expect(words.filter((word) => word.includes("results") || word.includes(".cache"))).toEqual([]);
  });
});
