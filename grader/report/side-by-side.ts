import { padTo, widthOf } from "./text.ts";

/** A few lines that belong together, such as a picture or a cell of a table. */
export type Block = readonly string[];

/**
 * Blocks next to each other, their first lines in one line.
 *
 * @param widths of the columns; a block that is wider than its column, or has none, is as wide as its widest line
 */
export function sideBySide(blocks: readonly Block[], gap = "  ", widths: readonly number[] = []): string[] {
  const all = blocks.map((block, i) => Math.max(widths[i] ?? 0, widthOfBlock(block)));
  const height = Math.max(...blocks.map((block) => block.length));
  return Array.from({ length: height }, (_, row) =>
    blocks
      .map((block, i) => padTo(block[row] ?? "", all[i]!))
      .join(gap)
      .trimEnd(),
  );
}

/** Blocks in rows, as many next to each other as fit into `width` columns: the lines of each row. */
export function flow(blocks: readonly Block[], width: number, gap = "  "): string[][] {
  const rows: Block[][] = [];
  let used = Infinity;
  for (const block of blocks) {
    const more = gap.length + widthOfBlock(block);
    if (used + more <= width) rows.at(-1)!.push(block);
    else {
      rows.push([block]);
      used = -gap.length;
    }
    used += more;
  }
  return rows.map((row) => sideBySide(row, gap));
}

function widthOfBlock(block: Block): number {
  return Math.max(0, ...block.map(widthOf));
}
