import { answerExtents, answerName, upstreamsOf } from "../../kit/step.ts";
import type { Measured } from "../../autograd/measured.ts";
import { shapeText } from "../../network/shape.ts";
import { positionsIn } from "../../kit/dependence.ts";
import type { Kind } from "./candidate.ts";
import { longDims } from "./words.ts";

const COLUMN = "all entries of a column";
const ROW = "all entries of a row";
const ALL = "all entries";
const NONE = "none, except by chance";

/** Which entries of a matrix are equal? Where a sum passes on copies, a whole row or column is. */
export const equalQuestion: Kind = (step, { truth }) => {
  const extents = answerExtents(step);
  if (extents.length !== 2 || longDims(extents).length !== 2) return undefined;
  const inColumns = isConstantAlong(truth, 0);
  const inRows = isConstantAlong(truth, 1);
  const isDistinct = new Set(truth.value).size === truth.value.length;
  if (!inColumns && !inRows && !isDistinct) return undefined;
  const answer = inColumns && inRows ? ALL : inColumns ? COLUMN : inRows ? ROW : NONE;
  const { tensor } = step;
  const line = answer === COLUMN ? "column" : "row";
  const why =
    answer === NONE
      ? "Each entry has a local gradient or an upstream gradient of its own."
      : `The forward lines use every entry of a ${line} of ${tensor} in the same way, so a change in any of them has the same effect.`;
  const whatever = upstreamsOf(step).length > 0 ? ", whatever the upstream gradient is" : "";
  return {
    id: "equal",
    ask: `Which entries of ${answerName(step)} ${shapeText(extents)} are always equal to each other${whatever}?`,
    answer,
    others: [COLUMN, ROW, ALL, NONE].filter((text) => text !== answer),
    why,
    weight: answer === NONE ? 0.6 : 2.2,
  };
};

/** Whether the entries along a dimension are equal, except for rounding in float64. */
function isConstantAlong({ shape, value }: Measured, dim: number): boolean {
  const first = new Map<string, number>();
  return positionsIn(shape).every((at, i) => {
    const line = at.filter((_, other) => other !== dim).join();
    if (!first.has(line)) first.set(line, value[i]!);
    const known = first.get(line)!;
    return Math.abs(value[i]! - known) <= 1e-12 * Math.abs(known);
  });
}
