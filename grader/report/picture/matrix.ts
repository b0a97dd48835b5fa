import { box, code, type Mark, type Point } from "./marks.ts";
import type { TextTone, Tone } from "./theme.ts";

/** The usual size of a cell: as wide as five characters. */
export const CELL = { width: 46, height: 26 } as const;

export interface Cell {
  readonly text: string;
  /** The kind of thing it is, which gives its text and its ground their tones; empty by default. */
  readonly is?: "value" | "gradient" | "shared";
}

export interface Matrix {
  readonly marks: readonly Mark[];
  readonly width: number;
  readonly height: number;
  /** The middle of a cell's left or right edge. */
  readonly edge: (row: number, column: number, side: "left" | "right") => Point;
  /** The middle of a cell. */
  readonly middle: (row: number, column: number) => Point;
}

const tones: Readonly<Record<NonNullable<Cell["is"]>, { text: TextTone; ground: Tone }>> = {
  value: { text: "value", ground: "valueGround" },
  gradient: { text: "gradient", ground: "gradientGround" },
  shared: { text: "shared", ground: "sharedGround" },
};

/** A matrix as a table of cells, with its top left corner at a point. */
export function matrix(
  at: Point,
  rows: readonly (readonly Cell[])[],
  size: { width?: number; height?: number } = {},
): Matrix {
  const { width, height } = { ...CELL, ...size };
  const columns = rows[0]?.length ?? 0;
  const corner = (row: number, column: number): Point => [at[0] + column * width, at[1] + row * height];
  const cells = rows.flatMap((cells, row) =>
    cells.flatMap(({ text, is }, column): Mark[] => {
      const [x, y] = corner(row, column);
      const { text: tone, ground } = is ? tones[is] : { text: "ink" as const, ground: "panel" as const };
      return [
        box([x, y], [width, height], { fill: ground, stroke: "rule", thickness: 1 }),
        ...(text === "" ? [] : [code([x + width / 2, y + height / 2], text, { tone })]),
      ];
    }),
  );
  const outline = box(at, [columns * width, rows.length * height], { stroke: "wire", thickness: 1.25 });
  return {
    marks: [...cells, outline],
    width: columns * width,
    height: rows.length * height,
    edge: (row, column, side) => {
      const [x, y] = corner(row, column);
      return [side === "left" ? x : x + width, y + height / 2];
    },
    middle: (row, column) => {
      const [x, y] = corner(row, column);
      return [x + width / 2, y + height / 2];
    },
  };
}

/** The rows of a matrix of numbers. */
export function rowsOf({ shape, value }: { shape: readonly number[]; value: ArrayLike<number> }): number[][] {
  const columns = shape.at(-1) ?? 1;
  const all = Array.from(value);
  return Array.from({ length: all.length / columns }, (_, row) => all.slice(row * columns, (row + 1) * columns));
}
