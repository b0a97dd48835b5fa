import type { Tensor } from "#tensor";
import type { Generator } from "../../network/random.ts";
import type { Sizes } from "../../network/shape.ts";
import type { Marks, NamedPlace } from "../../network/words.ts";
import { drawInside } from "../drawn-sizes.ts";
import type { Flavor } from "./batches.ts";

/** The mark of the example that is nearly constant, or nearly 0, so that what it is divided by is as small as epsilon. */
const QUIET = "quiet";

/** Marks an example. */
export function markQuiet({ n }: Sizes, generator: Generator): Marks {
  return { [QUIET]: { n: drawInside(generator, n!) } };
}

/** The same rows, that of the marked example around a center, and so near to it that epsilon shows; a plain batch has none. */
export function withQuietRow(x: Tensor, marks: Marks, flavor: Flavor, center = 0): Tensor {
  const row = marks[QUIET]!["n"]!;
  if (flavor !== "plain") for (let j = 0; j < x.size(1); j++) x.set(row, j, center + x.get(row, j) * 2e-3);
  return x;
}

/** The row of the marked example, in sentences about a gradient with a row for each example. */
export function placesOfQuiet(id: string, words: string): (answer: readonly unknown[]) => readonly NamedPlace[] {
  return (answer) =>
    answer[0] === "n" ? [{ id, words, holds: ({ marks }, [row]) => row === marks?.[QUIET]?.["n"] }] : [];
}
