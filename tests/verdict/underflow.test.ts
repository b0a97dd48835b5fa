import { expect, it } from "vitest";
import { tensor } from "#tensor";
import { difference, worstRatio, wrongElements } from "../../grader/verdict/compare.ts";

/** The gradient of a probability that float32 cannot hold. */
const truth = { value: new Float64Array([4.2e-48, 0.5]), magnitude: new Float64Array([2e-45, 1]) };

it("an answer that underflows to zero in float32 is right", () => {
  const answer = tensor([0, 0.5]);
  expect(difference(answer, truth as never)).toBeUndefined();
  expect(wrongElements(answer, truth as never)).toEqual([]);
  expect(worstRatio(answer, truth as never)).toBeLessThan(1);
});

it("one that float32 could have held is not", () => {
  const answer = tensor([1e-40, 0.5]);
  expect(difference(answer, truth as never)).toMatchObject({ count: 1, at: [0] });
  expect(wrongElements(answer, truth as never)).toEqual([0]);
});
