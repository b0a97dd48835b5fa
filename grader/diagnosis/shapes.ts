import { TensorError, type Shape, type Tensor } from "#tensor";
import { answerExtents, shapeOf, upstreamsOf, type FunctionStep } from "../kit/step.ts";
import { sameExtents, shapeText, sizeOf, type Extent } from "../network/shape.ts";
import { sameShape } from "../tensor/shape.ts";
import { where } from "./formulas/entries.ts";
import { seenOnly, severalIn, stepOf, wordIn, type Diagnosis, type Seen } from "./symptom.ts";

/** Answers of a wrong shape brought to the right one, and what that says about them. */
interface Remedy {
  id: string;
  sentence: string;
  fixed: Seen[];
}

/** The ways in which a wrong shape can become the right one. */
export function remedies(seen: readonly Seen[]): Remedy[] {
  const step = stepOf(seen);
  const expected = answerExtents(step);
  const extents = extentsOf(seen);
  if (!extents) return [];
  const shapes = `${step.tensor} has shape ${shapeText(expected)}, but the answer has shape ${shapeText(extents)}`;
  const words = (dims: readonly number[]): string =>
    dims.map((dim) => severalIn(step, extents[dim] ?? 1)).join(" and the ");
  const lost = lostDimension(step, extents, expected);
  const ways: [id: string, sentence: string, of: (answer: Tensor, shape: Shape) => Tensor][] = [
    [
      "reshaped",
      `${shapes}: ${lost ?? "the same numbers are arranged in another shape"}`,
      (answer, shape) => answer.view([...shape]),
    ],
    ["transposed", `${shapes}: rows and columns are swapped`, (answer) => answer.T],
    // a tensor is not broadcast along a dimension of its own
    ...[[0], [1], [0, 1], [2]]
      .filter((dims) => dims.every((dim) => !expected.includes(extents[dim]!)))
      .flatMap((dims): typeof ways => {
        if (seen.every(({ answer }) => dims.every((dim) => isRepeated(answer, dim)))) {
          return [
            [
              "repeated",
              `${shapes}: the same numbers are repeated for all of the ${words(dims)}, and ${step.tensor} has them only once`,
              (answer, shape) => dims.reduce((first, dim) => firstAlong(first, dim), answer).view([...shape]),
            ],
          ];
        }
        if (step.asks !== "gradient") return [];
        return [
          [
            "not-summed",
            `${shapes}: ${step.tensor} was broadcast, so its gradient should still be summed over the ${words(dims)}`,
            (answer, shape) => dims.reduce((sum, dim) => sum.sum(dim, true), answer).view([...shape]),
          ],
        ];
      }),
  ];
  return ways.flatMap(([id, sentence, of]): Remedy[] => {
    const fixed = seen.flatMap(({ case: asked, answer }): Seen[] => {
      const changed = fix(answer, asked.truth.shape, of);
      return changed ? [{ case: asked, answer: changed }] : [];
    });
    return fixed.length === seen.length ? [{ id, sentence, fixed }] : [];
  });
}

/** What is said if a dimension of extent 1 is missing; undefined if none is. */
function lostDimension(
  step: FunctionStep,
  extents: readonly Extent[],
  expected: readonly Extent[],
): string | undefined {
  if (String(extents) !== String(expected.filter((extent) => extent !== 1)) || extents.length === expected.length)
    return undefined;
  return isSummed(step) ? "a sum dropped its dimension; keepdim keeps it" : "a dimension of extent 1 is missing";
}

/** Whether the correct formula sums over a dimension that its answer keeps with extent 1. */
function isSummed(step: FunctionStep): boolean {
  const own = answerExtents(step);
  const others = step.asks === "gradient" ? upstreamsOf(step) : step.given;
  return others.some((other) => {
    const extents = shapeOf(step, other);
    return extents.length === own.length && own.some((extent, dim) => extent === 1 && extents[dim] !== 1);
  });
}

/** Whether all entries along a dimension are the same, and there is more than one. */
function isRepeated(x: Tensor, dim: number): boolean {
  if (dim >= x.shape.length || x.size(dim) < 2) return false;
  const first = firstAlong(x, dim)
    .expand([...x.shape])
    .toArray();
  return x.toArray().every((value, i) => value === first[i]);
}

/** The first entry along a dimension, kept with extent 1. */
function firstAlong(x: Tensor, dim: number): Tensor {
  return where(x, dim, (i) => i === 0).sum(dim, true);
}

function fix(answer: Tensor, shape: Shape, of: (answer: Tensor, shape: Shape) => Tensor): Tensor | undefined {
  try {
    const fixed = of(answer, shape);
    return sameShape(fixed.shape, shape) ? fixed : undefined;
  } catch (error) {
    if (error instanceof TensorError) return undefined;
    throw error;
  }
}

/** If the numbers say nothing more: what the shape is, and what that usually means. */
export function byShapeAlone(seen: readonly Seen[]): Diagnosis | null {
  const step = stepOf(seen);
  const expected = answerExtents(step);
  const extents = extentsOf(seen);
  if (!extents) return null;
  const are = `the answer has shape ${shapeText(extents)}, but ${step.tensor} has shape ${shapeText(expected)}`;
  const say = (id: string, why: string): Diagnosis => seenOnly(id, are + why);
  if (extents.length === 0) {
    const sentence = `the answer is a single number, but ${step.tensor} has shape ${shapeText(expected)}: there should be one number per entry`;
    return seenOnly("number", sentence);
  }
  const lost = lostDimension(step, extents, expected);
  if (lost) return say("dropped", `: ${lost}`);
  if (
    sameExtents(
      extents.filter((extent) => extent !== 1),
      expected,
    )
  )
    return say("kept", ": there is a dimension of extent 1 too many");
  if (extents.length === expected.length) {
    if (expected.length > 1 && sameExtents(extents.toReversed(), expected))
      return say("transposed", ": rows and columns are swapped");
    const dims = [...extents.keys()].filter(
      (d) => expected[d] === 1 && extents[d] !== 1 && !expected.includes(extents[d]!),
    );
    if (dims.length > 0 && extents.every((extent, d) => expected[d] === 1 || extent === expected[d])) {
      const which = dims.map((d) => wordIn(step, extents[d]!)).join(" and ");
      const repeated = seen.every(({ answer }) => dims.every((dim) => isRepeated(answer, dim)));
      return repeated
        ? say("repeated", `: the same numbers are repeated for each ${which}`)
        : say("not-summed", `: it still has one entry per ${which}`);
    }
    const smaller = expected.filter((extent, d) => extents[d] === 1 && extent !== 1);
    if (smaller.length > 0 && extents.every((extent, d) => extent === 1 || extent === expected[d])) {
      return say(
        "summed",
        `: each of the ${smaller.map((extent) => severalIn(step, extent)).join(" and ")} should have an entry of its own`,
      );
    }
  }
  return say("shape", "");
}

/** The extents of the answers by the sizes' names, if they are the same in all of them. */
function extentsOf(seen: readonly Seen[]): Extent[] | undefined {
  const names: Extent[] = [1, ...Object.keys(stepOf(seen).network.words.sizes)];
  const [first] = seen;
  const extents = first!.answer.shape.map((_, dim) =>
    names.find((extent) => seen.every(({ case: { sizes }, answer }) => answer.shape[dim] === sizeOf(extent, sizes))),
  );
  const known = extents.filter((extent) => extent !== undefined);
  const length = first!.answer.shape.length;
  return known.length === length && seen.every(({ answer }) => answer.shape.length === length) ? known : undefined;
}
