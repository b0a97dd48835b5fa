import { TensorError, type Shape, type Tensor } from "#tensor";
import { givenShape, type FunctionStep } from "../course/steps.ts";
import { shapeIn, type Extent } from "../model/lines.ts";
import { sameShape } from "../tensor/shape.ts";
import { wordFor, type Diagnosis, type Seen } from "./symptom.ts";

/** Answers of a wrong shape brought to the right one, and what that says of them. */
interface Remedy {
  id: string;
  sentence: string;
  mended: Seen[];
}

/** The ways in which a wrong shape can become the right one. */
export function remedies(step: FunctionStep, seen: readonly Seen[]): Remedy[] {
  const expected = givenShape(step.tensor);
  const extents = extentsOf(seen);
  if (!extents) return [];
  const shapes = `${step.tensor} is ${name(expected)}, and the answer ${name(extents)}`;
  const dropped = extents.length < expected.length && expected.includes(1);
  const words = (dims: readonly number[]): string =>
    dims.map((dim) => `${wordFor(extents[dim] ?? 1)}s`).join(" and the ");
  const ways: [id: string, sentence: string, of: (answer: Tensor, shape: Shape) => Tensor][] = [
    [
      "reshaped",
      `${shapes}: ${dropped ? "a sum dropped its dimension; keepdim keeps it" : "the numbers stand under another shape"}`,
      (answer, shape) => answer.view([...shape]),
    ],
    ["transposed", `${shapes}: rows and columns are exchanged`, (answer) => answer.T],
    // what a tensor has itself it was not copied along
    ...[[0], [1], [0, 1], [2]]
      .filter((dims) => step.asks === "gradient" && dims.every((dim) => !expected.includes(extents[dim]!)))
      .map((dims): (typeof ways)[number] => [
        "not-summed",
        `${shapes}: ${step.tensor} was copied, so its gradient is still to be summed over the ${words(dims)}`,
        (answer, shape) => dims.reduce((sum, dim) => sum.sum(dim, true), answer).view([...shape]),
      ]),
  ];
  return ways.flatMap(([id, sentence, of]): Remedy[] => {
    const mended = seen.flatMap(({ case: asked, answer }): Seen[] => {
      const changed = mend(answer, asked.truth.shape, of);
      return changed ? [{ case: asked, answer: changed }] : [];
    });
    return mended.length === seen.length ? [{ id, sentence, mended }] : [];
  });
}

function mend(answer: Tensor, shape: Shape, of: (answer: Tensor, shape: Shape) => Tensor): Tensor | undefined {
  try {
    const mended = of(answer, shape);
    return sameShape(mended.shape, shape) ? mended : undefined;
  } catch (error) {
    if (error instanceof TensorError) return undefined;
    throw error;
  }
}

/** Where the numbers say nothing more: what the shape is, and what that usually means. */
export function byShapeAlone(step: FunctionStep, seen: readonly Seen[]): Diagnosis | null {
  const expected = givenShape(step.tensor);
  const extents = extentsOf(seen);
  if (!extents) return null;
  const are = `the answer is ${name(extents)}, and ${step.tensor} is ${name(expected)}`;
  const say = (id: string, why: string): Diagnosis => ({ id: `seen-${id}`, sentence: are + why });
  if (extents.length === 0) {
    const sentence = `the answer is a single number, and ${step.tensor} is ${name(expected)}: a number for each place is asked for`;
    return { id: "seen-number", sentence };
  }
  const same = (a: readonly Extent[], b: readonly Extent[]): boolean => String(a) === String(b);
  if (
    same(
      extents,
      expected.filter((extent) => extent !== 1),
    )
  )
    return say("dropped", ": a sum dropped its dimension; keepdim keeps it");
  if (
    same(
      extents.filter((extent) => extent !== 1),
      expected,
    )
  )
    return say("kept", ": a dimension of extent 1 is too many");
  if (extents.length === expected.length) {
    if (expected.length > 1 && same(extents.toReversed(), expected))
      return say("transposed", ": rows and columns are exchanged");
    const larger = extents.filter((extent, d) => expected[d] === 1 && extent !== 1 && !expected.includes(extent));
    if (larger.length > 0 && extents.every((extent, d) => expected[d] === 1 || extent === expected[d])) {
      return say("not-summed", `: there is still one for each ${larger.map(wordFor).join(" and ")}`);
    }
    const smaller = expected.filter((extent, d) => extents[d] === 1 && extent !== 1);
    if (smaller.length > 0 && extents.every((extent, d) => extent === 1 || extent === expected[d])) {
      return say(
        "summed",
        `: each of the ${smaller.map((extent) => `${wordFor(extent)}s`).join(" and ")} is to have its own`,
      );
    }
  }
  return say("shape", "");
}

/** The extents of the answers in the sizes' names, where they are the same in all of them. */
function extentsOf(seen: readonly Seen[]): Extent[] | undefined {
  const names: Extent[] = [1, "n", "block", "embd", "hidden", "vocab", "block*embd", "rows", "columns", "inner"];
  const [first] = seen;
  const extents = first!.answer.shape.map((_, dim) =>
    names.find((extent) =>
      seen.every(({ case: { sizes }, answer }) => answer.shape[dim] === shapeIn([extent], sizes)[0]),
    ),
  );
  const known = extents.filter((extent) => extent !== undefined);
  const length = first!.answer.shape.length;
  return known.length === length && seen.every(({ answer }) => answer.shape.length === length) ? known : undefined;
}

/** [n, 1] */
function name(extents: readonly Extent[]): string {
  return `[${extents.join(", ")}]`;
}
