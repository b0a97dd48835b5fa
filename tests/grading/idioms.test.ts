import { describe, expect, it } from "vitest";
import { idiomNote } from "../../grader/grading/idioms/note.ts";
import type { Cause } from "../../grader/verdict/cause.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { sampled } from "../sample.ts";
import { gradeFiles, stepOf } from "../trees.ts";
import { fileWith, told } from "./idioms-told.ts";

describe("an idiom of PyTorch, NumPy or Python gets a note that says what to write", () => {
  it.each(sampled(told, 6))("%s", async (code, note, line = 4) => {
    const { dcounts } = await gradeFiles({ dcounts: fileWith(code) });
    expect(dcounts).toMatchObject({ passed: false, verdict: "threw" });
    const [first, ...others] = dcounts!.notes;
    expect(first?.text, dcounts!.message!).toEqual(typeof note === "string" ? note : expect.stringMatching(note));
    expect(first!.line).toBe(line);
    // no note of the type checker repeats on the same line what the note says
    expect(others.filter((other) => other.line === line)).toEqual([]);
  });

  it.each(["import numpy as np", "import torch", "from torch import nn", "import numpy"])(
    "above the function: %s",
    async (code) => {
      const { dcounts } = await gradeFiles({ dcounts: `${code}\n${fileWith("return counts;")}` });
      expect(dcounts!.notes[0]).toMatchObject({ line: 1, text: expect.stringMatching(/^this is Python's import/) });
    },
  );
});

/** Everything that any line could be blamed for. */
const causes: Cause[] = [
  ...["axis", "range", "x", "d", "i", "len", "print", "torch", "exp", "n", "total"].map((name): Cause => ({
    kind: "engine",
    said: `ReferenceError: ${name} is not defined`,
  })),
  { kind: "engine", said: "TypeError: Cannot read properties of undefined (reading 'mul')" },
  { kind: "engine", said: "TypeError: counts.foo is not a function" },
  ...[
    'Expected ";" but found "x"',
    'Expected ")" but found ";"',
    'Expected "(" but found "n"',
    'Expected "]" but found ":"',
    'Unexpected ":"',
    'Unexpected "**"',
    'Syntax error "x"',
    'Cannot assign to "m" because it is a constant',
    'The constant "x" must be initialized',
    "Unterminated string literal",
    'Expected "}" but found end of file',
  ].map((said): Cause => ({ kind: "compiler", said })),
  { kind: "operator", operation: "", numbers: [] },
  { kind: "brackets", operation: "", numbers: [] },
  { kind: "absent", operation: "", numbers: [] },
  {
    kind: "shapes",
    operation: "mul",
    numbers: [
      [2, 3],
      [3, 2],
    ],
  },
];

/** Lines of correct TypeScript, of which nothing may be said whatever went wrong there. */
const innocent = [
  "return counts.sum(1, keepdim);",
  "return counts.sum(0).mul(dprobs);",
  "const n = counts.size(0);",
  "const scale = 1 / n;",
  "const scale = 1 / (n - 1);",
  "return dprobs.mul(1 / n);",
  "return dprobs.mul(-1 / n).add(dcounts_sum);",
  "return dprobs.mul(n - 1).div(n);",
  "const half = 0.5 * n ** 2;",
  "for (let i = 0; i < n; i++) {",
  "for (let k = counts.size(0) - 1; k >= 0; k--) {",
  "for (const i of [0, 1, 2]) {",
  "for (const row in rows) {",
  "d.set(i, j, d.get(i, j) + 2 * counts.get(i, j) ** 2);",
  "d.set(i, j, counts.get(i, j) * dprobs.get(i, j));",
  "const v = counts.get(i, j) - probs.get(i, j);",
  "let sum = 0;",
  "sum += counts.get(i, j);",
  "sum -= 1;",
  "n /= 2;",
  "if (n > 1 && m > 1) return counts;",
  "if (!ready || n === 2) {",
  "} else {",
  "const { values, indices } = counts.max(1, keepdim);",
  "const [first, second] = [counts, probs];",
  "const rows = counts.shape[0];",
  "const [rows, columns] = counts.shape;",
  "const names = { keepdim: true, dim: 1 };",
  "return counts.max(1).values;",
  "return tensor(1).sub(counts.pow(2));",
  "return tensor([1, 2, 3], [3]);",
  'console.log("counts * probs, and 1 - counts", counts);',
  'console.log("if n: torch.zeros_like # not range(n)");',
  "// return counts * probs; for i in range(n): import numpy",
  "/* counts @ probs */ return counts;",
  "console.log(`counts[0] = ${n - 1}`);",
  "const f = (x: Tensor): Tensor => x.mul(2);",
  "const label = n > 2 ? counts : probs;",
  "return onesLike(counts).mul(dcounts_sum);",
  'import { ones } from "#tensor";',
  'import * as all from "#tensor";',
  "export function helper(a: Tensor, b: Tensor): Tensor {",
  "type Pair = [Tensor, Tensor];",
  "const list: number[] = [];",
  "list[0] = 1;",
  "list[i] += 2;",
  "const m = list[i][j];",
  "return numbers[0] - 1;",
  "const last = list[list.length - 1];",
  "const key = table[name];",
  'throw todo("dcounts");',
  "const inverse = counts_sum.pow(-1);",
  "return dprobs.div(counts_sum).add(dcounts_sum);",
];

describe("nothing is said of ordinary code", () => {
  it("whatever it is blamed for", () => {
    expect(innocent.length).toBeGreaterThan(45);
    const step = stepOf("dcounts");
    const found = innocent.flatMap((line) =>
      causes.flatMap((cause) => {
        const result = { cause, at: { line: 2, column: 1 } } as StepResult;
        const note = idiomNote(step, result, `const n = counts.size(0);\n${line}\n`);
        return note ? [`${line}   ${JSON.stringify(cause)}: ${note.text}`] : [];
      }),
    );
    expect(found).toEqual([]);
  });

  it("nor of an error without a place, or of a step that passes", async () => {
    const cause: Cause = { kind: "operator", operation: "", numbers: [] };
    expect(idiomNote(stepOf("dcounts"), { cause, at: null } as StepResult, "return counts * probs;")).toBeUndefined();
    const { dcounts } = await gradeFiles({ dcounts: fileWith("return counts_sum_inv.mul(dprobs).add(dcounts_sum);") });
    expect(dcounts).toMatchObject({ passed: true, notes: [] });
  });

  it("and operators between names that may be numbers are left alone", async () => {
    const { dcounts } = await gradeFiles({
      dcounts: fileWith("const f = (a: any, b: any) => a * b;\n  return f(counts, 2);"),
    });
    expect(dcounts!.notes.filter(({ text }) => !text.startsWith("TS"))).toEqual([]);
    expect(dcounts!.message).toMatch(/a tensor is not a number/);
  });

  it("and the search is quick, whatever the file contains", () => {
    const result = {
      cause: { kind: "operator", operation: "", numbers: [] },
      at: { line: 1, column: 1 },
    } as unknown as StepResult;
    for (const text of [
      "a.".repeat(200),
      "a(".repeat(200),
      "const a = b.add(".repeat(20_000),
      "x * ".repeat(100),
      "[".repeat(400),
    ]) {
      const start = process.cpuUsage();
      idiomNote(stepOf("dcounts"), result, text);
      // processor time, in microseconds: a busy machine does not fail it
      expect(process.cpuUsage(start).user).toBeLessThan(1e6);
    }
  });
});

describe("a bracket that is not closed is named", () => {
  const lost: [code: string, line: number, column: number, bracket: string][] = [
    ["return counts.mul(dprobs", 4, 20, "("],
    ["return counts.mul(dprobs.add(probs);", 4, 20, "("],
    ["const d = counts.mul(\n    dprobs.add(probs);\n  return d;", 4, 23, "("],
    ["const d = zerosLike(counts\n  return d;", 4, 22, "("],
    ["const d = tensor([1, 2;\n  return d;", 4, 20, "["],
    ['const d = counts.add(dprobs; // ")"\n  return d;', 4, 23, "("],
  ];
  it.each(lost)("%s", async (code, line, column, bracket) => {
    const { dcounts } = await gradeFiles({ dcounts: fileWith(code) });
    const text = `the bracket ${bracket} in line ${line}, column ${column} is not closed`;
    expect(dcounts!.notes[0], dcounts!.message!).toEqual({ line, column, text });
  });
});

describe("with a note that says what to write,", () => {
  it("the error is one line, and what follows from it is not repeated", async () => {
    const { dcounts } = await gradeFiles({
      dcounts: fileWith("const d = 1 - counts;\n  const e: Tensor = d;\n  return e * dprobs;"),
    });
    expect(dcounts!.message).toBe("TensorError: a tensor is not a number");
    expect(dcounts!.notes.map(({ text }) => text)).toEqual(["1 - counts is written tensor(1).sub(counts)"]);
  });

  it("a misspelled name elsewhere is still named", async () => {
    const { dcounts } = await gradeFiles({
      dcounts: fileWith("const d = 1 - counts;\n  return d.mul(dprob);"),
    });
    expect(dcounts!.notes.map(({ line }) => line)).toEqual([4, 5]);
    expect(dcounts!.notes[1]!.text).toBe("did you mean dprobs?");
  });
});

describe("the function's own name as a variable", () => {
  const note = "a new name begins with const: write const dcounts = counts_sum_inv.mul(dprobs).add(dcounts_sum)";

  it("gets a note also where the answer is right, and no other", async () => {
    const { dcounts } = await gradeFiles({
      dcounts: fileWith("dcounts = counts_sum_inv.mul(dprobs).add(dcounts_sum)\n  return dcounts"),
    });
    expect(dcounts).toMatchObject({ passed: true, notes: [{ line: 4, column: 3, text: note }] });
  });

  it("gets the translation of what is assigned to it", async () => {
    const { dcounts } = await gradeFiles({
      dcounts: fileWith("dcounts = counts_sum_inv * dprobs + dcounts_sum\n  return dcounts"),
    });
    expect(dcounts!.notes.map(({ text }) => text)).toEqual([
      "dcounts = counts_sum_inv * dprobs + dcounts_sum is written " +
        "const dcounts = counts_sum_inv.mul(dprobs).add(dcounts_sum)",
    ]);
  });

  it("is left alone where it is declared", async () => {
    const { dcounts } = await gradeFiles({
      dcounts: fileWith(
        "let dcounts = counts_sum_inv.mul(dprobs);\n  dcounts = dcounts.add(dcounts_sum);\n  return dcounts;",
      ),
    });
    expect(dcounts).toMatchObject({ passed: true, notes: [] });
  });
});

describe("what a function of the step returns is known", () => {
  it.each([
    [
      "return (lossOf(spot) - lossOf(spot)) / 2;",
      "(lossOf(spot) - lossOf(spot)) / 2 is written lossOf(spot).sub(lossOf(spot)).div(2)",
    ],
    [
      "const d = spot.clone();\n  const up = lossOf(spot);\n  d.set(0, 0, (up - lossOf(d)) / 2);\n  return d;",
      "d.set(0, 0, (up - lossOf(d)) / 2) is written d.set(0, 0, (up.item() - lossOf(d).item()) / 2)",
    ],
  ])("%s", async (code, note) => {
    const file = `import { lossOf, type Given } from "#course";
import { type Tensor } from "#tensor";
export function numericalGradient({ spot, nudge }: Given<"numericalGradient">): Tensor {
  ${code}
}
`;
    const { numericalGradient } = await gradeFiles({ numericalGradient: file });
    expect(numericalGradient!.notes.map(({ text }) => text)).toContain(note);
  });
});
