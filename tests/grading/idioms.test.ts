import { describe, expect, it } from "vitest";
import { idiomNote } from "../../grader/grading/idioms/note.ts";
import type { Cause } from "../../grader/verdict/cause.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { gradeFiles, stepOf } from "../trees.ts";
<<<<<<< HEAD

/** dcounts with a body, in the stub's own form. The body begins at line 4. */
function fileWith(body: string, before = ""): string {
  return `import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
export function dcounts({ counts, counts_sum, dcounts_sum, counts_sum_inv, probs, dprobs }: Given<"dcounts">): Tensor {
  ${body}
}
${before}`;
}

const loop = "Python's loop over a range is written for (let i = 0; i < n; i++) { ... }";
const unnamed = /^arguments have no names here: write sum\(1, keepdim\) for sum\(1, keepdim=True\)/;
const blocks = /^blocks are in braces and conditions in parentheses/;
const operators = /^and, or and not are written &&, \|\| and !$/;

/** What a learner writes, and what is said of it; the line is the body's first, or the one that is given. */
const told: [code: string, note: string | RegExp, line?: number][] = [
  ["return dprobs.sum(1, keepdim=True);", unnamed],
  ["return dprobs.sum(1, keepdim=true);", unnamed],
  ["return dprobs.sum(1, keepdim: true);", unnamed],
  ["return dprobs.sum(axis=1, keepdims=true);", unnamed],
  ["return dprobs.sum(dim=1);", unnamed],
  ["return counts @ dprobs;", "@ is Python's matrix product: write counts.matmul(dprobs)"],
  ["return counts.T @ dprobs", "@ is Python's matrix product: write counts.T.matmul(dprobs)"],
  ["const n = 3;\n  for i in range(n):\n    n", loop, 5],
  [
    "for i in range(counts.size(0)) { }",
    "Python's loop over a range is written for (let i = 0; i < counts.size(0); i++) { ... }",
  ],
  ["const n = 3;\n  for (const i in range(n)) { }", loop, 5],
  [
    "const d = zerosLike(counts); const Yb = [0]; d[range(3), Yb] = -1;",
    /^a tensor has no \[ \]: oneHot\(Yb, x\.size\(1\)\) has a 1 at each/,
  ],
  ["const d = zerosLike(counts); d[range(3), 0] = -1;", "a tensor has no [ ]: write a loop with x.set(i, 0, v)"],
  [
    "return torch.zeros_like(counts);",
    "there is no torch here: write zerosLike(x); all operations: exercises/TENSORS.md#all-operations",
  ],
  [
    "return torch.exp(counts);",
    "there is no torch here: write x.exp(...); all operations: exercises/TENSORS.md#all-operations",
  ],
  ["return np.zeros(3);", "there is no np here: write zeros(...); all operations: exercises/TENSORS.md#all-operations"],
  [
    "return F.one_hot(counts, 27);",
    "there is no F here: write oneHot(x, classes); all operations: exercises/TENSORS.md#all-operations",
  ],
  ["return np.einsum(counts);", "there is no np here; all operations: exercises/TENSORS.md#all-operations"],
  [
    "const d = dprobs.clone();\n  d /= 3;\n  return d;",
    "/= does not work on a tensor: write d.div_(3), which changes d itself",
    5,
  ],
  ["let d = dprobs.clone(); d += probs; return d;", /^d \+= \.\.\. is written d\.add_\(\.\.\.\)/],
  [
    "const d = dprobs.clone();\n  d += probs;\n  return d;",
    "+= does not work on a tensor: write d.add_(probs), which changes d itself",
    5,
  ],
  ["return 1 - counts;", "1 - counts is written tensor(1).sub(counts)"],
  [
    "return dprobs * (1 - counts ** 2);",
    "counts ** 2 is written counts.pow(2); 1 - counts.pow(2) is written tensor(1).sub(counts.pow(2))",
  ],
  ["return counts**2;", "counts**2 is written counts.pow(2)"],
  ["return counts * dprobs;", "counts * dprobs is written counts.mul(dprobs)"],
  ["return dprobs + counts * probs;", "counts * probs is written counts.mul(probs)"],
  ["return 2 * counts;", "2 * counts is written counts.mul(2)"],
  ["return -counts;", "-counts is written counts.neg()"],
  ["return -counts ** 2;", "write counts.pow(2).neg()"],
  ["return Math.exp(counts);", "Math.exp(counts) is written counts.exp()"],
  [
    "return counts.sum(1, keepdim) * dprobs;",
    "counts.sum(1, keepdim) * dprobs is written counts.sum(1, keepdim).mul(dprobs)",
  ],
  ["return counts[0, 1];", "counts[0, 1] is written counts.get(0, 1)"],
  ["return counts[0][1];", "counts[0][1] is written counts.get(0, 1)"],
  ["const d = zerosLike(counts);\n  d[0, 1] = 3;\n  return d;", "d[0, 1] = 3 is written d.set(0, 1, 3)", 5],
  [
    "const d = zerosLike(counts);\n  d[0][1] += 3;\n  return d;",
    "d[0][1] += 3 is written d.set(0, 1, d.get(0, 1) + 3)",
    5,
  ],
  ["return len(counts);", "len(counts) is written counts.size(0)"],
  ["print(counts);", "print(x) is written console.log(x)"],
  ["return dprobs.sum(1, True);", "True is written true"],
  ["return None;", "None is written undefined"],
  ["if (counts and probs) { }", operators],
  ["return not counts;", operators],
  ["return counts or probs;", operators],
  ["if counts and probs:\n    return counts", blocks],
  ["while True:\n    return counts", blocks],
  ["if (true) { }\n  else:\n    return counts", blocks, 5],
  ["# the first branch", "a comment begins with //, not with #"],
  ["return counts # the first branch", "a comment begins with //, not with #"],
  ["return [x for x in counts];", /^this is Python's list comprehension/],
  ["return counts.each(lambda x: x);", "lambda x: ... is written (x) => ..."],
  ["return counts[:, 0];", /^a tensor has no slices/],
  ["return counts[0:3];", /^a tensor has no slices/],
  ["return counts if counts else probs;", "a if condition else b is written condition ? a : b"],
  [
    "const values, indices = counts.max(1);",
    "max returns both under their names: write const { values, indices } = x.max(1)",
  ],
  ["return counts.max(1).mul(2);", "max returns two tensors: write max(1).values.mul(...), or max(1).indices"],
  ["return 1.sub(counts);", "a number has no operations: write tensor(1).sub(...)"],
  ["return (1).sub(counts);", "a number has no operations: write tensor(1).sub(...)"],
  ["def dcounts(a):", "def is Python: write function dcounts(a, b) { return ...; }"],
  ["import numpy as np", /^this is Python's import/],
  ["from torch import nn", /^this is Python's import/],
  ["return exp(counts);", "exp is a method: write x.exp(...)"],
  ["return zeros_like(counts);", "it is written zerosLike(x) here"],
  ["return ones(2, 3);", 'ones is not imported: add it to import { ... } from "#tensor"'],
  ["d = counts.mul(2);\n  return d;", "a new name begins with const: write const d = ..."],
  ["for (i = 0; i < 3; i++) { }", "write for (let i = 0; ...)"],
  ["for (i of [1, 2]) { }", "write for (const i of ...)"],
];
=======
import { fileWith, told } from "./idioms-told.ts";
>>>>>>> page

describe("an idiom of PyTorch, NumPy or Python gets a note that says what to write", () => {
  it.each(told)("%s", async (code, note, line = 4) => {
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
    'Cannot assign to "n" because it is a constant',
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
        const note = idiomNote(step, result, `\n${line}\n`);
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
      const start = performance.now();
      idiomNote(stepOf("dcounts"), result, text);
      expect(performance.now() - start).toBeLessThan(1000);
    }
  });
});
