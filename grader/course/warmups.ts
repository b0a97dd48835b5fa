import { keepdim, type Shape, type Tensor } from "#tensor";
import { inWords } from "../network/line.ts";
import type { Extent } from "../network/shape.ts";
import { line } from "./makemore/lines.ts";
import type { Generator } from "../network/random.ts";
import { drawNumbers, type Row } from "../kit/row.ts";

const table = ["rows", "columns"] as const;

/** The shapes of what no line of the warm-ups computes. A gradient has its tensor's shape. */
export const warmupInputs: Readonly<Record<string, readonly Extent[]>> = {
  a: table,
  b: table,
  x: table,
  y: table,
  column: ["rows", 1],
  row: [1, "columns"],
  table,
  left: ["rows", "inner"],
  right: ["inner", "columns"],
  pre: table,
  N: ["vocab", "vocab"],
};

/** How widely the inputs of tanh are spread: into its flat ends. */
const WIDE = 2;
/** The largest count in a table of pairs. */
const LARGEST_COUNT = 20;

/**
 * Part 0, in the order it is worked through. Names are apart from the model's, so that a name says which shape it has;
 * two warm-ups may share one where the shape is the same.
 */
export const warmups = [
  {
    id: "da",
    tensor: "a",
    asks: "gradient",
    given: ["a", "b", "c", "dc"],
    runs: [[line("c", ["a", "b"], "a + b", table, ({ a, b }) => a.add(b))]],
    example: {
      a: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      b: [
        [2, 0, -1],
        [1, -3, 2],
      ],
      dc: [
        [1, -2, 0.5],
        [3, 0, -1],
      ],
    },
  },
  {
    id: "db",
    tensor: "b",
    asks: "gradient",
    given: ["a", "b", "c", "dc"],
    runs: [[line("c", ["a", "b"], "a - b", table, ({ a, b }) => a.sub(b))]],
    example: {
      a: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      b: [
        [2, 0, -1],
        [1, -3, 2],
      ],
      dc: [
        [1, -2, 0.5],
        [3, 4, -1],
      ],
    },
  },
  {
    id: "dy",
    tensor: "y",
    asks: "gradient",
    given: ["x", "y", "u", "du"],
    runs: [[line("u", ["x", "y"], "x * y", table, ({ x, y }) => x.mul(y))]],
    example: {
      x: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      y: [
        [2, 3, -1],
        [5, -3, 2],
      ],
      du: [
        [1, -2, 0.5],
        [3, 1, -1],
      ],
    },
  },
  {
    id: "dx",
    tensor: "x",
    asks: "gradient",
    given: ["x", "y", "u", "v", "du", "dv"],
    runs: [
      [line("u", ["x", "y"], "x * y", table, ({ x, y }) => x.mul(y))],
      [line("v", ["x", "y"], "x + y", table, ({ x, y }) => x.add(y))],
    ],
    example: {
      x: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      y: [
        [2, 3, -1],
        [5, -3, 2],
      ],
      du: [
        [1, -2, 0.5],
        [3, 1, -1],
      ],
      dv: [
        [2, 1, 1],
        [-4, 2, 3],
      ],
    },
  },
  {
    id: "dcolumn",
    tensor: "column",
    asks: "gradient",
    given: ["column", "row", "grid", "dgrid"],
    runs: [[line("grid", ["column", "row"], "column + row", table, ({ column, row }) => column.add(row))]],
    example: {
      column: [[10], [20]],
      row: [[1, 2, 3]],
      dgrid: [
        [1, -2, 4],
        [3, 0.5, -1],
      ],
    },
  },
  {
    id: "dtable",
    tensor: "table",
    asks: "gradient",
    given: ["table", "total", "spread", "dspread"],
    runs: [
      [
        line("total", ["table"], "table.sum(1, keepdim)", ["rows", 1], ({ table }) => table.sum(1, keepdim)),
        // the table is not used here but for its shape, which expand asks for
        line("spread", ["total", "table"], "total.expand(rows, columns)", table, ({ total, table }) =>
          total.expand(...table.shape),
        ),
      ],
    ],
    example: {
      table: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      dspread: [
        [1, -2, 4],
        [3, 0.5, -1],
      ],
    },
  },
  {
    id: "dleft",
    tensor: "left",
    asks: "gradient",
    given: ["left", "right", "product", "dproduct"],
    runs: [[line("product", ["left", "right"], "left @ right", table, ({ left, right }) => left.matmul(right))]],
    example: {
      left: [
        [1, 2],
        [3, 4],
      ],
      right: [
        [5, 6],
        [7, 8],
      ],
      dproduct: [
        [1, -1],
        [2, 0.5],
      ],
    },
  },
  {
    id: "dpre",
    tensor: "pre",
    asks: "gradient",
    given: ["pre", "out", "dout"],
    runs: [[line("out", ["pre"], "tanh(pre)", table, ({ pre }) => pre.tanh())]],
    draw: { pre: (generator, shape, _, arranged) => arranged(drawNumbers(generator, shape)).mul(WIDE) },
    example: {
      pre: [
        [0, 0.5, -1],
        [1, 2, -4],
      ],
      dout: [
        [1, -2, 4],
        [3, 0.5, -1],
      ],
    },
  },
  {
    id: "normalize",
    tensor: "P",
    asks: "value",
    rowSums: 1,
    given: ["N"],
    // in words: the expression is what is asked for
    runs: [
      [
        inWords(
          line("P", ["N"], "N, each row divided by its own sum", ["vocab", "vocab"], ({ N }) =>
            N.div(N.sum(1, keepdim)),
          ),
        ),
      ],
    ],
    draw: { N: drawCounts },
    // pairs of neighbours in ab, aab and ba, each between two dots: rows and columns are '.', a, b
    example: {
      N: [
        [0, 2, 1],
        [1, 1, 2],
        [2, 1, 0],
      ],
    },
  },
] as const satisfies readonly Row[];

export type WarmupRow = (typeof warmups)[number];
export type WarmupId = WarmupRow["id"];

/** Counts of pairs: each edge has a 0, every row a count above 0, and one row a single one. */
function drawCounts(generator: Generator, shape: Shape): Tensor {
  const N = generator.randint(0, LARGEST_COUNT + 1, ...shape).float();
  const [rows, columns] = shape as [number, number];
  const end = generator.randint(0, 2, 1).item() * (columns - 1);
  N.set(0, end, 0);
  N.set(rows - 1, columns - 1 - end, 0);
  const single = generator.randint(0, rows, 1).item();
  const counted = generator.randint(1, columns - 1, rows);
  for (let j = 0; j < columns; j++) N.set(single, j, 0);
  for (let i = 0; i < rows; i++) N.set(i, counted.get(i), N.get(i, counted.get(i)) + 1);
  return N;
}
