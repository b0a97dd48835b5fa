import { expect, it } from "vitest";
import { tensor } from "#tensor";
import { Measured } from "../../grader/autograd/measured.ts";
import { difference, worstRatio, wrongElements } from "../../grader/verdict/compare.ts";

/** The gradient of a probability that float32 cannot hold. */
const truth = new Measured([2], Float64Array.of(4.2e-48, 0.5), Float64Array.of(2e-45, 1));

it("an answer that underflows to zero in float32 is right", () => {
  const answer = tensor([0, 0.5]);
  expect(difference(answer, truth)).toBeUndefined();
  expect(wrongElements(answer, truth)).toEqual([]);
  expect(worstRatio(answer, truth)).toBeLessThan(1);
});

it("one that float32 could have held is not", () => {
  const answer = tensor([1e-40, 0.5]);
  expect(difference(answer, truth)).toMatchObject({ count: 1, at: [0] });
  expect(wrongElements(answer, truth)).toEqual([0]);
});
