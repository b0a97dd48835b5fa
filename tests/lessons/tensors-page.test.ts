import { readFileSync } from "node:fs";
import path from "node:path";
import { format } from "node:util";
import { describe, expect, it } from "vitest";
import * as library from "#tensor";
import { steps } from "../../grader/course/steps.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { stubOf } from "../../grader/runner/workspace/stubs.ts";
import { operations, operationsTable } from "./operations.ts";
import { solutionCode } from "./solution-code.ts";
import { stepOf } from "../trees.ts";

/**
 * The page "Tensors in ten minutes": each block of code is run and followed by what it prints, the stub is a step's own,
 * and the table is made from the class. To rewrite them after a change:
 *
 *     npx vitest run tests/lessons/tensors-page.test.ts --update
 */
const FILE = path.join(projectRoot, "exercises", "TENSORS.md");
const text = readFileSync(FILE, "utf8");

/** A block of code, and below it what it prints. */
const RUN = /^```ts\n((?:(?!```)[^])*)```\n\n```text\n[^]*?```$/gm;
const STUB = /^<!-- stub: (\w+) -->\n\n```ts\n[^]*?```$/gm;
const TABLE = /^<!-- operations -->\n[^]*?^<!-- end of operations -->$/gm;
const { Tensor: _Tensor, TensorError: _TensorError, ...offered } = library;

interface Output {
  printed: string;
  threw: boolean;
}

/** What the blocks of a section print: each continues those above it, except one that ends in an error. */
function printedBy(blocks: readonly string[]): string[] {
  const continued: string[] = [];
  return blocks.map((block) => {
    const { printed, threw } = run(continued, block);
    if (!threw) continued.push(block);
    return printed;
  });
}

/** What a block prints after others, and the error that ends it, if one does. */
function run(before: readonly string[], block: string): Output {
  let lines: string[] = [];
  const console = { log: (...values: unknown[]) => lines.push(format(...values)) };
  const known = { ...offered, console, begin: () => (lines = []) };
  const code = ['"use strict";', ...before, "begin();", block].join("\n");
  try {
    Function(...Object.keys(known), code)(...Object.values(known));
    return { printed: lines.join("\n"), threw: false };
  } catch (error) {
    const { name, message } = error as Error;
    return { printed: [...lines, `${name}: ${message}`].join("\n"), threw: true };
  }
}

function regenerated(page: string): string {
  return page
    .split(/^(?=## )/m)
    .map((section) => {
      const printed = printedBy([...section.matchAll(RUN)].map(([, code]) => code!));
      return section.replace(
        RUN,
        (_, code: string) => `\`\`\`ts\n${code}\`\`\`\n\n\`\`\`text\n${printed.shift()}\n\`\`\``,
      );
    })
    .join("")
    .replace(STUB, (_, id: string) => `<!-- stub: ${id} -->\n\n\`\`\`ts\n${stubOf(stepOf(id))}\`\`\``)
    .replace(TABLE, () => `<!-- operations -->\n\n${operationsTable()}\n\n<!-- end of operations -->`);
}

/** What the third column of the comparison writes, and the code in the sentences of the table of operations. */
function writtenCode(): string[] {
  const compared = text.split("\n## NumPy, PyTorch and here\n")[1]!.split("\n## ")[0]!;
  const cells = compared.split("\n").filter((line) => line.startsWith("| `"));
  const here = cells.map((line) => line.split(/(?<!\\)\|/)[3]!.replaceAll("\\|", "|"));
  return [...here, ...operations().map(({ says }) => says)].flatMap((cell) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!),
  );
}

/** Whether it is a name alone, a value of a field, or a comment, rather than something to run. */
const isName = (code: string): boolean => /^[A-Za-z_]+$|^".*"$|^\/\//.test(code);

describe("Tensors in ten minutes", () => {
  it("shows what its code prints, a step's own stub, and the table of operations", async () => {
    await expect(regenerated(text)).toMatchFileSnapshot(FILE);
  });

  it("runs every block of code except the import above them all, and the stub", () => {
    const all = text.match(/^```ts$/gm)!.length;
    expect([...text.matchAll(RUN)].length).toBe(all - 2);
    expect(all).toBeGreaterThan(20);
    const [, imported] = /^import \{ (.*) \} from "#tensor";$/m.exec(text)!;
    expect(imported!.split(", ").sort()).toEqual(Object.keys(offered).sort());
  });

  it("writes nothing that does not work", () => {
    const { tensor, ones } = library;
    const index = tensor([0, 1], [2], "int32");
    const columns = index.view(2, 1);
    const matrices = { a: ones(2, 2), b: ones(2, 2), A: ones(2, 2), B: ones(2, 2), x: ones(2, 3), y: ones(3, 2) };
    const rows = { C: ones(4, 2), rows: ones(2, 2), row: ones(1, 3), logits: ones(2, 3), s: ones(2, 1) };
    const indices = { Yb: index, Xb: index, index, columns, mask: tensor([0, 1, 1], [3], "int32") };
    const others = { n: 2, p: true, q: false, console: { log: () => undefined } };
    const codes = writtenCode().filter((code) => !isName(code));
    expect(codes.length).toBeGreaterThan(60);
    for (const code of codes) {
      // anew for each: some change what they are called on
      const known = { ...offered, ...others };
      for (const [name, value] of Object.entries({ ...matrices, ...rows, ...indices })) {
        Object.assign(known, { [name]: value.clone() });
      }
      if (/^x\.(add_|sub_)\(b\)$/.test(code)) Object.assign(known, { b: ones(2, 3) });
      expect(() => Function(...Object.keys(known), code)(...Object.values(known)), code).not.toThrow();
    }
  });

  it("does not contain a solution's code", () => {
    const squeezed = text.replace(/\s+/g, "");
    for (const { file } of steps) {
      const { returned } = solutionCode(file);
      // a name alone, as the warm-ups return it, is no secret
      if (returned.includes("(")) expect(squeezed).not.toContain(returned.replace(/\s+/g, ""));
    }
  });

  it("fits in 120 columns, except for tables and what is printed", () => {
    const prose = text.replace(/^```text\n[^]*?^```$/gm, "").split("\n");
    expect(prose.filter((line) => line.length > 120 && !line.startsWith("|"))).toEqual([]);
  });
});

describe("the table of operations", () => {
  const all = operations();

  it("has a row for every member of a tensor and every function that #tensor exports", () => {
    const names = all.map(({ name }) => name);
    const { prototype } = library.Tensor;
    const own = Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");
    expect(own.filter((name) => !names.includes(name))).toEqual([]);
    expect(Object.keys(offered).filter((name) => !names.includes(name))).toEqual([]);
    expect(names).toEqual(
      expect.arrayContaining(["mean", "log", "sub_", "indexAdd_", "gather", "crossEntropy", "shape"]),
    );
  });

  it("has a sentence in every row, and signatures without types", () => {
    for (const { signature, says } of all) {
      expect(says, signature).toMatch(/^[A-Z`].*\.$/);
      expect(signature).not.toMatch(/:|\bTensor|number|undefined/);
    }
    const signatureOf = (name: string): string => all.find((one) => one.name === name)!.signature;
    expect(signatureOf("sum")).toBe("x.sum(dim?, keepdim = false)");
    expect(signatureOf("T")).toBe("x.T");
    expect(signatureOf("each")).toBe("x.each(f)");
    expect(signatureOf("tensor")).toBe('tensor(values, shape?, dtype = "float32")');
    expect(signatureOf("view")).toBe("x.view(...extents)");
  });
});
