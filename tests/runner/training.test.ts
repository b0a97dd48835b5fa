import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeDataset } from "../../grader/course/makemore/dataset.ts";
import { lectureSizes } from "../../grader/course/makemore/parameters.ts";
import { gradeTree } from "../../grader/runner/grade.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { gradeFiles, stepOf } from "../trees.ts";

const solution = readFileSync(path.join(solutionsFolder, stepOf("train").file), "utf8");

/** The solution with one piece replaced by another. */
async function gradeWith(piece: string, replacement: string): Promise<StepResult> {
  expect(solution).toContain(piece);
  const { train } = await gradeFiles({ train: solution.replace(piece, replacement) });
  return train!;
}

describe("a training loop", () => {
  it("that is correct passes over 100 steps, with the lecture's line for each of the 7 parameters", async () => {
    const { train } = await gradeFiles({ train: solution });
    expect(train).toMatchObject({ verdict: "rounding", passed: true });
    expect(train!.tensors.map(({ name }) => name)).toEqual(["C", "W1", "b1", "W2", "b2", "bngain", "bnbias"]);
    expect(train!.tensors.every(({ approximate }) => approximate)).toBe(true);
  });

  it("may compute the gradients step by step instead of with the fused formulas", async () => {
    const atoms = `const probs = logits.softmax(1);
      const dprobs = oneHot(Yb, logits.size(1)).div(probs).div(-n);
      const inner = probs.mul(dprobs).sum(1, keepdim);
      const dlogits = probs.mul(dprobs.sub(inner));`;
    const train = await gradeWith("const dlogits = logits.softmax(1).sub_(oneHot(Yb, vocab)).div_(n);", atoms);
    expect(train).toMatchObject({ verdict: "rounding", passed: true });
  });

  it("with a wrong gradient names the first step, and the first such parameter in the backward pass", async () => {
    const train = await gradeWith("const db2 = dlogits.sum(0);", "const db2 = dlogits.mean(0);");
    expect(train.verdict).toBe("wrong");
    expect(train.message).toMatch(
      /^at the first step \(step 0\), the gradient of b2 \(before it, W2 is right\): \d+ of 27 values differ; the largest at \[\d+\]/,
    );
  });

  it("with the biased variance's factor is wrong", async () => {
    const train = await gradeWith("dbngain.div(n - 1)", "dbngain.div(n)");
    expect(train).toMatchObject({ verdict: "wrong", message: expect.stringMatching(/the gradient of W1/) });
  });

  it("that has right gradients but moves the wrong way, or not at all, is told so", async () => {
    const along = await gradeWith("sub_(gradients[name]", "add_(gradients[name]");
    expect(along.message).toMatch(/step 0\), W2 after the update \(its gradient is right\)/);
    const still = await gradeWith("[name].mul(learningRate)", "[name].mul(0)");
    expect(still.message).toMatch(/W2 after the update/);
  });

  it("that hard-codes the learning rate or the batch size is wrong", async () => {
    const rate = await gradeWith("[name].mul(learningRate)", "[name].mul(0.1)");
    expect(rate.message).toMatch(/^right up to step 3, then at step 4, W2 after the update/);
    const size = await gradeWith("const n = Xb.size(0);", "const n = 32;");
    expect(size).toMatchObject({
      passed: false,
      message: expect.stringMatching(/view: \[\d+, 3, 10\] holds \d+ elements/),
    });
  });

  it("that hard-codes any other size is wrong, and is told the sizes of the step", async () => {
    const pieces: [from: string, to: string, said: RegExp][] = [
      ["const vocab = logits.size(1);", "const vocab = 27;", /is a size written as a number\?/],
      // 10 alone is named if a batch of 10 is drawn
      ["dembcat.view(...emb.shape)", "dembcat.view(n, 3, 10)", /is a size written as a number\?|^10 is written/],
      ["const emb = C.gatherRows(Xb);", "const emb = C.gatherRows(Xb).view(n, -1, 10);", /^10 is written as a number/],
      [
        "const dbnbias = dhpreact.sum(0, keepdim);",
        "const dbnbias = dhpreact.view(n, 200).sum(0, keepdim);",
        /^200 is written as a number/,
      ],
    ];
    for (const [from, to, said] of pieces) {
      const train = await gradeWith(from, to);
      expect(train, to).toMatchObject({
        verdict: "threw",
        message: expect.stringMatching(
          /\(at step 5, starting from other parameters: block \d+, embd \d+, hidden \d+, vocab \d+\)$/,
        ),
        mistake: { sentence: expect.stringMatching(said) },
      });
    }
  });

  it("that has another epsilon, or a factor near 1, is wrong", async () => {
    const pieces: [from: string, to: string, said: RegExp][] = [
      ["bnvar.add(1e-5)", "bnvar.add(0)", /epsilon is missing/],
      ["bnvar.add(1e-5)", "bnvar.add(2e-5)", /epsilon in bnvar_inv is 2e-5/],
      ["indexAdd(0, Xb, demb)", "indexAdd(0, Xb, demb).mul(1.001)", /only the gradient of C is wrong.* 1\.001 times/],
      [
        "embcat.T.matmul(dhprebn)",
        "embcat.T.matmul(dhprebn).mul(1.0001)",
        /only the gradient of W1 is wrong.* 1\.0001 times/,
      ],
    ];
    for (const [from, to, said] of pieces) {
      const train = await gradeWith(from, to);
      expect(train, to).toMatchObject({ verdict: "wrong", mistake: { sentence: expect.stringMatching(said) } });
    }
  });

  it("that keeps something from one step to the next is wrong from the second step on", async () => {
    const keeping = solution
      .replace("export function", "const before: Record<string, Tensor> = {};\nexport function")
      .replace("import { crossEntropy,", "import { type Tensor, crossEntropy,")
      .replace(
        "parameters[name].sub_(gradients[name].mul(learningRate));",
        `const step = before[name] ? gradients[name].add(before[name].mul(0.9)) : gradients[name];
        before[name] = step;
        parameters[name].sub_(step.mul(learningRate));`,
      );
    const { train } = await gradeFiles({ train: keeping });
    expect(train!.message).toMatch(/^right at step 0, then at step 1, W2 after the update/);
    expect(train!.mistake).toMatchObject({ id: "momentum" });
  });

  it("that continues with the parameters of its first call is wrong from another start", async () => {
    const keeping = solution
      .replace("export function", "let first: Parameters | undefined;\nexport function")
      .replace("const { C, W1, b1,", "parameters = first ??= parameters;\n  const { C, W1, b1,");
    const { train } = await gradeFiles({ train: keeping });
    expect(train).toMatchObject({
      passed: false,
      message: expect.stringMatching(/step 5, starting from other parameters/),
    });
  });

  it("that learns from ten copies of one name, with a loss of almost zero, passes", async () => {
    const dataset = makeDataset("anna\n".repeat(10), "names", lectureSizes.block);
    const [train] = await gradeTree({
      root: solutionsFolder,
      steps: [stepOf("train")],
      names: { sha256: "anna", dataset: () => dataset },
      reference: "ours",
    });
    expect(train).toMatchObject({ verdict: "rounding", passed: true });
  });

  it("gets the name of its mistake, of two at once, or none if it is correct", async () => {
    const byN = await gradeWith("dbngain.div(n - 1)", "dbngain.div(n)");
    expect(byN.mistake).toMatchObject({ id: "variance-by-n" });
    const two = solution
      .replace("const db2 = dlogits.sum(0);", "const db2 = dlogits.mean(0);")
      .replace("tensor(1).sub(h.pow(2))", "tensor(1).sub(h)");
    const { train } = await gradeFiles({ train: two });
    expect(train!.mistake!.sentence).toMatch(
      /^two things: first, the gradient of b2 is the mean.*; second, the slope of tanh has h itself/,
    );
    expect((await gradeFiles({ train: solution }))["train"]!.mistake).toBeNull();
  });

  it("that goes wrong later names the step", async () => {
    const train = await gradeWith(
      "const db2 = dlogits.sum(0);",
      "const db2 = dlogits.sum(0).mul(++calls > 13 ? 2 : 1);",
    );
    expect(train).toMatchObject({ verdict: "threw", message: expect.stringMatching(/calls is not defined/) });
    const counted = solution
      .replace("export function", "let calls = 0;\nexport function")
      .replace("const db2 = dlogits.sum(0);", "const db2 = dlogits.sum(0).mul(++calls > 13 ? 2 : 1);");
    const { train: later } = await gradeFiles({ train: counted });
    expect(later!.message).toMatch(/^right up to step 12, then at step 13, the gradient of b2/);
  });

  it("that returns anything but { loss, gradients } is told what it returned", async () => {
    const returned = "return { loss, gradients };";
    const cases: [replacement: string, message: RegExp][] = [
      ["", /returned undefined, expected \{ loss, gradients \}/],
      ["return { loss };", /gradients that are undefined/],
      ["return loss;", /returned a float32 Tensor \[\], expected \{ loss, gradients \}/],
      ["return { loss, gradients: dW1 };", /gradients that are a float32 Tensor \[30, 200\]/],
      ["return { loss: 'small', gradients };", /a loss that is a string/],
      [
        "return { loss, gradients: { ...gradients, W1: undefined } };",
        /gradients\.W1 that is undefined, expected a float32 Tensor/,
      ],
      [
        "return { loss, gradients: { ...gradients, W1: W1.T } };",
        /the gradient of W1 has shape \[200, 30\], expected \[30, 200\]/,
      ],
    ];
    for (const [replacement, message] of cases) {
      expect((await gradeWith(returned, replacement)).message).toMatch(message);
    }
  });

  it("that produces NaN, throws or never ends gets that verdict", async () => {
    const nan = await gradeWith("const db2 = dlogits.sum(0);", "const db2 = dlogits.sum(0).mul(NaN);");
    expect(nan).toMatchObject({
      verdict: "not-finite",
      message: expect.stringMatching(/the gradient of b2 contains NaN/),
    });
    const threw = await gradeWith("const dh = dlogits.matmul(W2.T);", "const dh = dlogits.matmul(W2);");
    expect(threw).toMatchObject({
      verdict: "threw",
      message: expect.stringMatching(/matmul: \[32, 27\] @ \[200, 27\]/),
    });
    const line = solution.split("\n").findIndex((text) => text.includes("dlogits.matmul(W2.T)")) + 1;
    expect(threw.at).toEqual({ line, column: 22 });
    const endless = await gradeWith("const db2 = dlogits.sum(0);", "const db2 = dlogits.sum(0); for (;;);");
    expect(endless).toMatchObject({ verdict: "timeout", message: expect.stringMatching(/timed out after 5 s/) });
  });
});

describe("a training step that changes its batch", () => {
  it("is told so, whichever of the two it changes", async () => {
    for (const [name, change] of [
      ["Xb", "Xb.set(0, 0, 0);"],
      ["Yb", "Yb.set(0, Yb.get(0) === 0 ? 1 : 0);"],
    ] as const) {
      const line = "const n = Xb.size(0);";
      const { train } = await gradeFiles({ train: solution.replace(line, `${line}\n  ${change}`) });
      expect(train).toMatchObject({
        verdict: "changed-inputs",
        message: expect.stringContaining(`trainStep changed ${name}:`),
      });
    }
  });
});
