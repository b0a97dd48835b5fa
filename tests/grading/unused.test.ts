import { describe, expect, it } from "vitest";
import { Tensor, tensor } from "#tensor";
import { unusedResults } from "../../grader/grading/unused.ts";

const matrix = tensor([
  [1, 2],
  [3, 4],
]);
const indices = [tensor([0, 1], [2], "int32"), tensor([0, 1, 1, 0], [2, 2], "int32")];
/** Arguments that methods are tried with, up to three at once, in any order. */
const pool: readonly unknown[] = [0, 1, Math.abs, matrix, ...indices, [2, 2]];
const lists = [0, 1, 2].reduce<unknown[][]>(
  (all) => [...all, ...all.flatMap((list) => pool.map((argument) => [...list, argument]))],
  [[]],
);

/** What a method returns for some arguments that it accepts. */
function resultOf(name: string): unknown {
  for (const args of lists) {
    for (const receiver of [matrix.clone(), tensor([1])]) {
      try {
        return (receiver as unknown as Record<string, (...args: unknown[]) => unknown>)[name]!(...args);
      } catch {
        // it does not accept these
      }
    }
  }
  throw new Error(`${name} accepts none of ${lists.length} lists of arguments: the pool lacks something`);
}

/** Whether a result is a new tensor, or contains some: max returns values and indices. */
function isMade(result: unknown): boolean {
  if (result instanceof Tensor) return true;
  return typeof result === "object" && result !== null && Object.values(result).some((one) => one instanceof Tensor);
}

describe("notes on results that are not used", () => {
  it("point at the statement and say what to do with the result", () => {
    const text = "const a = b.add(c);\n  dC.indexAdd(0, Xb, demb);\nx.exp();\n";
    expect(unusedResults(text)).toEqual([
      {
        line: 2,
        column: 3,
        text: "the result of indexAdd is not used: it is a new tensor; return it, or keep it in a const",
      },
      {
        line: 3,
        column: 1,
        text: "the result of exp is not used: it is a new tensor; return it, or keep it in a const",
      },
    ]);
  });

  it("name the operation that is called last, wherever in a line the statement is", () => {
    const namesIn = (text: string): string[] =>
      unusedResults(text).map(({ text, column }) => `${/of (\w+) is/.exec(text)![1]} ${column}`);
    expect(namesIn("dprobs.mul(counts_sum_inv).add(dcounts_sum);")).toEqual(["add 1"]);
    expect(namesIn("const d = x.mul(y); d.add(z); return d;")).toEqual(["add 21"]);
    expect(namesIn("for (const x of xs) d.add(x);")).toEqual(["add 21"]);
    expect(namesIn("for (let i = 0; i < n; i++) { d.indexAdd(0, i, x[i]); }")).toEqual(["indexAdd 31"]);
    expect(namesIn("if (a) b.exp(); else c.log(); // d.neg();")).toEqual(["exp 8", "log 22"]);
    expect(namesIn("a.max(1).values.add(b.mul(c))")).toEqual(["add 1"]);
    expect(namesIn("input.gradient!.add(parts[i]!);")).toEqual(["add 1"]);
  });

  it("are not given where the result is used a line above or behind", () => {
    for (const used of [
      "const x = f(\n  a.add(b)\n);",
      "return (\n  a.add(b)\n);",
      "x =\n  a.mul(b);",
      "a.add_(b.mul(c));",
    ])
      expect(unusedResults(used), used).toEqual([]);
    expect(unusedResults("d.set(0, a.sum().item());\nx.max(1).values;\nconst f = () => a.add(b);\n")).toEqual([]);
  });

  const methods = Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype)).flatMap(([name, { value }]) =>
    typeof value === "function" && name !== "constructor" && !name.endsWith("_") ? [name] : [],
  );
  it.each(methods)("are given for %s if and only if it makes a new tensor", (name) => {
    // set returns the tensor that it has changed
    const makesOne = name !== "set" && isMade(resultOf(name));
    expect(unusedResults(`  x.${name}(1);`)).toHaveLength(makesOne ? 1 : 0);
  });

  it("are given for a change to a tensor that the statement alone has", () => {
    const [note] = unusedResults("d.gatherRows(Xb).add_(demb);");
    expect(note!.text).toBe(
      "add_ changes the new tensor that gatherRows returns, and nothing else: to add to some entries, use set, or indexAdd_",
    );
    for (const kept of ["d.add_(demb).div_(n);", "d.view(-1).add_(demb);", "const e = d.clone().add_(x);"]) {
      expect(unusedResults(kept), kept).toEqual([]);
    }
  });

  it("are not given for results that are used, calls that change a tensor in place, or output that is printed", () => {
    expect(unusedResults("return a.add(b);\na.add_(b);\nconsole.log(a.sum());\nconst x = a.sum();\n")).toEqual([]);
  });

  it("are not given for the add of a Set, which changes it", () => {
    for (const declared of ["const seen = new Set<Node>();", "let seen: Set<Node>;", "function f(seen: Set<Node>) {"]) {
      expect(unusedResults(`${declared}\n  seen.add(node);\n`), declared).toEqual([]);
    }
    expect(unusedResults("const seen = new Set();\n  sum.add(node);\n")).toHaveLength(1);
  });

  it("are few, and found quickly, whatever the file contains", () => {
    expect(unusedResults("a.add(b);\n".repeat(100_000))).toHaveLength(3);
    for (const line of ["a.".repeat(500_000), `a.add(${") ".repeat(500_000)}x`, " ".repeat(1_000_000)]) {
      expect(unusedResults(line)).toEqual([]);
    }
  });
});
