import { describe, expect, it } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import { operationsOf } from "../../grader/network/used.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { exercise, gradeFiles, stepOf } from "../trees.ts";

/** What is said of each answer, which is an expression of what the step is given. */
async function saidOf(answers: Record<string, string>): Promise<Record<string, StepResult>> {
  const texts = Object.entries(answers).map(([id, answer]) => {
    const step = stepOf(id);
    const names = step.kind === "function" ? step.given.join(", ") : "";
    return [id, exercise(step.export, `const { ${names} } = given;\n  return ${answer};`)];
  });
  return gradeFiles(Object.fromEntries(texts) as Record<string, string>);
}

const elementwise = /^matmul is the matrix product, @, but the forward line multiplies elementwise, which is mul/;
const product = /^mul multiplies elementwise, but the forward line is a matrix product, @/;
const classes = (size: string): RegExp =>
  new RegExp(`^27 classes are written as a number, .* take it from the shape of a tensor, ${size}$`);

const answers: Record<string, [answer: string, said: RegExp]> = {
  dy: ["x.matmul(du)", elementwise],
  dcounts_sum_inv: ["counts.matmul(dprobs)", elementwise],
  dbnraw: ["bngain.matmul(dhpreact)", elementwise],
  dh: ["dlogits.mul(W2.T)", product],
  dW2: ["h.mul(dlogits)", product],
  dembcat: ["dhprebn.mul(W1)", product],
  dlogprobs: ["oneHot(Yb, 27).div(-32)", classes("logprobs.size\\(1\\)")],
  dlogits: ["dnorm_logits.add(oneHot(logits.max(1).indices, 27).mul(dlogit_maxes))", classes("logits.size\\(1\\)")],
};

describe("what is said of an answer that throws", () => {
  it("names mul and matmul where they are confused, and a number of classes that is written as a number", async () => {
    const results = await saidOf(Object.fromEntries(Object.entries(answers).map(([id, [answer]]) => [id, answer])));
    for (const [id, [, said]] of Object.entries(answers)) {
      expect(results[id]!.mistake?.sentence, `${id}: ${results[id]!.message}`).toMatch(said);
    }
  });

  it("names the sizes that have to be equal, and no others", async () => {
    const results = await saidOf({
      "relu-dx": "dout.add(dpre.matmul(W1))",
      "dropout-dW": "thinned.matmul(dout)",
      "softmax-dprobs": "V.matmul(dout)",
      dprobs: "dlogprobs.div(probs.T)",
    });
    const sizes = Object.values(results).map(({ id, mistake }) => [
      id,
      /^the shapes fit only if (.*) are equal/.exec(mistake!.sentence)?.[1],
    ]);
    expect(Object.fromEntries(sizes)).toEqual({
      "relu-dx": "features and hidden",
      "dropout-dW": "n and hidden",
      "softmax-dprobs": "n, experts and features",
      dprobs: "n and vocab",
    });
  });

  it("does not take a missing transpose, or the size of another dimension, for either", async () => {
    const results = await saidOf({
      dh: "dlogits.matmul(W2)",
      dW2: "h.matmul(dlogits)",
      dlogprobs: "oneHot(Yb, logprobs.size(0)).div(-logprobs.size(0))",
    });
    for (const { id, mistake } of Object.values(results)) {
      expect(mistake?.id, id).not.toMatch(/matmul|written/);
    }
  });
});

it("the operations of every line are found", () => {
  const lines = steps.flatMap((step) => (step.kind === "function" ? step.runs.flat() : []));
  const used = lines.map((line) => [line, operationsOf(line)] as const);
  const known = new Set(["add", "sub", "mul", "div", "matmul", "sum", "exp", "view", "gatherRows"]);
  for (const [line, operations] of used) {
    if (line.text.includes(" @ ")) expect(operations, line.text).toContain("matmul");
  }
  expect([...known].filter((name) => !used.some(([, operations]) => operations.has(name)))).toEqual([]);
});
