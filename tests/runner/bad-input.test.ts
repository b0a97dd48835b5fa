import { realpathSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { gradeTree } from "../../grader/runner/grade.ts";
import { withOtherNumber } from "../../grader/runner/other-number.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { readSource } from "../../grader/runner/source.ts";
import { exercise, gradeFiles, stepOf, withFolder } from "../trees.ts";
import type { StepResult } from "../../grader/verdict/result.ts";

/** A correct step next to the wrong ones: whatever they do, it is graded as usual. */
const right = exercise("dprobs", "return given.dlogprobs.div(given.probs);");

/** Grades a dcounts with this text next to a correct dprobs, which must pass. */
async function gradeBeside(text: string, others: Record<string, string> = {}): Promise<StepResult> {
  const results = await gradeFiles({ dcounts: text, dprobs: right }, undefined, others);
  expect(results["dprobs"]).toMatchObject({ verdict: "exact", passed: true });
  expect(results["dcounts"]!.passed).toBe(false);
  return results["dcounts"]!;
}

const body = (text: string): string => exercise("dcounts", text);
const add =
  "const { counts_sum_inv, dprobs, dcounts_sum } = given; const right = counts_sum_inv.mul(dprobs).add(dcounts_sum);";

interface Expected {
  verdict: string;
  message: RegExp;
  at?: { line: number; column: number } | null;
}

/** What a file can contain, and its step's verdict. Line 4 is the function's body. */
const table: [what: string, text: string, expected: Expected][] = [
  [
    "a stub",
    body('throw todo("dcounts");'),
    { verdict: "not-started", message: /not started/, at: { line: 4, column: 9 } },
  ],
  [
    "a syntax error",
    body("return given..counts;"),
    { verdict: "threw", message: /does not compile: .*"\."/, at: { line: 4, column: 16 } },
  ],
  [
    "an exception",
    body("return given.nothing.mul(2);"),
    { verdict: "threw", message: /TypeError: .*undefined/, at: { line: 4, column: 24 } },
  ],
  [
    "an exception from a tensor",
    body("const wrong = 1;\n  return given.counts.mul(given.dprobs.sum(1));"),
    { verdict: "threw", message: /mul: \[32, 27\] and \[32\] do not broadcast.*keepdim/, at: { line: 5, column: 23 } },
  ],
  [
    "JavaScript's operators",
    body("const { counts } = given; return (counts as any) * 2;"),
    { verdict: "threw", message: /a tensor is not a number: write a\.add\(b\)/, at: { line: 4, column: 37 } },
  ],
  [
    "an undeclared variable",
    body("right = given.counts; return right;"),
    { verdict: "threw", message: /ReferenceError: right/ },
  ],
  [
    "keepdim as an object",
    body("return given.counts.sum(1, { keepdim: true });"),
    { verdict: "threw", message: /keepdim is true or false.*sum\(1, keepdim\)/ },
  ],
  [
    "an element read with brackets",
    body("return given.counts.clone().set(0, given.counts[0], 1);"),
    { verdict: "threw", message: /a tensor has no \[ \]; .*Yb\.get\(i\) reads one$/, at: { line: 4, column: 44 } },
  ],
  [
    "an element written with brackets",
    body("const d = zerosLike(given.counts);\n  d[0] = 1;\n  return d;"),
    {
      verdict: "threw",
      message: /a tensor has no \[ \]$/,
      at: { line: 5, column: 6 },
    },
  ],
  [
    "a method that no tensor has",
    body("const d = given.dprobs;\n  return given.counts.mul(d.negate());"),
    { verdict: "threw", message: /a tensor has no negate; did you mean neg\?/, at: { line: 5, column: 29 } },
  ],
  [
    "a misspelled variable in a return",
    body("const { dprobs } = given;\n  return dprob.mul(2);"),
    { verdict: "threw", message: /ReferenceError: dprob is not defined/, at: { line: 5, column: 10 } },
  ],
  ["a thrown string", body('throw "no";'), { verdict: "threw", message: /threw 'no'/ }],
  ["a thrown null", body("throw null;"), { verdict: "threw", message: /threw null/ }],
  [
    "an exception while it is imported",
    `throw new Error("early");`,
    { verdict: "threw", message: /early/, at: { line: 1, column: 7 } },
  ],
  ["an endless loop", body("for (;;);"), { verdict: "timeout", message: /timed out after 1 s/ }],
  ["an endless loop while it is imported", "for (;;);", { verdict: "timeout", message: /timed out/ }],
  ["endless recursion", body("const f = (): any => f(); return f();"), { verdict: "threw", message: /call stack/ }],
  [
    "endless microtasks",
    // each microtask starts the next one and returns: if it returned a promise, the chain would also run out of memory
    body("const f = (): any => void Promise.resolve().then(f); f(); return given.dc;"),
    { verdict: "timeout", message: /timed out/ },
  ],
  [
    "a list that grows without end",
    body("const list: any[] = []; for (;;) list.push(new Array(1000).fill(0.5));"),
    { verdict: "out-of-memory", message: /out of memory/ },
  ],
  [
    "arrays of gigabytes",
    body("return [1, 2, 3, 4].map(() => new Float32Array(2 ** 28).fill(1));"),
    { verdict: "out-of-memory", message: /memory/ },
  ],
  [
    "a wrong export name",
    exercise("dcount", "return given.counts;"),
    {
      verdict: "missing",
      message: /no function dcounts is exported; it exports dcount; write export function dcounts\(\.\.\.\)$/,
    },
  ],
  ["no export", "const dcounts = 1;", { verdict: "missing", message: /it exports nothing/ }],
  [
    "a missing return",
    body("given.counts.mul(2);"),
    { verdict: "shape", message: /returned undefined, expected a float32 Tensor \[32, 27\]; is there a return\?/ },
  ],
  [
    "an async function",
    body("return 1;").replace("function", "async function"),
    { verdict: "shape", message: /a Promise/ },
  ],
  ["a plain array", body("return [[1, 2]];"), { verdict: "shape", message: /an array \(tensor/ }],
  ["a number", body("return 3;"), { verdict: "shape", message: /returned a number/ }],
  [
    "an integer tensor",
    body("return given.counts.max(1).indices;"),
    { verdict: "shape", message: /an int32 Tensor \[32\]/ },
  ],
  [
    "something that looks like a tensor",
    body("return { shape: [32, 27], dtype: 'float32', toArray: () => [] };"),
    { verdict: "shape", message: /an object/ },
  ],
  [
    "a wrong shape",
    body("return given.counts.sum(1);"),
    { verdict: "shape", message: /returned \[32\], expected \[32, 27\]/ },
  ],
  ["NaN", body(`${add} return right.mul(NaN);`), { verdict: "not-finite", message: /^NaN at \[0, 0\]/ }],
  [
    "an infinite value",
    body(`${add} return right.set(0, 0, Infinity);`),
    { verdict: "not-finite", message: /Infinity/ },
  ],
  [
    "changed inputs",
    body(`${add} given.dprobs.mul_(2); return right;`),
    { verdict: "changed-inputs", message: /changed dprobs; operations without _ return a new tensor/ },
  ],
  [
    "answers that depend on chance",
    body(`${add} return right.mul(1 + Math.random());`),
    { verdict: "wrong", message: /two different answers for the same inputs/ },
  ],
  [
    "answers that depend on the call",
    `let calls = 0;\n${body(`${add} calls++; return calls % 2 ? right : right.mul(calls);`)}`,
    { verdict: "wrong", message: /two different answers for the same inputs/ },
  ],
  [
    "an answer that is correct only for the lecture's size",
    body(`${add} return dprobs.size(0) === 32 ? right : right.mul(2);`),
    { verdict: "wrong", message: /right on the lecture's batch \(n = 32\), but not for every input: .* n = \d+/ },
  ],
  [
    "one branch only",
    body("return given.counts_sum_inv.mul(given.dprobs);"),
    {
      verdict: "wrong",
      message: /\[32, 27\] is right, \d+ of 864 values differ; the largest at \[\d+, \d+\]: yours \S+, reference \S+$/,
    },
  ],
  [
    "an import that is not offered",
    `import fs from "node:fs";\n${body("return fs;")}`,
    {
      verdict: "threw",
      message: /cannot import "node:fs"; an exercise may import #tensor, #course/,
      at: { line: 1, column: 16 },
    },
  ],
  [
    "an import of a solution",
    `import { dcounts as d } from "../../solutions/1-step-by-step/05-dcounts.ts";\n${body("return d(given);")}`,
    { verdict: "threw", message: /cannot import/ },
  ],
  [
    "plain numbers",
    body("return given.counts.toArray();"),
    { verdict: "shape", message: /returned plain numbers, .*tensor\(/ },
  ],
  ["a dynamic import", body('return import("node:fs");'), { verdict: "threw", message: /does not compile/ }],
  [
    "a wrong name from #tensor",
    `import { zeroLike } from "#tensor";\n${body("return zeroLike(given.counts);")}`,
    { verdict: "threw", message: /No matching export.*zeroLike/, at: { line: 1, column: 10 } },
  ],
];

describe("any file gets its step a verdict, and the others are graded as usual", () => {
  for (const [what, text, { verdict, message, at }] of table) {
    it(`${what}: ${verdict}`, async () => {
      const result = await gradeBeside(text);
      expect(result).toMatchObject({ verdict, message: expect.stringMatching(message) });
      if (at !== undefined) expect(result.at).toEqual(at);
    });
  }

  it("a missing file: missing", async () => {
    const { dcounts, dprobs } = await gradeFiles({ dprobs: right }, ["dcounts", "dprobs"]);
    expect(dcounts).toMatchObject({
      verdict: "missing",
      message: expect.stringMatching(/05-dcounts\.ts does not exist$/),
    });
    expect(dprobs!.passed).toBe(true);
  });

  it("a file saved as UTF-16, or under a name with other capitals: what to do", async () => {
    const dW1 = stepOf("dW1").file;
    await withFolder({ [dW1]: "", "1-step-by-step/09-dH.ts": "// dh" }, async (tree) => {
      writeFileSync(path.join(tree, dW1), Buffer.from(`\ufeff${right}`, "utf16le"));
      expect(() => readSource(realpathSync(tree), dW1)).toThrow(`${dW1} is saved as UTF-16; save it as UTF-8`);
      expect(withOtherNumber(tree, "1-step-by-step/09-dh.ts")).toBe("1-step-by-step/09-dH.ts");
    });
  });

  it("an error in a file that the exercise imports names that file", async () => {
    const result = await gradeBeside(`import "./helper.ts";\n${body("return 1;")}`, {
      "1-step-by-step/helper.ts": "const = 1;",
    });
    expect(result).toMatchObject({
      verdict: "threw",
      message: expect.stringMatching(/does not compile: 1-step-by-step\/helper\.ts:1:7/),
      at: null,
    });
  });
});

describe("an exercise never affects another's verdict", () => {
  const rejecting: [what: string, text: string][] = [
    ["an async function that throws", "export async function dcounts() { throw new Error('later'); }"],
    ["a promise left rejected", body("Promise.reject(new Error('later')); return given.counts;")],
  ];
  for (const [what, text] of rejecting) {
    it(`with ${what}`, async () => {
      const texts = {
        dcounts: text,
        dprobs: right,
        dcounts_sum: exercise("dcounts_sum", "return given.dcounts_sum_inv.div(given.counts_sum.pow(2)).neg();"),
      };
      const results = await gradeFiles(texts);
      expect(results["dcounts"]!.passed).toBe(false);
      expect(results["dprobs"]!.passed).toBe(true);
      expect(results["dcounts_sum"]!.passed).toBe(true);
    });
  }

  it("with inputs that it changes", async () => {
    const text = body(
      `${add} const copy = dprobs.clone(); dprobs.mul_(0); dprobs.toArray = () => copy.toArray(); return right;`,
    );
    expect(await gradeBeside(text)).toMatchObject({ verdict: "changed-inputs" });
  });

  it("with a buffer that it reuses for every answer", async () => {
    const text = `const buffers: any = {};\n${exercise(
      "dprobs",
      "const right = given.dlogprobs.div(given.probs); const out = (buffers[right.shape] ??= right.clone()); out.mul_(0).add_(right); return out;",
    )}`;
    const { dprobs } = await gradeFiles({ dprobs: text });
    expect(dprobs!.verdict).toBe("exact");
  });

  it("with an answer of an absurd shape", async () => {
    expect(await gradeBeside(body("return tensor([1], new Array(64).fill(1));"))).toMatchObject({
      verdict: "shape",
      message: "returned [1, 1, 1, 1, 1, 1, 1, 1, ...], expected [32, 27]",
    });
    expect(await gradeBeside(body("return tensor([1], new Array(100000).fill(1));"))).toMatchObject({
      verdict: "threw",
      message: "TensorError: tensor: 100000 dimensions are too many; at most 64 are possible",
    });
  });

  it("with a symbolic link instead of the folder", async () => {
    await withFolder({}, async (root) => {
      symlinkSync(path.join(solutionsFolder, "1-step-by-step"), path.join(root, "1-step-by-step"));
      const names = readNames(shippedNames);
      const [result] = await gradeTree({ root, steps: [stepOf("dcounts")], names, reference: "ours" });
      expect(result).toMatchObject({ verdict: "missing", passed: false });
    });
  });
});

describe("what an exercise may do", () => {
  it("print: the output of the call on the lecture's batch is shown under its step", async () => {
    const text = exercise(
      "dprobs",
      'console.log("n is", given.probs.size(0), given.probs.sum(1).shape); return given.dlogprobs.div(given.probs);',
    );
    const { dprobs } = await gradeFiles({ dprobs: text });
    expect(dprobs).toMatchObject({ verdict: "exact", printed: "n is 32 [ 32 ]\n" });
  });

  it("print several values: in one line, except for values of several lines", async () => {
    const calls = [
      'console.log("t is", 0, [0, -0], -0);',
      'const t = tensor([[1, 2], [3, 4]]); console.log("t is", t, "of", 2, t); console.log("t:\\n", t);',
      "console.log(t, t.sum()); console.log(); console.log(new Float32Array([0]));",
    ];
    const text = exercise("dprobs", `${calls.join(" ")} return given.dlogprobs.div(given.probs);`);
    const { dprobs } = await gradeFiles({ dprobs: text });
    const rows = ["tensor([[1.0000, 2.0000],", "        [3.0000, 4.0000]])"];
    expect(dprobs!.printed.split("\n")).toEqual([
      "t is 0 [ 0, -0 ] -0",
      "t is",
      ...rows,
      "of 2",
      ...rows,
      "t:",
      ...rows,
      ...rows,
      "tensor(10.0000)",
      "",
      "Float32Array[ 0 ]",
      "",
    ]);
  });

  it("print before it throws or runs out of time", async () => {
    const loops = exercise("dcounts", 'console.log("before the loop"); for (;;);');
    const throws = exercise("dprobs", 'console.log("before the throw"); throw new Error("no");');
    const { dcounts, dprobs } = await gradeFiles({ dcounts: loops, dprobs: throws });
    expect(dcounts!.printed).toBe("before the loop\n");
    expect(dprobs!.printed).toMatch(/^before the throw\n/);
  });

  it("import a file next to it", async () => {
    const text = `import { quotient } from "../helpers.ts";\n${exercise("dprobs", "return quotient(given.dlogprobs, given.probs);")}`;
    const helpers = "export const quotient = (a: any, b: any) => a.div(b);";
    const { dprobs } = await gradeFiles({ dprobs: text }, ["dprobs"], { "helpers.ts": helpers });
    expect(dprobs!.verdict).toBe("exact");
  });

  it("use another order of operations: the verdict is rounding, and it passes", async () => {
    const text = exercise(
      "dcounts_sum",
      "return given.dcounts_sum_inv.mul(given.counts_sum_inv.mul(given.counts_sum_inv)).neg();",
    );
    const { dcounts_sum } = await gradeFiles({ dcounts_sum: text });
    expect(dcounts_sum).toMatchObject({ verdict: "rounding", passed: true });
  });
});
