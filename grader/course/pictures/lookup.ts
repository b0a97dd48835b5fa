import { BACKWARD, curvedArrow, FORWARD } from "../../report/picture/arrow.ts";
import { CELL, matrix, rowsOf, type Cell, type Matrix } from "../../report/picture/matrix.ts";
import { code, LINE, MARGIN, numeral, WIDTH, words, type Mark, type Point } from "../../report/picture/marks.ts";
import { bodyExample } from "../examples.ts";
import { work } from "../worked.ts";
import { once } from "../../network/once.ts";
import type { LessonPicture } from "./lesson-picture.ts";
import { backwardHeading, forwardHeading } from "./passes.ts";

/** The lesson's example: tables as rows, the index of each position, and the rows that are looked up more than once. */
const example = once(() => {
  const { values, gradients, batch } = work(bodyExample);
  const indices = [...batch.Xb.toArray()];
  return {
    indices,
    table: rowsOf(values["C"]!),
    embedded: rowsOf(values["emb"]!),
    upstream: rowsOf(gradients["emb"]!),
    sums: rowsOf(gradients["C"]!),
    shared: new Set(indices.filter((index, i) => indices.indexOf(index) !== i)),
  };
});

/** Where the heading, the names and the cells of a panel are, from its top. */
const [HEADING, NAMES, CELLS] = [20, 50, 64];
/** What is written beside a table takes this much. */
const LABEL = 22;

export const lookupPicture: LessonPicture = {
  name: "lookup",
  part: 1,
  draw: () => {
    const { indices, table, embedded, upstream, sums } = example();
    const second = CELLS + indices.length * CELL.height + MARGIN + 4;
    const forward = panel(0, ["C", "emb"], table, embedded, "value");
    const backward = panel(second, ["dC", "demb"], sums, upstream, "gradient");
    return {
      title:
        "Forward, arrows lead from the rows of C to the positions of emb that Xb fills with them. Backward, the same arrows " +
        `are reversed: ${sums.map((_, row) => `row ${row} of dC adds up ${timesText(row)}`).join(", ")}.`,
      height: 2 * second + LINE,
      marks: [
        ...forwardHeading(HEADING, "a lookup copies rows"),
        ...forward.ways.flatMap(([from, to, isShared]) =>
          curvedArrow(from, to, isShared ? { ...FORWARD, tone: "shared", thickness: 2 } : FORWARD),
        ),
        ...forward.marks,
        ...backwardHeading(second + HEADING, "a scatter adds each row to its source"),
        ...backward.ways.flatMap(([from, to, isShared]) =>
          curvedArrow(to, from, isShared ? { ...BACKWARD, tone: "shared", thickness: 2 } : BACKWARD),
        ),
        ...backward.marks,
        words([MARGIN, 2 * second], "yellow: rows that are looked up more than once", { tone: "shared" }),
      ],
    };
  },
};

function timesText(row: number): string {
  const count = example().indices.filter((index) => index === row).length;
  return count === 0 ? "nothing" : count === 1 ? "one row of demb" : `${count} rows of demb`;
}

type Way = readonly [left: Point, right: Point, isShared: boolean];

/** The table at the left, its rows numbered, the positions at the right with their indices, and the arrows' ends. */
function panel(
  top: number,
  [leftName, rightName]: readonly [string, string],
  left: readonly (readonly number[])[],
  right: readonly (readonly number[])[],
  is: "value" | "gradient",
): { marks: Mark[]; ways: Way[] } {
  const { indices, shared } = example();
  const cells = (rows: readonly (readonly number[])[], isShared: (row: number) => boolean): Cell[][] =>
    rows.map((row, i) => row.map((x) => ({ text: numeral(x), is: isShared(i) ? "shared" : is })));
  const lower = ((right.length - left.length) * CELL.height) / 2;
  const source = matrix(
    [MARGIN + LABEL, top + CELLS + lower],
    cells(left, (row) => shared.has(row)),
  );
  const width = right[0]!.length * CELL.width;
  const target = matrix(
    [WIDTH - MARGIN - LABEL - width, top + CELLS],
    cells(right, (i) => shared.has(indices[i]!)),
  );
  const middle = ({ middle }: Matrix, row: number): number => middle(row, 0)[1];
  return {
    marks: [
      ...source.marks,
      ...target.marks,
      code([MARGIN + LABEL + source.width / 2, top + CELLS + lower - 14], leftName, { isBold: true }),
      code([WIDTH - MARGIN - LABEL - width / 2, top + NAMES], rightName, { isBold: true }),
      code([WIDTH - MARGIN - LABEL / 2 + 2, top + NAMES], "Xb"),
      ...left.map((_, row) => code([MARGIN + LABEL / 2, middle(source, row)], String(row))),
      ...right.map((_, i) => code([WIDTH - MARGIN - LABEL / 2 + 2, middle(target, i)], String(indices[i]))),
    ],
    ways: indices.map((index, i): Way => [
      source.edge(index, left[0]!.length - 1, "right"),
      target.edge(i, 0, "left"),
      shared.has(index),
    ]),
  };
}
