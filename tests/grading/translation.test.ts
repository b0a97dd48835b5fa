import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as library from "#tensor";
import { Tensor, tensor, zeros } from "#tensor";
import { expressionOf } from "../../grader/grading/idioms/expression.ts";
import { NUMBER, tensorOf, UNKNOWN, type Kind, type Names } from "../../grader/grading/idioms/kind.ts";
import { readingOf } from "../../grader/grading/idioms/reading.ts";
import { stepNames } from "../../grader/grading/idioms/step-names.ts";
import { tokensOf } from "../../grader/grading/idioms/tokens.ts";
import { translated } from "../../grader/grading/idioms/translate.ts";
import { steps } from "../../grader/course/steps.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { stepOf } from "../trees.ts";

/**
 * Expressions of Python are translated as a whole: what the translation computes with #tensor is what the expression means,
 * by an evaluator that knows nothing of the translation, and nothing of its parser.
 */

const ROWS = 3;
const COLUMNS = 4;

/** A tree as Python means it. Shapes are [3, 4], [3, 1], [1, 4], and numbers. */
type Tree =
  | { readonly of: "number"; readonly text: string }
  | { readonly of: "name"; readonly name: keyof typeof values }
  | { readonly of: "negative"; readonly a: Tree }
  | { readonly of: "power"; readonly a: Tree; readonly exponent: string }
  | { readonly of: "call"; readonly a: Tree; readonly name: "exp" | "tanh" }
  | { readonly of: "sum"; readonly a: Tree; readonly keeps: string }
  | { readonly of: "element"; readonly a: Tree & { of: "name" }; readonly row: number; readonly column: number }
  | { readonly of: "binary"; readonly sign: "+" | "-" | "*" | "/"; readonly a: Tree; readonly b: Tree };

/** Numbers in [0.5, 2), of some shape. */
function drawn(seed: number, rows: number, columns: number): Tensor {
  const numbers = Array.from({ length: rows * columns }, (_, i) => 0.5 + ((seed * 7919 + i * 104729) % 1500) / 1000);
  return tensor(numbers, [rows, columns]);
}

const values = {
  x: drawn(1, ROWS, COLUMNS),
  y: drawn(2, ROWS, COLUMNS),
  column: drawn(3, ROWS, 1),
  row: drawn(4, 1, COLUMNS),
  n: 5,
  half: 0.5,
};

const names: Names = {
  kindOf(name): Kind {
    const value = (values as Record<string, Tensor | number>)[name];
    return value === undefined ? UNKNOWN : typeof value === "number" ? NUMBER : tensorOf(2);
  },
  isGiven: () => false,
  keptOf: () => undefined,
  resultOf: () => undefined,
  isDeclared: (name) => name in values,
};

// ---- what an expression means, in float32 where PyTorch computes in float32

/** A number of Python, which is a double; or the 3 by 4 entries of a tensor that is broadcast, with its own shape. */
type Value =
  number | { readonly rows: number; readonly columns: number; readonly at: (i: number, j: number) => number };

function entrywise(a: Value, b: Value, f: (a: number, b: number) => number): Value {
  if (typeof a === "number" && typeof b === "number") return f(a, b);
  const at = (v: Value, i: number, j: number): number => (typeof v === "number" ? Math.fround(v) : v.at(i, j));
  const extent = (key: "rows" | "columns"): number =>
    Math.max(...[a, b].map((v) => (typeof v === "number" ? 1 : v[key])));
  return cached(extent("rows"), extent("columns"), (i, j) => Math.fround(f(at(a, i, j), at(b, i, j))));
}

function cached(rows: number, columns: number, f: (i: number, j: number) => number): Value {
  const table = Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => f(i, j)));
  return { rows, columns, at: (i, j) => table[rows === 1 ? 0 : i]![columns === 1 ? 0 : j]! };
}

const operations = {
  "+": (a: number, b: number): number => a + b,
  "-": (a: number, b: number): number => a - b,
  "*": (a: number, b: number): number => a * b,
  "/": (a: number, b: number): number => a / b,
};

function evaluate(tree: Tree): Value {
  switch (tree.of) {
    case "number":
      return Number(tree.text);
    case "name": {
      const value = values[tree.name];
      if (typeof value === "number") return value;
      return cached(value.size(0), value.size(1), (i, j) => value.get(i, j));
    }
    case "negative":
      return entrywise(evaluate(tree.a), 0, (a) => -a);
    case "power":
      return entrywise(evaluate(tree.a), 0, (a) => a ** Number(tree.exponent));
    case "call":
      return entrywise(evaluate(tree.a), 0, (a) => Math[tree.name](a));
    case "element":
      return Number((values[tree.a.name] as Tensor).get(tree.row, tree.column));
    case "binary":
      return entrywise(evaluate(tree.a), evaluate(tree.b), operations[tree.sign]);
    case "sum": {
      const a = evaluate(tree.a);
      if (typeof a === "number") throw new Error("a number has no sum");
      return cached(a.rows, 1, (i) =>
        Array.from({ length: a.columns }, (_, j) => a.at(i, j)).reduce((s, v) => s + v, 0),
      );
    }
  }
}

// ---- as Python writes it

const precedence = { "+": 1, "-": 1, "*": 2, "/": 2 };

/** A tree in Python, with brackets where Python's precedence needs them, and with some that it does not need. */
function python(tree: Tree, extra: (tree: Tree) => boolean): { text: string; level: number } {
  const inside = (part: Tree, least: number): string => {
    const { text, level } = python(part, extra);
    return level < least || extra(part) ? `(${text})` : text;
  };
  switch (tree.of) {
    case "number":
      return { text: tree.text, level: 6 };
    case "name":
      return { text: tree.name, level: 6 };
    case "negative":
      return { text: `-${inside(tree.a, 3)}`, level: 3 };
    case "power":
      return { text: `${inside(tree.a, 5)}**${tree.exponent}`, level: 4 };
    case "call":
      return { text: `${inside(tree.a, 5)}.${tree.name}()`, level: 6 };
    case "sum":
      return { text: `${inside(tree.a, 5)}.sum(${tree.keeps})`, level: 6 };
    case "element":
      return { text: `${tree.a.name}[${tree.row}, ${tree.column}]`, level: 6 };
    case "binary": {
      const level = precedence[tree.sign];
      return { text: `${inside(tree.a, level)} ${tree.sign} ${inside(tree.b, level + 1)}`, level };
    }
  }
}

function isTensor(tree: Tree): boolean {
  return typeof evaluate(tree) !== "number";
}

// ---- random trees

const numberTree = fc
  .constantFrom("1", "2", "1.0", "0.5", "3.", ".25", "1e-5")
  .map((text): Tree => ({ of: "number", text }));
const tensorName = fc.constantFrom("x", "y", "column", "row");
const anyName = fc
  .constantFrom("x", "y", "column", "row", "n", "half")
  .map((name): Tree => ({ of: "name", name: name as keyof typeof values }));
const element = fc.constant<Tree>({ of: "element", a: { of: "name", name: "x" }, row: 1, column: 2 });

const { tree: anyTree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, depthSize: "medium" },
    anyName,
    numberTree,
    element,
    tie("tree").map((a): Tree => ({ of: "negative", a })),
    fc
      .tuple(tie("tree"), fc.constantFrom("2", "-1", "-2", "0.5", "-1.5", "3"))
      .map(([a, exponent]): Tree => ({ of: "power", a, exponent })),
    fc
      .tuple(tie("tree"), fc.constantFrom("exp" as const, "tanh" as const))
      .map(([a, name]): Tree => (isTensor(a) ? { of: "call", a, name } : a)),
    fc
      .tuple(tie("tree"), fc.constantFrom("1, keepdim=True", "axis=1, keepdims=True", "1, True", "1, keepdim"))
      .map(([a, keeps]): Tree => (isTensor(a) ? { of: "sum", a, keeps } : a)),
    ...Array.from({ length: 3 }, () =>
      fc
        .tuple(tie("tree"), fc.constantFrom("+" as const, "-" as const, "*" as const, "/" as const), tie("tree"))
        .map(([a, sign, b]): Tree => ({ of: "binary", sign, a, b })),
    ),
  ),
}));

/** With a tensor in it, as otherwise everything stays as it is. */
const treeOfTensors = fc
  .tuple(anyTree, tensorName)
  .map(([tree, name]): Tree => (isTensor(tree) ? tree : { of: "binary", sign: "*", a: tree, b: { of: "name", name } }));

/** Every value that the indices in use can have together. */
function everyIndex(letters: readonly string[], size: number, used: readonly string[]): Record<string, number>[] {
  return letters
    .filter((letter) => used.includes(letter))
    .reduce<Record<string, number>[]>(
      (before, letter) => before.flatMap((one) => Array.from({ length: size }, (_, i) => ({ ...one, [letter]: i }))),
      [{}],
    );
}

function run(code: string): unknown {
  const scope = { ...library, ...values };
  // oxlint-disable-next-line typescript/no-implied-eval
  return (new Function(...Object.keys(scope), `"use strict"; return ${code};`) as (...given: unknown[]) => unknown)(
    ...Object.values(scope),
  );
}

/** Within some roundings of the larger of the two; where nothing is left of a difference, of the numbers before it. */
function isClose(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  return a === b || Math.abs(a - b) <= 1e-4 * Math.max(1, Math.abs(a), Math.abs(b));
}

describe("a Python expression's translation", () => {
  it("computes what the expression means, for 1,000 random expressions", () => {
    let translations = 0;
    fc.assert(
      fc.property(treeOfTensors, fc.infiniteStream(fc.boolean()), (tree, brackets) => {
        const { text } = python(tree, () => brackets.next().value === true);
        const written = translated(expressionOf(tokensOf(text))!, names);
        expect(written, text).toBeDefined();
        translations += Number(written!.isChanged);
        const result = run(written!.text);
        expect(result, `${text}: ${written!.text}`).toBeInstanceOf(Tensor);
        const expected = evaluate(tree) as Exclude<Value, number>;
        const found = result as Tensor;
        expect(found.shape, `${text}: ${written!.text}`).toEqual([expected.rows, expected.columns]);
        for (let i = 0; i < expected.rows; i++) {
          for (let j = 0; j < expected.columns; j++) {
            const is = found.get(i, j);
            if (!isClose(is, expected.at(i, j)))
              expect.fail(`${text}: ${written!.text} is ${is}, not ${expected.at(i, j)}`);
          }
        }
      }),
      { numRuns: 1000, seed: 20261122 },
    );
    // a name alone is right as it is
    expect(translations).toBeGreaterThan(600);
  });

  it("computes what einsum's subscripts mean, of one matrix and of two, or is not given", () => {
    const letters = ["i", "j", "k"];
    const pairs = letters.flatMap((a) => letters.map((b) => a + b));
    const results = ["", ...letters, ...pairs];
    const size = 3;
    const squares = [drawn(5, size, size), drawn(6, size, size)];
    const square: Names = { ...names, kindOf: (name) => (/^[ab]$/.test(name) ? tensorOf(2) : UNKNOWN) };
    let count = 0;
    for (const before of [...pairs.map((one) => [one]), ...pairs.flatMap((a) => pairs.map((b) => [a, b]))]) {
      for (const after of results) {
        const source = `torch.einsum("${before.join(",")}->${after}", ${before.length === 1 ? "a" : "a, b"})`;
        const written = translated(expressionOf(tokensOf(source))!, square);
        if (!written) continue;
        count += 1;
        const scope = { ...library, a: squares[0], b: squares[1] };
        // oxlint-disable-next-line typescript/no-implied-eval
        const found = new Function(...Object.keys(scope), `return ${written.text};`)(...Object.values(scope)) as Tensor;
        expect(found.shape, source).toEqual([...after].map(() => size));
        const expected = zeros(found.shape);
        for (const index of everyIndex(letters, size, [...new Set([...before.join(""), ...after])])) {
          const at = (of: string): number[] => [...of].map((letter) => index[letter]!);
          const product = before.reduce((value, of, n) => value * squares[n]!.get(...at(of)), 1);
          expected.set(...at(after), expected.get(...at(after)) + product);
        }
        for (const [n, value] of found.toArray().entries()) {
          expect(value, `${source}: ${written.text}`).toBeCloseTo(expected.toArray()[n]!, 3);
        }
      }
    }
    // both products of matrices in both orders with each factor transposed or not, for all names of three indices, and more
    expect(count).toBeGreaterThan(100);
  });

  it("leaves arithmetic between numbers as it is, up to brackets that JavaScript needs", () => {
    for (const [source, expected] of [
      ["1.0 / (n - 1)", "1 / (n - 1)"],
      ["-n ** 2", "-(n ** 2)"],
      ["(-n) ** 2", "(-n) ** 2"],
      ["2 ** -n ** 2", "2 ** -(n ** 2)"],
      ["n - (half - 2)", "n - (half - 2)"],
      ["n / (half * 2)", "n / (half * 2)"],
      ["- -n", "-(-n)"],
      ["-(-2)", "2"],
      ["2 ** n ** half", "2 ** n ** half"],
      ["(2 ** n) ** half", "(2 ** n) ** half"],
    ] as const) {
      expect(translated(expressionOf(tokensOf(source))!, names)?.text).toBe(expected);
      expect(() => run(expected)).not.toThrow();
    }
  });

  it.each([
    "x ** y",
    "2 ** x",
    "unknown - x",
    "unknown / x",
    "(unknown + 1) * x",
    "x == y",
    "x[0] * 2",
    "x[0, 1, 2] * 2",
    "x[0:2] * 2",
    "x[0:2, None] * y",
    "x[x > 1] * 2",
    'torch.einsum("ij,ji->ij", x, y)',
    'torch.einsum("ij,jk", x, y)',
    "x.sum(keepdim=True) * 2",
    "x.sum(1, dtype=double) * 2",
    "x.max(1) * 2",
    "None * x",
  ])("is not given where it is not certain: %s", (source) => {
    expect(translated(expressionOf(tokensOf(source))!, names)).toBeUndefined();
  });

  it.each(["x *", "x ? y : n", "(x", "x y", "", "x = y", "(a) => a * x", "x--", "lambda a: a", "x if y else n"])(
    "is not given for what is no such expression: %s",
    (source) => {
      expect(expressionOf(tokensOf(source))).toBeUndefined();
    },
  );
});

describe("nothing is said of TypeScript that is right", () => {
  const files = steps.map((step) => ({
    step,
    name: step.file,
    text: readFileSync(path.join(projectRoot, "solutions", step.file), "utf8"),
  }));
  const forms = steps.flatMap((step) =>
    (step.alsoRight ?? []).map(({ code }, i) => ({ step, name: `${step.id}, correct form ${i + 1}`, text: code })),
  );

  it.each([...files, ...forms])("$name", ({ step, text }) => {
    const reading = readingOf(text, stepNames(step));
    const remarks = text.split("\n").flatMap((line, i) => {
      const remark = reading.remarkOn(i + 1);
      return remark === undefined ? [] : [`${line}: ${remark}`];
    });
    expect(remarks).toEqual([]);
  });

  it("and it is read", () => {
    const isRead = ({ step, text }: (typeof files)[number]): boolean =>
      readingOf(text, stepNames(step)).statements.length > 0;
    const unread = files.filter((file) => !isRead(file));
    // a program can be all conditions and loops, which are not read as expressions
    expect(unread.filter(({ step }) => step.kind !== "program").map(({ name }) => name)).toEqual([]);
    const programs = files.filter(({ step }) => step.kind === "program");
    expect(programs.filter(isRead).length).toBeGreaterThan(programs.length / 2);
  });

  it("nor of any line of TypeScript in the lessons", () => {
    const lessons = readdirSync(path.join(projectRoot, "exercises"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".md"))
      .map((file) => readFileSync(path.join(projectRoot, "exercises", file), "utf8"));
    const blocks = lessons.flatMap((lesson) => [...lesson.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code]) => code!));
    expect(blocks.length).toBeGreaterThan(5);
    const step = stepNames(stepOf("dcounts"));
    const remarks = blocks.flatMap((code) =>
      code.split("\n").flatMap(
        (line, i) =>
          readingOf(code, step)
            .remarkOn(i + 1)
            ?.concat("   ", line) ?? [],
      ),
    );
    expect(remarks).toEqual([]);
  });
});
