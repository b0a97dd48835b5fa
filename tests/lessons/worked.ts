import type { Tensor } from "#tensor";
import { Measured } from "../../grader/autograd/measured.ts";

export { computed, float64, gradientOf, waysBack, work, type Worked } from "../../grader/course/worked.ts";

/** A matrix with its header, and how its numbers are written, if not in the usual way. */
export type Column = readonly [header: string, values: Measured | Tensor, write?: (x: number) => string];

/** Numbers that are longer when written in full are rounded. */
const SHORT = 8;
const DECIMALS = 4;

/** Matrices side by side, one group below the other. Long numbers are rounded to four decimals. */
export function draw(groups: readonly (readonly Column[])[]): string {
  return groups
    .map((columns) => {
      const blocks = columns.map(([header, values, write = written]) => [
        `${header} [${values.shape.join(", ")}]`,
        ...rows(values, write),
      ]);
      const widths = blocks.map((block) => Math.max(...block.map((row) => row.length)));
      const height = Math.max(...blocks.map((block) => block.length));
      const drawn = Array.from({ length: height }, (_, i) =>
        blocks
          .map((block, j) => (block[i] ?? "").padEnd(widths[j]!))
          .join("    ")
          .trimEnd(),
      );
      return drawn.join("\n");
    })
    .join("\n\n");
}

/** A row of text for each row of a matrix; a tensor of three dimensions has bars between its inner rows. */
function rows(values: Measured | Tensor, write: (x: number) => string): string[] {
  const numbers = Array.from(values instanceof Measured ? values.value : values.toArray(), write);
  const columns = values.shape.at(-1) ?? 1;
  const perRow = values.shape.length > 1 ? numbers.length / values.shape[0]! : numbers.length;
  const widths = Array.from({ length: columns }, (_, j) =>
    Math.max(...numbers.filter((_, i) => i % columns === j).map((text) => text.length)),
  );
  return Array.from({ length: numbers.length / perRow }, (_, row) => {
    const cells = numbers.slice(row * perRow, (row + 1) * perRow).map((text, i) => text.padStart(widths[i % columns]!));
    const groups = Array.from({ length: perRow / columns }, (_, k) => cells.slice(k * columns, (k + 1) * columns));
    return groups.map((group) => group.join("  ")).join("  |  ");
  });
}

export function written(x: number): string {
  const text = String(x).length <= SHORT ? String(x) : x.toFixed(DECIMALS).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}
