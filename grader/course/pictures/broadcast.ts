import { arrow, BACKWARD, FORWARD } from "../../report/picture/arrow.ts";
import { CELL, matrix, rowsOf, type Cell } from "../../report/picture/matrix.ts";
import { code, LINE, MARGIN, numeral, sumText, WIDTH, type Mark, type Point } from "../../report/picture/marks.ts";
import type { LessonPicture } from "./lesson-picture.ts";
import { smallNumbers } from "./numbers.ts";
import { backwardHeading, forwardHeading } from "./passes.ts";

/** The width of the grid's cells: a sum of two numbers each. */
const WIDE = 70;
/** Where the heading, the names and the cells of a panel are, from its top. */
const [HEADING, NAMES, CELLS] = [20, 50, 64];

export const broadcastPicture: LessonPicture = {
  name: "broadcast",
  part: 0,
  draw: () => {
    const { column, row, dgrid, dcolumn } = smallNumbers("dcolumn", ["column", "row", "dgrid", "dcolumn"]);
    const sums = rowsOf(dgrid).map((terms, i) => `${sumText(terms)} = ${numeral(dcolumn.value[i]!)}`);
    const second = CELLS + column.shape[0]! * CELL.height + MARGIN;
    const forward = panel(
      0,
      ["column", "grid"],
      rowsOf(column).map(([x]) => [{ text: numeral(x!), is: "value" }]),
      rowsOf(column).map(([x]) => rowsOf(row)[0]!.map((y) => ({ text: sumText([x!, y]), is: "value" }))),
    );
    const backward = panel(
      second,
      ["dcolumn", "dgrid"],
      rowsOf(dcolumn).map(([x]) => [{ text: numeral(x!), is: "gradient" }]),
      rowsOf(dgrid).map((terms) => terms.map((x) => ({ text: numeral(x), is: "gradient" }))),
    );
    const last = 2 * second + 8;
    return {
      title:
        "Forward, each entry of a column is copied into every cell of its row of a grid. Backward, the gradients of the " +
        `copies add up: ${sums.join(" and ")}.`,
      height: last + LINE * dcolumn.shape[0]! + 4,
      marks: [
        ...forwardHeading(HEADING, "the column is copied along each row"),
        ...forward.marks,
        ...forward.rows.flatMap(([left, right]) => arrow([left, right], FORWARD)),
        ...backwardHeading(second + HEADING, "the gradients of the copies add up"),
        ...backward.marks,
        ...backward.rows.flatMap(([left, right]) => arrow([right, left], BACKWARD)),
        ...sums.map((text, i) => code([MARGIN, last + i * LINE], text, { anchor: "start", tone: "gradient" })),
      ],
    };
  },
};

/** A column at the left and a grid at the right, with their names, and the two ends of each row's arrow. */
function panel(
  top: number,
  [leftName, rightName]: readonly [string, string],
  left: readonly (readonly Cell[])[],
  right: readonly (readonly Cell[])[],
): { marks: Mark[]; rows: (readonly [left: Point, right: Point])[] } {
  const column = matrix([MARGIN + 6, top + CELLS], left);
  const table = matrix([WIDTH - MARGIN - WIDE * right[0]!.length, top + CELLS], right, { width: WIDE });
  const [x] = column.middle(0, 0);
  return {
    marks: [
      code([x, top + NAMES], leftName),
      code([WIDTH - MARGIN - table.width / 2, top + NAMES], rightName),
      ...column.marks,
      ...table.marks,
    ],
    rows: left.map((_, i) => [column.edge(i, 0, "right"), table.edge(i, 0, "left")]),
  };
}
