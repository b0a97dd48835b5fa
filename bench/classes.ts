import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { requiredSteps as steps } from "../grader/course/steps.ts";
import { bubblewrapProblem } from "../grader/runner/box.ts";
import { graderFolder, solutionsFolder } from "../grader/runner/project.ts";
import { stubOf } from "../grader/runner/workspace/stubs.ts";

/** Submissions per minute, by what they are. */
export type Rates = Record<"fresh and full" | "full, with one seed" | "half done" | "unchanged", number>;

/** How many submissions a class has: as many as are to be graded in a minute. */
const CLASS = 120;
/** How many more there are of those that take no time. */
const COPIES = 120;

/** How many submissions `class` grades per minute, each with words of its own in every step that it solves. */
export async function classRates(): Promise<Rates> {
  const root = mkdtempSync(path.join(tmpdir(), "backprop-dojo-bench-"));
  try {
    const [full, half] = ["full", "half"].map((name) => path.join(root, name));
    for (let i = 0; i < CLASS; i++) {
      writeTree(path.join(full!, `student-${i}`), `full ${i}`, steps.length);
      // from a quarter to three quarters
      writeTree(path.join(half!, `student-${i}`), `half ${i}`, Math.round(steps.length * (0.25 + (0.5 * i) / CLASS)));
    }
    const start = await seconds(["--help"]);
    const rate = async (count: number, submissions: string, out: string, ...more: string[]): Promise<number> => {
      const all = await seconds([submissions, "--out", path.join(root, out), ...more]);
      return (60 * count) / Math.max(all - start, 0.001);
    };
    const found = {
      "fresh and full": await rate(CLASS, full!, "full-out"),
      "full, with one seed": await rate(CLASS, full!, "seed-out", "--seed", "bench"),
      "half done": await rate(CLASS, half!, "half-out"),
    };
    for (let i = CLASS; i < CLASS + COPIES; i++) {
      cpSync(path.join(full!, "student-0"), path.join(full!, `student-${i}`), { recursive: true });
    }
    await seconds([full!, "--out", path.join(root, "full-out")]);
    return { ...found, unchanged: await rate(CLASS + COPIES, full!, "full-out") };
  } finally {
    rmSync(root, { recursive: true });
  }
}

export const jobs = availableParallelism();

function writeTree(root: string, who: string, solved: number): void {
  for (const [i, step] of steps.entries()) {
    const file = path.join(root, step.file);
    mkdirSync(path.dirname(file), { recursive: true });
    const solution = `// ${who}\n${readFileSync(path.join(solutionsFolder, step.file), "utf8")}`;
    writeFileSync(file, i < solved ? solution : stubOf(step));
  }
}

/** How long a run of `class` takes, in seconds. */
function seconds(words: readonly string[]): Promise<number> {
  const box = bubblewrapProblem() === undefined ? [] : ["--untrusted=best-effort"];
  const command = [path.join(graderFolder, "start.cjs"), "class", ...words, ...box];
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, command, { stdio: ["ignore", "ignore", "inherit"] });
    child.on("close", (status) => {
      if (status === 0) resolve((performance.now() - start) / 1000);
      else reject(new Error(`class ended with ${status}`));
    });
  });
}
