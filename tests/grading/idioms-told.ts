/** dcounts with a body, in the stub's own form. The body begins at line 4. */
export function fileWith(body: string, before = ""): string {
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
export const told: [code: string, note: string | RegExp, line?: number][] = [
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
