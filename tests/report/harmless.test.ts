import { describe, expect, it } from "vitest";
import { terminalCurve } from "../../grader/report/curve.ts";
import { printedLines } from "../../grader/report/terminal.ts";
import { harmless } from "../../grader/report/harmless.ts";

describe("learners' text in the report", () => {
  it("contains no command of a CI system, however many of its marks are repeated", () => {
    for (const text of ["::error::x", ":::::a", "##[error]", "###vso[task.complete]", "#####", ":#::##:"]) {
      expect(harmless(text)).not.toMatch(/::|##/);
    }
  });

  it("contains nothing invisible, and nothing that looks like a space but is not one", () => {
    expect(harmless("a\u200b\u00ad\uffa0\u115f\u3164\u2066b\u001b[31m")).toBe("ab");
    expect(harmless("a\u2800\u3000\tb")).toBe("a b");
  });

  it("is cut before it is examined, so that a long line costs no more than a short one", () => {
    expect(harmless(`\u001b${";#".repeat(500_000)}`).length).toBeLessThanOrEqual(1000);
    const lines = printedLines("x\n".repeat(200_000), 80);
    expect(lines).toHaveLength(41);
    // what is printed beyond the limit is dropped before anyone counts it
    expect(lines.at(-1)).toContain("... and more than 199960 more lines");
    expect(printedLines("x\n".repeat(50), 80).at(-1)).toContain("... and 10 more lines");
    expect(printedLines("x\n".repeat(50), 80, true)).toHaveLength(11);
  });

  it("fits the terminal, so that no part of it wraps to the start of a row", () => {
    const [line] = printedLines("-".repeat(300), 80);
    expect(line!.length).toBe(80);
    expect(line).toMatch(/-…$/);
    expect(printedLines("-".repeat(64), 80)).toEqual([`      printed | ${"-".repeat(64)}`]);
  });

  it("is cut with a mark if there is no terminal", () => {
    const [line] = printedLines("-".repeat(3000), undefined);
    expect(line).toMatch(/^ {6}printed \| -{998}…$/);
  });

  it("keeps printed columns aligned", () => {
    expect(printedLines("tensor([[ 1.0, -2.0],\n        [10.0,  3.0]])\n", 80)).toEqual([
      "      printed | tensor([[ 1.0, -2.0],",
      "      printed |         [10.0,  3.0]])",
    ]);
    expect(printedLines("a\t\u2800\u3000\u200bb", 80)).toEqual(["      printed | a   b"]);
  });
});

describe("the loss curve", () => {
  it("is not drawn if a loss is too large", () => {
    expect(
      terminalCurve(
        Array.from({ length: 60 }, () => 1e308),
        80,
      ),
    ).toContain("too large");
    expect(terminalCurve([1, NaN, 2], 80)).toContain("too large");
    expect(terminalCurve([3, 2, 1], 80)).toContain("steps 0 to 2");
  });
});
