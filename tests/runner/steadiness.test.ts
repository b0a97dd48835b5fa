import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { whileBusy } from "../busy.ts";
import { exercise, gradeFiles, stepOf } from "../trees.ts";

/** A function that reports what it is given in the first random case. */
const telltale = (more = ""): string =>
  exercise(
    "dprobs",
    `if (given.probs.size(0) === 32) return given.dlogprobs.div(given.probs);
  throw new Error([...given.probs.shape, given.probs.sum().item(), given.dlogprobs.get(0, 0)].join());${more}`,
  );
const solutionOf = (id: string): string => readFileSync(path.join(solutionsFolder, stepOf(id).file), "utf8");

describe("the cases of a step", () => {
  const asked = async (files: Record<string, string>, others: Record<string, string> = {}): Promise<string> => {
    const { dprobs } = await gradeFiles(files, undefined, others);
    expect(dprobs!.message).toMatch(/^Error: \d+,\d+,/);
    return dprobs!.message!;
  };

  it("depend on its own text and on those that it imports, and on nothing else", async () => {
    const text = telltale();
    const alone = await asked({ dprobs: text });
    expect(await asked({ dprobs: text, dlogprobs: solutionOf("dlogprobs"), dcounts: solutionOf("dcounts") })).toBe(
      alone,
    );
    expect(await asked({ dprobs: text, dlogprobs: exercise("dlogprobs", "syntax error") })).toBe(alone);
    expect(await asked({ dprobs: text }, { "1-step-by-step/beside.ts": "export const a = 1;" })).toBe(alone);

    expect(await asked({ dprobs: telltale("// another text") })).not.toBe(alone);
    const importing = `import { a } from "./beside.ts";\nexport const b = a;\n${text}`;
    const beside = (value: number): Record<string, string> => ({
      "1-step-by-step/beside.ts": `export { a } from "./further.ts";`,
      "1-step-by-step/further.ts": `export const a = ${value};`,
    });
    const [one, two] = [await asked({ dprobs: importing }, beside(1)), await asked({ dprobs: importing }, beside(2))];
    expect(new Set([alone, one, two]).size).toBe(3);
    expect(await asked({ dprobs: importing, dcounts: solutionOf("dcounts") }, beside(1))).toBe(one);
  });

  it("are the same in every grading", async () => {
    expect(await asked({ dprobs: telltale() })).toBe(await asked({ dprobs: telltale() }));
  });
});

describe("on a machine with eight busy processes per processor", () => {
  it("correct code that uses a part of its time passes, and an endless loop does not", async () => {
    // about a third of the time that all calls of a step may take
    const rounds = roundsIn(300);
    const busy = `let x = given.probs.size(0);\n  if (x === 32) for (let i = 0; i < ${rounds}; i++) x = (x * 31 + i) % 1000003;\n  if (x < 0) return null;`;
    const results = await whileBusy(() =>
      gradeFiles({
        dprobs: exercise("dprobs", `${busy}\n  return given.dlogprobs.div(given.probs);`),
        dcounts: exercise("dcounts", "for (;;) {}"),
        dnorm_logits: exercise("dnorm_logits", "return given.counts.mul(given.dcounts);"),
        train: solutionOf("train"),
      }),
    );
    const verdicts = Object.values(results).map(({ id, verdict }) => `${id}: ${verdict}`);
    expect(verdicts).toEqual(["dprobs: exact", "dcounts: timeout", "dnorm_logits: exact", "train: rounding"]);
  }, 180_000);
});

/** How many rounds of a loop take this much processor time here. */
function roundsIn(milliseconds: number): number {
  const count = 5_000_000;
  const before = process.cpuUsage();
  let x = 1;
  for (let i = 0; i < count; i++) x = (x * 31 + i) % 1000003;
  const { user, system } = process.cpuUsage(before);
  return Math.round(((count + (x < 0 ? 1 : 0)) * milliseconds * 1000) / (user + system));
}
