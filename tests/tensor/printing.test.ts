import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { tensor, zeros } from "#tensor";

/** The text that a tensor prints as, from its lines. */
const text = (...lines: string[]): string => lines.join("\n");

describe("printing", () => {
  it("shows four decimals, aligned, one row per line", () => {
    const a = tensor([
      [0.1, -2.25],
      [10, 3],
    ]);
    expect(String(a)).toBe(text("tensor([[ 0.1000, -2.2500],", "        [10.0000,  3.0000]])"));
  });

  it("shows scalars, vectors and empty tensors", () => {
    expect(String(tensor(1.5))).toBe("tensor(1.5000)");
    expect(String(tensor([1, 2]))).toBe("tensor([1.0000, 2.0000])");
    expect(String(zeros(0))).toBe("tensor([])");
    expect(String(zeros(2, 0))).toBe("tensor([], shape [2, 0])");
    expect(String(zeros(1e7, 0))).toBe("tensor([], shape [10000000, 0])");
    expect(String(tensor([], [0, 3], "int32"))).toBe("tensor([], shape [0, 3], int32)");
  });

  it("shows indices as integers and names their type", () => {
    expect(String(tensor([8, 14, 15], [3], "int32"))).toBe("tensor([8, 14, 15], int32)");
  });

  it("uses exponents if the magnitudes require it", () => {
    expect(String(tensor([1e-6, 2]))).toBe("tensor([1.0000e-6, 2.0000e+0])");
    expect(String(tensor([3e7, 0]))).toBe("tensor([3.0000e+7, 0.0000e+0])");
  });

  it("names values that are not finite", () => {
    expect(String(tensor([NaN, Infinity, -Infinity]))).toBe("tensor([ nan,  inf, -inf])");
  });

  it("abbreviates tensors of more than 1,000 elements, and then shows the shape", () => {
    const long = tensor(Array.from({ length: 1001 }, (_, i) => i % 10));
    expect(String(long)).toBe("tensor([0.0000, 1.0000, 2.0000, ..., 8.0000, 9.0000, 0.0000], shape [1001])");
    const wide = String(zeros(40, 30));
    expect(wide.split("\n")).toHaveLength(7);
    expect(wide.split("\n")[0]).toBe("tensor([[0.0000, 0.0000, 0.0000, ..., 0.0000, 0.0000, 0.0000],");
    expect(wide).toMatch(/\n        \.\.\.,\n/);
    expect(wide).toMatch(/, shape \[40, 30\]\)$/);
  });

  it("shows 100 elements in full", () => {
    expect(String(zeros(100))).not.toContain("...");
  });

  it("is what console.log shows", () => {
    expect(inspect(tensor([1]))).toBe("tensor([1.0000])");
  });
});
