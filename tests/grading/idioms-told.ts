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
const kept = "is written dprobs.sum(1, keepdim)";
const unnamed = "arguments have no names here";
const blocks = /^blocks are in braces and conditions in parentheses/;
const operators = /^and, or and not are written &&, \|\| and !$/;

/** What a learner writes, and what is said of it; the line is the body's first, or the one that is given. */
export const told: [code: string, note: string | RegExp, line?: number][] = [
  ["return dprobs.sum(1, keepdim=True);", `${unnamed}: dprobs.sum(1, keepdim=True) ${kept}`],
  ["return dprobs.sum(1, keepdim=true);", `${unnamed}: dprobs.sum(1, keepdim=true) ${kept}`],
  ["return dprobs.sum(1, keepdim: true);", `${unnamed}: dprobs.sum(1, keepdim: true) ${kept}`],
  ["return dprobs.sum(axis=1, keepdims=true);", `${unnamed}: dprobs.sum(axis=1, keepdims=true) ${kept}`],
  [
    "return dprobs.sum(keepdim=False, axis=0);",
    `${unnamed}: dprobs.sum(keepdim=False, axis=0) is written dprobs.sum(0)`,
  ],
  ["return dprobs.sum(dim=1);", `${unnamed}: dprobs.sum(dim=1) is written dprobs.sum(1)`],
  [
    "return ((x: unknown) => x)(dim=1);",
    /^arguments have no names here: write sum\(1, keepdim\) for sum\(1, keepdim=True\)/,
  ],
  ["return counts @ dprobs;", "counts @ dprobs is written counts.matmul(dprobs)"],
  ["return counts.T @ dprobs", "counts.T @ dprobs is written counts.T.matmul(dprobs)"],
  ["return counts @ counts.each((v) => v);", "@ is Python's matrix product: write counts.matmul(counts.each)"],
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
  ["return torch.zeros_like(counts);", "there is no torch here: torch.zeros_like(counts) is written zerosLike(counts)"],
  ["return torch.exp(counts);", "there is no torch here: torch.exp(counts) is written counts.exp()"],
  [
    "return torch.zeros_like(ungiven.x ?? 1);",
    "there is no torch here: write zerosLike(x); all operations: exercises/TENSORS.md#all-operations",
  ],
  [
    "return np.zeros(3);",
    'there is no np here: np.zeros(3) is written zeros(3); add zeros to import { ... } from "#tensor"',
  ],
  ["return F.one_hot(counts, 27);", "there is no F here: F.one_hot(counts, 27) is written oneHot(counts, 27)"],
  [
    "return torch.sum(dprobs, dim=1, keepdim=True);",
    `there is no torch here, and ${unnamed}: torch.sum(dprobs, dim=1, keepdim=True) ${kept}`,
  ],
  ["return np.einsum(counts);", "there is no np here; all operations: exercises/TENSORS.md#all-operations"],
  ["const d = dprobs.clone();\n  d /= 3;\n  return d;", "d /= 3 is written d.div_(3), which changes d itself", 5],
  ["let d = dprobs.clone(); d += probs; return d;", "d += probs is written d.add_(probs), which changes d itself"],
  [
    "const d = dprobs.clone();\n  d += probs;\n  return d;",
    "d += probs is written d.add_(probs), which changes d itself",
    5,
  ],
  ["return 1 - counts;", "1 - counts is written tensor(1).sub(counts)"],
  [
    "return dprobs * (1 - counts ** 2);",
    "dprobs * (1 - counts ** 2) is written dprobs.mul(tensor(1).sub(counts.pow(2)))",
  ],
  ["return counts**2;", "counts**2 is written counts.pow(2)"],
  ["return counts * dprobs;", "counts * dprobs is written counts.mul(dprobs)"],
  ["return dprobs + counts * probs;", "dprobs + counts * probs is written dprobs.add(counts.mul(probs))"],
  ["return 2 * counts;", "2 * counts is written counts.mul(2)"],
  ["return -counts;", "-counts is written counts.neg()"],
  ["return -counts ** 2;", "-counts ** 2 is written counts.pow(2).neg()"],
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
  ["return dprobs.sum(1, True);", `dprobs.sum(1, True) ${kept}`],
  ["return counts.size(0) > 3 ? dprobs : True;", "True is written true"],
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
    "max returns both under their names: write const { values, indices } = counts.max(1)",
  ],
  ["return counts.max(1).mul(2);", "max returns two tensors: write max(1).values.mul(...), or max(1).indices"],
  ["return 1.sub(counts);", "1.sub(counts) is written tensor(1).sub(counts)"],
  ["return (1).sub(counts);", "(1).sub(counts) is written tensor(1).sub(counts)"],
  ["def dcounts(a):", "def is Python: write function dcounts(a, b) { return ...; }"],
  ["import numpy as np", /^this is Python's import/],
  ["from torch import nn", /^this is Python's import/],
  ["return exp(counts);", "exp(counts) is written counts.exp()"],
  ["return exp((x) => x);", "exp is a method: write x.exp(...)"],
  ["return zeros_like(counts);", "zeros_like(counts) is written zerosLike(counts)"],
  ["return zeros_like((x) => x);", "it is written zerosLike(x) here"],
  // what people wrote who came from JavaScript
  ["return [...dprobs];", /^a tensor is not an array: dprobs\.toArray\(\) gives its numbers/],
  ["for (const row of dprobs) row;", /^a tensor is not an array: dprobs/],
  ["return Math.max(...dprobs) > 1 ? counts : dprobs;", /^a tensor is not an array: dprobs/],
  ["return tensor(Array.from(dprobs, (v) => -v), dprobs.shape);", /^a tensor is not an array: dprobs/],
  ["const [a, b] = dprobs; return a;", /^a tensor is not an array: dprobs/],
  ["return structuredClone(dprobs);", "a tensor is copied with x.clone()"],
  ["setTimeout(() => dprobs, 0);", /^an exercise has JavaScript's own objects/],
  [
    "return [counts, dprobs].reduce((sum: any, one: any) => sum.add(one), 0);",
    "the 0 behind the function is a number, which has no add: leave it out",
  ],
  ["return dcouns_sum.add(1);", "did you mean dcounts_sum?"],
  ["return dprobs.mul(prbs);", "did you mean probs?"],
  ["return dcounts_sum_inv.mul(counts);", /^dcounts_sum_inv is not given: it is the gradient of counts_sum_inv/],
  [
    "dprobs.get(0, 1) += counts.get(0, 1) * 2;",
    "get reads a number: write dprobs.set(0, 1, dprobs.get(0, 1) + counts.get(0, 1) * 2)",
  ],
  [
    "dprobs.get(0, size(1)) -= counts.get(0, 1) - 2;",
    "get reads a number: write dprobs.set(0, size(1), dprobs.get(0, size(1)) - (counts.get(0, 1) - 2))",
  ],
  ["dprobs.get(0, 1) = 5;", "get reads a number: write dprobs.set(0, 1, 5)"],
  ["return counts.mul(2);\n    .add(dprobs);", /^the line before ends in a semicolon/, 5],
  ["return counts.mul(2) add(dprobs);", "a dot is missing: write .add(...)"],
  ['console.log("counts " + counts);', /^a tensor cannot be added to text: console\.log\("P", P\)/],
  [
    "const lossAt = (x: any): any => x.sum(); return lossAt(counts) / lossAt(probs);",
    "what lossAt returns is a tensor: if it has one number, lossAt(counts).item() is that number",
  ],
  ["return counts.mul(probs ^ 2);", "^ is no power: write x.pow(2)"],
  [
    "let dcounts = counts.mul(2);\n  dcounts += probs;\n  return dcounts;",
    /^dcounts \+= probs is written dcounts\.add_/,
    5,
  ],
  ["return ones(2, 3);", 'ones is not imported: add it to import { ... } from "#tensor"'],
  ["d = counts.mul(2);\n  return d;", "a new name begins with const: write const d = ..."],
  // what people wrote who came from PyTorch
  [
    "return (-counts_sum**-2) * dcounts_sum",
    "(-counts_sum**-2) * dcounts_sum is written counts_sum.pow(-2).neg().mul(dcounts_sum)",
  ],
  ["return -counts_sum**-2;", "-counts_sum**-2 is written counts_sum.pow(-2).neg()"],
  ["return -1.0 * dprobs.sum(0)", "-1.0 * dprobs.sum(0) is written dprobs.sum(0).mul(-1)"],
  [
    "return -1/counts_sum.pow(2)*dcounts_sum;",
    "-1/counts_sum.pow(2)*dcounts_sum is written tensor(-1).div(counts_sum.pow(2)).mul(dcounts_sum)",
  ],
  [
    "return -0.5*(counts_sum + 1e-5)**-1.5 * dcounts_sum;",
    "-0.5*(counts_sum + 1e-5)**-1.5 * dcounts_sum is written " +
      "counts_sum.add(1e-5).pow(-1.5).mul(-0.5).mul(dcounts_sum)",
  ],
  [
    "return (counts_sum+1e-5)**-1.5 * dcounts_sum * -0.5;",
    "(counts_sum+1e-5)**-1.5 * dcounts_sum * -0.5 is written " +
      "counts_sum.add(1e-5).pow(-1.5).mul(dcounts_sum).mul(-0.5)",
  ],
  ["return counts.mul(1.0 / n);", "n is the number of rows of counts: const n = counts.size(0)"],
  [
    "return (1.0/(n-1))*torch.ones_like(counts) * dprobs",
    "n is the number of rows of counts: const n = counts.size(0); there is no torch here: " +
      "(1.0/(n-1))*torch.ones_like(counts) * dprobs is written onesLike(counts).mul(1 / (n - 1)).mul(dprobs)",
  ],
  ["for i in range(n):", "Python's loop over a range is written for (let i = 0; i < counts.size(0); i++) { ... }"],
  ["return onesLike(counts) * dprobs;", "onesLike(counts) * dprobs is written onesLike(counts).mul(dprobs)"],
  [
    "return (tensor(1.0) - counts.pow(2)).mul(dprobs);",
    "(tensor(1.0) - counts.pow(2)).mul(dprobs) is written tensor(1).sub(counts.pow(2)).mul(dprobs)",
  ],
  [
    "const d = dprobs.clone();\n  return d.add_(onesLike(d) * dprobs);",
    "d.add_(onesLike(d) * dprobs) is written d.add_(onesLike(d).mul(dprobs))",
    5,
  ],
  [
    "const d = zerosLike(counts);\n  d += oneHot(counts.max(1).indices, 27) * counts_sum;",
    "d += oneHot(counts.max(1).indices, 27) * counts_sum is written " +
      "d.add_(oneHot(counts.max(1).indices, 27).mul(counts_sum)), which changes d itself",
    5,
  ],
  [
    "dprobs /= probs;\n  return dprobs;",
    "dprobs /= probs is written const d = dprobs.div(probs): what you are given must not change",
  ],
  [
    "const d = dprobs;\n  d /= 3;\n  return d;",
    "d /= 3 is written d.div_(3), which changes d itself; it is dprobs, which must not change: " +
      "begin with d = dprobs.clone()",
    5,
  ],
  [
    "let d = dprobs;\n  const e = d;\n  e[0, 1] = 3;\n  return e;",
    "e[0, 1] = 3 is written e.set(0, 1, 3); it is dprobs, which must not change: begin with e = dprobs.clone()",
    6,
  ],
  [
    "dprobs[0, 1] = 3;\n  return dprobs;",
    "dprobs[0, 1] = 3 is written dprobs.set(0, 1, 3); dprobs is given and must not change: " +
      "const d = dprobs.clone() is a copy",
  ],
  // what is declared twice, or assigned, may be something else
  [
    "let d = dprobs;\n  d = counts.mul(d);\n  d /= 3;\n  return d;",
    "d /= 3 is written d.div_(3), which changes d itself",
    6,
  ],
  [
    "const d = zerosLike(counts);\n  d[0] += dprobs[0, 1];\n  return d;",
    "d[0] is a row: a further loop over the columns writes numbers: d.set(0, m, d.get(0, m) + ...)",
    5,
  ],
  [
    "const d = zerosLike(counts);\n  d[0, 1] += dprobs[0, 1];\n  return d;",
    "d[0, 1] += dprobs[0, 1] is written d.set(0, 1, d.get(0, 1) + dprobs.get(0, 1))",
    5,
  ],
  [
    "return (counts == counts_sum) * dprobs;",
    "tensors are not compared with ==: oneHot(counts.max(1).indices, counts.size(1)) has a 1 at the largest entry of " +
      "each row of counts",
  ],
  ["return (counts == probs).float();", /^tensors are not compared with ==/],
  ["return (counts > 0) * dprobs;", "(counts > 0) * dprobs is written counts.each((v) => (v > 0 ? 1 : 0)).mul(dprobs)"],
  ["m, i = counts.max(1)", "max returns both under their names: write const { values: m, indices: i } = counts.max(1)"],
  [
    "const [m, i] = counts.max(1);",
    "max returns both under their names: write const { values: m, indices: i } = counts.max(1)",
  ],
  ["n, v = counts.shape", "a shape is an array: write const [n, v] = counts.shape"],
  ["const n, v = counts.shape;", "a shape is an array: write const [n, v] = counts.shape"],
  ["n, v = counts.size()", "a shape is an array: write const [n, v] = counts.shape"],
  ["return dprobs.sum(1)[:, None];", `dprobs.sum(1)[:, None] ${kept}`],
  ["return dprobs.sum(1).unsqueeze(1);", `dprobs.sum(1).unsqueeze(1) ${kept}`],
  ["const s = dprobs.sum(1);\n  return s.unsqueeze(1);", "s.unsqueeze(1) is written s.view(-1, 1)", 5],
  ["return counts_sum.expand_as(dprobs);", "counts_sum.expand_as(dprobs) is written counts_sum.expand(dprobs.shape)"],
  ["return counts.t();", "counts.t() is written counts.T"],
  ["return counts.T();", "counts.T() is written counts.T"],
  ["return probs.backward();", "the upstream gradient is given: dcounts_sum, dprobs"],
  ["return probs.grad;", /^the upstream gradient is given/],
  ["return counts.mul(dcounts);", "dcounts is the function that you are writing; did you mean dcounts_sum or dprobs?"],
  ["const s = 2;\n  return counts.mul(-s ** 2);", "counts.mul(-s ** 2) is written counts.mul(-(s ** 2))", 5],
  ["d = counts * 2;", "d = counts * 2 is written const d = counts.mul(2)"],
  ["return counts\n    * probs\n    * 2.0", "counts * probs * 2.0 is written counts.mul(probs).mul(2)"],
  ["for (i = 0; i < 3; i++) { }", "write for (let i = 0; ...)"],
  ["for (i of [1, 2]) { }", "write for (const i of ...)"],
  // the function's own name, for what it returns
  [
    "let dcounts = counts_sum_inv.mul(dprobs);\n  dcounts += onesLike(counts).mul(dcounts_sum);\n  return dcounts;",
    "dcounts += onesLike(counts).mul(dcounts_sum) is written dcounts.add_(onesLike(counts).mul(dcounts_sum)), which " +
      "changes dcounts itself",
    5,
  ],
  ["const d = counts.mul(2);\n  d /= 3;\n  return d;", "d /= 3 is written d.div_(3), which changes d itself", 5],
  [
    "const d = counts.mul(2);\n  d = d.add(1);\n  return d;",
    "a name that gets another value begins with let: write let d = ... above",
    5,
  ],
  ["d: Tensor = counts.mul(2)\n  return d", "d: Tensor = counts.mul(2) is written const d = counts.mul(2)"],
  // one entry of each row
  [
    "const Yb = counts.max(1).indices;\n  const d = zerosLike(counts);\n  d[range(counts.shape[0]), Yb] -= 1.0;\n  return d;",
    "d[range(counts.shape[0]), Yb] -= 1.0 is written for (let i = 0; i < counts.shape[0]; i++) " +
      "d.set(i, Yb.get(i), d.get(i, Yb.get(i)) - 1)",
    6,
  ],
  [
    "const Yb = counts.max(1).indices;\n  const d = zerosLike(counts);\n  d[range(3), Yb] = dcounts_sum;\n  return d;",
    "d[range(3), Yb] = dcounts_sum is written for (let i = 0; i < 3; i++) d.set(i, Yb.get(i), dcounts_sum.get(i, 0))",
    6,
  ],
  [
    "const d = zerosLike(counts);\n  d.set(range(3), 0, 1);",
    "there is no range here: write for (let i = 0; i < n; i++) { ... }",
    5,
  ],
  [
    "const Yb = counts.max(1).indices;\n  for (const k of Yb) { }",
    "a loop cannot go over a tensor: write for (let i = 0; i < Yb.size(0); i++) { const k = Yb.get(i); ... }",
    5,
  ],
  [
    "const d = zerosLike(counts); np.add.at(d, counts.max(1).indices, dprobs);",
    "there is no np here: np.add.at(d, counts.max(1).indices, dprobs) is written d.indexAdd_(0, counts.max(1).indices, dprobs)",
  ],
  // masks
  [
    "const d = counts.mul(1);\n  d[counts < 0] = 0;\n  return d;",
    "a tensor has no masks in brackets: d[counts < 0] = ... is written " +
      "d.maskedFill(counts.each((v) => (v < 0 ? 1 : 0)), 0), a new tensor",
    5,
  ],
  [
    "return probs[probs > 0.1];",
    "a tensor has no masks in brackets: probs[probs > 0.1] has no form here; " +
      "probs.mul(probs.each((v) => (v > 0.1 ? 1 : 0))) is zero elsewhere",
  ],
  ["const d = zerosLike(counts);\n  d[counts == probs] += 1;\n  return d;", /^tensors are not compared with ==/, 5],
  // dimensions
  [
    "return (dprobs[:, None, :] * probs[None]).sum(-1);",
    "(dprobs[:, None, :] * probs[None]).sum(-1) is written " +
      "dprobs.view(dprobs.size(0), 1, dprobs.size(1)).mul(probs.view(1, probs.size(0), probs.size(1))).sum(-1)",
  ],
  ["return dprobs[1:, None];", /^a tensor has no slices/],
  ["return dprobs.view(*counts.shape);", "dprobs.view(*counts.shape) is written dprobs.view(...counts.shape)"],
  ["return dprobs.view(counts.size());", "dprobs.view(counts.size()) is written dprobs.view(counts.shape)"],
  ["return oneHot(counts.max(1), 3);", "oneHot(counts.max(1), 3) is written oneHot(counts.max(1).indices, 3)"],
  ["return oneHot(counts.max(1)[1], 3);", "oneHot(counts.max(1)[1], 3) is written oneHot(counts.max(1).indices, 3)"],
  // sums of products
  [
    'return torch.einsum("ij,kj->ik", counts, dprobs);',
    'there is no torch here: torch.einsum("ij,kj->ik", counts, dprobs) is written counts.matmul(dprobs.T)',
  ],
  [
    'return np.einsum("ij,ij->i", counts, dprobs)[:, None];',
    'there is no np here: np.einsum("ij,ij->i", counts, dprobs)[:, None] is written counts.mul(dprobs).sum(1, keepdim)',
  ],
  [
    'return torch.einsum("ij,jk->", counts, dprobs);',
    "there is no torch here; all operations: exercises/TENSORS.md#all-operations",
  ],
  // without a gradient, and Python's own
  ["return counts.detach();", "counts.detach() is written counts"],
  [
    "const grads = [counts, probs];\n  grads[0].data += -0.1 * grads[1];",
    "grads[0].data += -0.1 * grads[1] is written grads[0].add_(grads[1].mul(-0.1))",
    5,
  ],
  ["with torch.no_grad():\n    return counts", /^there is no autograd here: remove the line with no_grad/],
  ["assert counts.shape == probs.shape", /^assert is Python: write if/],
  ['console.log(f"{counts.shape}");', /^f"n = \{n\}" is written `n = \$\{n\}`/],
  ['cmp("dcounts", counts, probs);', "the report compares, as the lecture's cmp does: leave the line out"],
  // tuples, whole quotients and the words of Python
  ["const d = zeros((2, 3)); return d;", /^zeros\(\(2, 3\)\) is written zeros\(2, 3\)/],
  ["return counts.get((0, 1));", "counts.get((0, 1)) is written counts.get(0, 1)"],
  ["const d = zerosLike(counts);\n  d.set((0, 1), 3);", "d.set((0, 1), 3) is written d.set(0, 1, 3)", 5],
  ["return dcounts_sum.expand((3, 27));", "dcounts_sum.expand((3, 27)) is written dcounts_sum.expand(3, 27)"],
  ["return torch.sum(dprobs, (0, 1));", /torch\.sum\(dprobs, \(0, 1\)\) is written dprobs\.sum\(\[0, 1\]\)$/],
  ["return dprobs.div(counts.size(0) // 2);", "// begins a comment: Python's a // b is written Math.floor(a / b)"],
  [
    "for (let i = 0; i < counts.size(0) // 2; i++) console.log(i);\n  return counts;",
    "// begins a comment: Python's a // b is written Math.floor(a / b)",
  ],
  [
    "a, b = counts, dprobs",
    /^several names get their values at once with brackets: const \[a, b\] = \[counts, dprobs\]/,
  ],
  ["const [a, b] = counts, dprobs;", /^several names get their values at once with brackets: const \[a, b\] = /],
  ["return int(3.5);", "int(x) is written Math.trunc(x)"],
  ["return len(counts.shape);", /^len\(x\) is written x\.size\(0\) for a tensor, and x\.length/],
  ["return str(counts);", /^str\(x\) is written String\(x\)/],
  ["pass", "pass is Python: an empty block is written { }"],
  ["if counts.size(0) > 1: return counts", blocks],
  ["return counts[..., None];", /^a tensor has no slices/],
  ["global n", "global is Python: leave the line out"],
  ["return counts is None", "x is None is written x === undefined"],
  ['"""the gradient of counts"""\n  return counts', "a docstring is a comment here, between /* and */"],
];
