import { describe, expect, it } from "vitest";
import { unusedResults } from "../../grader/grading/unused.ts";

describe("notes on results that nobody uses", () => {
  it("point at the statement and say what to do with the result", () => {
    const text = "const a = b.add(c);\n  dC.indexAdd(0, Xb, demb);\nx.exp();\n";
    expect(unusedResults(text)).toEqual([
      {
        line: 2,
        column: 3,
        text: "what indexAdd makes is not used: it is a new tensor; return it, or keep it in a const",
      },
      { line: 3, column: 1, text: "what exp makes is not used: it is a new tensor; return it, or keep it in a const" },
    ]);
  });

  it("are silent about what is used, changes in place, or is only printed", () => {
    expect(unusedResults("return a.add(b);\na.add_(b);\nconsole.log(a.sum());\nconst x = a.sum();\n")).toEqual([]);
  });

  it("are few, and quick, whatever the file holds", () => {
    expect(unusedResults("a.add(b);\n".repeat(100_000))).toHaveLength(3);
    for (const line of ["a.".repeat(500_000), `a.add(${") ".repeat(500_000)}x`, " ".repeat(1_000_000)]) {
      expect(unusedResults(line)).toEqual([]);
    }
  });
});
