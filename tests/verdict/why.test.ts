import { describe, expect, it } from "vitest";
import { tensor } from "#tensor";
import { Measured } from "../../grader/autograd/measured.ts";
import { explainRounding, unitsApart } from "../../grader/verdict/why.ts";

describe("units in the last place", () => {
  it("count the float32 numbers between two", () => {
    expect(unitsApart(tensor([1, 1]), tensor([1, 1 + 2 ** -22]))).toEqual({ units: 2, at: 1 });
    expect(unitsApart(tensor([2 ** -149]), tensor([-(2 ** -149)])).units).toBe(2);
    expect(unitsApart(tensor([0]), tensor([-0])).units).toBe(0);
  });
});

describe("why a right answer differs from the reference", () => {
  const exactly = (value: number, magnitude: number): Measured =>
    new Measured([1], Float64Array.of(value), Float64Array.of(magnitude));

  it("names the place, both values and the truth", () => {
    const text = explainRounding(tensor([1 + 2 ** -23]), tensor([1]), exactly(1, 1));
    expect(text).toMatch(
      /They differ by at most 1 unit in the last place, at \[0\]: yours 1\.0000001\d*, reference 1,/,
    );
    expect(text).toMatch(/yours is 1\.0 and the reference 0\.0 of the 16 allowed/);
  });

  it("says where the truth is zero and both are noise", () => {
    expect(explainRounding(tensor([1e-9]), tensor([-2e-9]), exactly(0, 1))).toMatch(/^the true gradient is zero here/);
  });

  it("has nothing to say of equal bits", () => {
    expect(explainRounding(tensor([0]), tensor([-0]), exactly(0, 1))).toBe("bit for bit equal to the reference");
  });
});
