import { inspect } from "loupe";
import { readFileSync } from "node:fs";
import { inspect as inspectOfNode } from "node:util";
import { describe, expect, it } from "vitest";
import * as all from "#tensor";
import { Tensor, TensorError, ones, tensor, zeros } from "#tensor";

/** Any value, as a learner's file may use it: learner files run without type checks. */
// oxlint-disable-next-line typescript/no-explicit-any
type Loose = any;

const d = zeros(2, 3) as Loose;
const Yb = tensor([1, 0], [2], "int32") as Loose;

/** A tensor's members, and the functions that create tensors, from the class and the module themselves. */
const own = [...Object.getOwnPropertyNames(Tensor.prototype), ...Object.keys(d)]
  .filter((name) => !(name in Object.prototype))
  .sort();
const functions = Object.keys(all).filter((name) => !["Tensor", "TensorError"].includes(name));

function messageOf(use: () => unknown): string {
  try {
    use();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

const lesson = "All operations: exercises/TENSORS.md#all-operations";
const brackets = "a tensor has no [ ]; d.set(i, j, v) writes one number, d.get(i, j) or Yb.get(i) reads one";

describe("a tensor does not support brackets", () => {
  const uses: [what: string, use: () => unknown, message: string][] = [
    ["a number is read", () => d[0], brackets],
    ["a number is written", () => (d[0] = 1), brackets],
    ["an element of a row is added to", () => (d[0][1] += 1), brackets],
    ["an index is read from indices", () => Yb[0], brackets],
    ["rows are read", () => d[Yb], `${brackets}; C.gatherRows(Xb) reads the rows that Xb names`],
    ["rows are written", () => (d[Yb] = 1), brackets],
    ["the last one is read", () => d[-1], brackets],
    ["an index is missing", () => d[undefined as never], brackets],
    ["a slice is read", () => d[":, 0"], brackets],
    ["there are many dimensions", () => (ones(1, 1, 1, 1) as Loose)[0], brackets],
    ["there is no dimension", () => (tensor(1) as Loose)[0], brackets],
  ];
  it.each(uses)("when %s, it throws", (_, use, message) => {
    expect(use).toThrow(TensorError);
    expect(use).toThrow(message);
    expect([...d.toArray()]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe("the error for a name that a tensor does not have", () => {
  const names: [name: string, meant: string | undefined][] = [
    ["negate", "neg"],
    ["argmax", "max(1).indices"],
    ["map", "each"],
    ["transposed", "transpose"],
    ["permute", "transpose"],
    ["reshape", "view"],
    ["length", "size(0)"],
    ["index_add", "indexAdd"],
    ["index_add_", "indexAdd_"],
    ["indexadd_", "indexAdd_"],
    ["expand_as", "expand(y.shape)"],
    ["view_as", "view(y.shape)"],
    ["zeros_like", "zerosLike(x)"],
    ["clip", "clamp"],
    ["flat", "toArray()"],
    ["forEach", "toArray().forEach"],
    ["reduce", "toArray().reduce"],
    ["filter", "toArray().filter"],
    ["entries", "toArray().entries"],
    ["join", "toArray().join"],
    ["maximum", "max"],
    ["matmull", "matmul"],
    ["smu", "sum"],
    ["gathr", "gather"],
    ["constructr", undefined],
    ["foo", undefined],
    ["x", undefined],
  ];
  it.each(names)("%s: %s", (name, meant) => {
    const instead = meant === undefined ? `it has ${own.join(", ")}.` : `did you mean ${meant}?`;
    expect(() => d[name]).toThrow(new TensorError(`a tensor has no ${name}; ${instead} ${lesson}`));
  });

  const advised: [names: string[], advice: string][] = [
    [["t", "t_"], "did you mean T, without parentheses?"],
    [["masked_fill_"], "did you mean maskedFill? It returns a new tensor and changes none."],
    [["scatter_add_"], "did you mean scatterAdd? It returns a new tensor and changes none."],
    [
      ["unsqueeze", "unsqueeze_"],
      "view(-1, 1) makes a column, and sum(1, keepdim) keeps the dimension that a sum drops.",
    ],
    [
      ["detach", "data", "to", "cuda"],
      "nothing is recorded here, and there is one kind of memory: it can be left out.",
    ],
    [["keepdim", "keepdims"], "it is an argument: x.sum(1, keepdim)."],
    [["equal", "allclose"], "a.sub(b) shows where two tensors differ; the grader compares for you."],
    [["eq", "gt", "le"], "tensors are not compared: oneHot(x.max(1).indices, x.size(1)) has a 1 at the largest entry"],
    [
      ["backward", "grad", "requires_grad_"],
      "there is no autograd here: the gradient is what a step asks you to compute.",
    ],
  ];
  it.each(advised)("%j: %s", (keys, text) => {
    for (const key of keys) expect(() => d[key]).toThrow(`a tensor has no ${key}; ${text}`);
  });

  it("is followed by every name in place that there is", () => {
    const theirs = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    for (const name of own.filter((one) => one.endsWith("_"))) {
      if (theirs(name) === name) continue;
      expect(() => d[theirs(name)]).toThrow(`did you mean ${name}?`);
    }
  });

  it("can list every name, and each of them exists", () => {
    expect(own).toEqual(expect.arrayContaining(["T", "add_", "mean", "gather", "shape"]));
    for (const name of own) expect(d[name], name).not.toBeUndefined();
  });

  it("suggests an existing name for those of other libraries", () => {
    const others = ["plus", "square", "ln", "dot", "mm", "flatten", "repeat", "ndim", "argmax"];
    for (const name of [...others, "amax", "std", "at", "numpy", "forEach", "one_hot", "zeros_like", "dim", "length"]) {
      const [, meant] = /did you mean (\w+)/.exec(messageOf(() => d[name]))!;
      expect([...own, ...functions], name).toContain(meant);
    }
  });

  it("names a page whose table has all names", () => {
    const text = readFileSync(new URL("../../exercises/TENSORS.md", import.meta.url), "utf8");
    const [, table] = text.split("\n## All operations\n");
    const column = table!.split("\n").filter((line) => line.startsWith("| `"));
    const named = new Set(column.map((line) => /\w+(?=[(`])/.exec(line.split("|")[1]!)![0]));
    expect([...own, ...functions].filter((name) => !named.has(name))).toEqual([]);
  });

  it("also says that the name cannot be written", () => {
    expect(() => (d.grad = 1)).toThrow("a tensor has no grad that can be written; keep the value in a variable");
    expect("grad" in d).toBe(false);
  });

  it("is the same for a name of any length", () => {
    expect(() => d["a".repeat(10_000)]).toThrow("a tensor has no aaaa");
  });
});

describe("a tensor that is used as a number says what to write instead", () => {
  const message =
    "a tensor is not a number: write a.add(b), a.sub(b), a.mul(b), a.div(b), a.neg(), a.pow(2) for operators, " +
    "tensor(1).sub(a) for 1 - a, a.log(), a.exp(), a.tanh(), a.sqrt() for functions";
  const uses: [what: string, use: () => unknown][] = [
    ["a product", () => d * 2],
    ["a sign", () => -d],
    ["a logarithm", () => Math.log(d)],
    ["a comparison", () => d < 1],
    ["a conversion to a number", () => Number(d)],
  ];
  it.each(uses)("%s", (_, use) => expect(use).toThrow(new TensorError(message)));
});

describe("a tensor behaves as any other object", () => {
  it("when it is awaited, converted to JSON, printed or compared", async () => {
    const t = tensor([1, 2]);
    expect(await t).toBe(t);
    expect(JSON.stringify(t)).toBe('{"shape":[2],"dtype":"float32"}');
    expect(inspect(t)).toBe("tensor([1.0000, 2.0000])");
    expect(inspect([t, { t }])).toContain("tensor([1.0000, 2.0000])");
    expect(inspectOfNode(t)).toBe("tensor([1.0000, 2.0000])");
    expect(`${t}`).toBe("tensor([1.0000, 2.0000])");
    expect({ t }).toEqual({ t: tensor([1, 2]) });
    expect(() => expect({ t }).toEqual({ t: tensor([[1, 2]]) })).toThrow(/expected .* to deeply equal/);
  });

  it("in what every object has", () => {
    const t = tensor([1, 2]) as Loose;
    expect(t).toBeInstanceOf(Tensor);
    expect(t).toBeInstanceOf(Object);
    expect(t).not.toBeInstanceOf(Array);
    expect(t.constructor).toBe(Tensor);
    expect(t.hasOwnProperty("shape")).toBe(true);
    expect(Object.keys(t)).toEqual(["shape", "dtype"]);
    expect(0 in t).toBe(false);
    expect(t[Symbol("any")]).toBeUndefined();
    expect(Object.getPrototypeOf(t)).toBe(Tensor.prototype);
    expect((Tensor.prototype as Loose).negate).toBeUndefined();
  });

  it("when it is given properties on purpose, a subclass, or operations", () => {
    const t = Object.defineProperty(ones(1), "mark", { value: 1 }) as Loose;
    expect(t.mark).toBe(1);
    t[Symbol.for("mark")] = 2;
    expect(t[Symbol.for("mark")]).toBe(2);
    const prototype = Tensor.prototype as Loose;
    prototype.twice = function twice(this: Tensor) {
      return this.mul(2);
    };
    expect(t.twice().item()).toBe(2);
    delete prototype.twice;
    expect(() => t.twice).toThrow("a tensor has no twice");
  });
});
