import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { trainOn, type LongRun } from "../../grader/grading/long-run.ts";
import { isOpen, openStep, type OpenStep } from "../../grader/grading/open.ts";
import { askTraining } from "../../grader/grading/training-answers.ts";
import type { TrainStep } from "../../grader/kit/step.ts";
import type { TrainingRun } from "../../grader/kit/training.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { nodeHost } from "../../grader/runner/host.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { sampled } from "../sample.ts";
import { stepOf, withFolder } from "../trees.ts";

const train = stepOf("train") as TrainStep;
const solution = readFileSync(path.join(solutionsFolder, train.file), "utf8");
const STEPS = 150;

/** The solution, which keeps what `keeps` declares, and does something with it before it returns. */
function keeping(keeps: string, uses: string): string {
  return solution
    .replace("export function", `${keeps}\n\nexport function`)
    .replace("  return { loss, gradients };", `  ${uses}\n  return { loss, gradients };`);
}

interface Trained {
  losses: number[];
  printed: string;
}

const dataset = readNames(shippedNames).dataset();
const begin = (): TrainingRun => train.training.runOn(dataset);

/** Opens a training step for as long as `use` runs. */
async function withStep(text: string, use: (open: OpenStep<TrainStep>) => Promise<Trained>): Promise<Trained> {
  return withFolder({ [train.file]: text }, async (root) => {
    const open = await openStep(nodeHost(root, {}), train);
    if (!isOpen(open)) throw new Error(open.message);
    return use(open).finally(() => open.learner.close());
  });
}

/** As npm run train does it, with the memory of earlier steps. */
function trained(text: string, from = 0): Promise<Trained> {
  return withStep(text, async (open) => {
    let printed = "";
    const run: LongRun = { begin, parameters: begin().start, losses: Array<number>(from).fill(0), steps: from + STEPS };
    const end = await trainOn(open, run, new AbortController().signal, (more) => (printed += more));
    expect(end).toBe("done");
    return { losses: run.losses.slice(from), printed };
  });
}

/** In one piece, each step in memory of its own. */
function trainedApart(text: string, from = 0): Promise<Trained> {
  return withStep(text, async (open) => {
    const { start, nextBatch, skip } = begin();
    skip(from);
    const questions = Array.from({ length: STEPS }, (_, i) => {
      return { batch: nextBatch(), learningRate: train.training.long.rateAt(from + i) };
    });
    const { losses, printed, failure } = await askTraining(open, start, questions, "last");
    expect(failure).toBeUndefined();
    return { losses, printed };
  });
}

describe("a training run gives the same losses as steps with memory of their own", () => {
  const kept: readonly [what: string, keeps: string, uses: string][] = [
    ["nothing is kept", "", ""],
    [
      "an average is kept, and replaced in each step",
      "let velocity: Tensor | undefined;",
      "velocity = velocity ? velocity.mul(0.9).add(dW1) : dW1; W1.sub_(velocity.mul(0.01));",
    ],
    [
      "an average is kept, and changed in place",
      "let velocity: Tensor | undefined;",
      "velocity ??= zerosLike(W1); velocity.mul_(0.9).add_(dW1); W1.sub_(velocity.mul(0.01));",
    ],
    [
      "gradients of 40 steps before are used",
      "const all: Tensor[] = [];",
      "all.push(dW1); if (all.length > 40) W1.sub_(all[all.length - 41]!.mul(0.01));",
    ],
    [
      "the first gradient is read at the end alone, and printed",
      "const all: Tensor[] = [];",
      `all.push(dW2); console.log("step", all.length); if (all.length === ${STEPS - 1}) console.log(all[0]!.sum().item());`,
    ],
    [
      "a parameter becomes one of 50 steps before",
      "const all: Tensor[] = [];",
      "all.push(W2.clone()); if (all.length === 60) parameters.W2 = all[9]!;",
    ],
    [
      "errors are caught",
      "const all: Tensor[] = [];",
      "all.push(dW1); try { if (all.length > 90) W1.sub_(all[10]!.mul(0.01)); } catch { W1.mul_(0); }",
    ],
  ];
  // every other one by default, and nightly all
  for (const [what, keeps, uses] of sampled(kept, 2, 1)) {
    it(`if ${what}`, async () => {
      const text = keeping(keeps, uses).replace("zerosLike } from", "zerosLike, type Tensor } from");
      const expected = await trainedApart(text);
      expect(expected.losses).toHaveLength(STEPS);
      expect(await trained(text)).toEqual(expected);
    });
  }

  it("if the run is one that goes on", async () => {
    const [, keeps, uses] = kept[3]!;
    const text = keeping(keeps, uses).replace("zerosLike } from", "zerosLike, type Tensor } from");
    expect(await trained(text, 1000)).toEqual(await trainedApart(text, 1000));
  });
});
