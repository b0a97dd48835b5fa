import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { makemore } from "../../grader/course/makemore/network.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { askFunction } from "../../grader/grading/answers.ts";
import { makeBatches, makeCase } from "../../grader/kit/case.ts";
import { Generator } from "../../grader/network/random.ts";
import { resourceLimits, startBox } from "../../grader/runner/box.ts";
import { bundleLibrary } from "../../grader/runner/bundle.ts";
import { nodeHost } from "../../grader/runner/host.ts";
import { learnerOf } from "../../grader/runner/learner.ts";
import { limits } from "../../grader/runner/limits.ts";
import { LearnerProcess } from "../../grader/runner/process.ts";
import { exercise, withFolder } from "../trees.ts";

/** What Node's own start may take of it: its heap, and what V8 sets aside besides compiled code. */
const OWN = 2 ** 27;

describe.skipIf(process.platform !== "linux")("a process's memory", () => {
  it.each([limits.dataBytes, limits.typesBytes])(
    "of %i bytes does not include what V8 sets aside for code",
    (bytes) => {
      const asked = `const { readFileSync } = require("node:fs");
      const limit = /^Max data size +(\\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))[1];
      const used = /^VmData:\\s+(\\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))[1];
      console.log(limit - 1024 * used);`;
      const [program, ...args] = [...resourceLimits(bytes), process.execPath, "-e", asked];
      const { stdout, stderr } = spawnSync(program!, args, { encoding: "utf8" });
      expect(stderr).toBe("");
      expect(Number(stdout)).toBeGreaterThan(bytes - OWN);
    },
  );

  it("suffices for steps that each have a context and kernels of their own", { timeout: 60_000 }, async () => {
    const steps = functionSteps.filter(({ part }) => part === 1).slice(0, 16);
    const body = `console.log = () => {}; const x = zeros(300, 300); x.add(1).add(1); return x;`;
    const text = (name: string): string => `import { zeros } from "#tensor";\n${exercise(name, body)}`;
    const files = Object.fromEntries(steps.map((step) => [step.file, text(step.export)]));
    await withFolder(files, async (root) => {
      const bundles = await nodeHost(root, {}).sources.bundle(steps);
      const ends: (NodeJS.Signals | null)[] = [];
      const process = new LearnerProcess("plain", () =>
        startBox("plain").on("exit", (_code, signal) => void ends.push(signal)),
      );
      const learner = learnerOf(
        process,
        bundleLibrary().then((library) => process.provide(library)),
      );
      const cases = makeBatches(makemore, 5).slice(0, 1);
      const asked = steps.map(async (step) => {
        const bundle = bundles.get(step.id)!;
        if ("kind" in bundle) throw new Error(bundle.message);
        const given = cases.map((batch) => makeCase(step, batch, new Generator(5)));
        const { outcome } = await askFunction({ step, bundle, texts: "", learner }, given, [0]);
        return Array.isArray(outcome) && outcome[0]!.answer.kind;
      });
      expect(await Promise.all(asked)).toEqual(steps.map(() => "tensor"));
      learner.close();
      // the grader ends them so
      expect(ends.filter((signal) => signal !== "SIGKILL")).toEqual([]);
      expect(ends.length).toBeGreaterThan(0);
    });
  });
});
