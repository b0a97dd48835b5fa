import { describe, expect, it } from "vitest";
import { tensor } from "#tensor";
import { Measured } from "../../grader/autograd/measured.ts";
import { explainRounding, unitsApart } from "../../grader/verdict/why.ts";

describe("units in the last place", () => {
  it("count the float32 numbers from one to another", () => {
    expect(unitsApart(tensor([1, 1]), tensor([1, 1 + 2 ** -22]))).toEqual({ units: 2, at: 1 });
    expect(unitsApart(tensor([2 ** -149]), tensor([-(2 ** -149)])).units).toBe(2);
    expect(unitsApart(tensor([0]), tensor([-0])).units).toBe(0);
  });
});

describe("why a correct answer differs from the reference", () => {
  const exactly = (value: number, magnitude: number): Measured =>
    new Measured([1], Float64Array.of(value), Float64Array.of(magnitude));

  it("names the position, both values and the errors of both", () => {
    const text = explainRounding(tensor([1 + 2 ** -23]), tensor([1]), exactly(1, 1));
    expect(text).toMatch(
      /They differ by at most 1 unit in the last place, at \[0\]: yours 1\.0000001\d*, reference 1,/,
    );
    expect(text).toMatch(/yours is 1\.0 and the reference 0\.0 of the 16 allowed/);
  });

  it("says if the true gradient is zero and both values are noise", () => {
    expect(explainRounding(tensor([1e-9]), tensor([-2e-9]), exactly(0, 1))).toMatch(/^the true gradient is zero here/);
  });

  it("says that equal values are bit for bit equal", () => {
    expect(explainRounding(tensor([0]), tensor([-0]), exactly(0, 1))).toBe("bit for bit equal to the reference");
  });
});
