import { significant } from "../../kit/number.ts";
import type { Axis } from "../../network/words.ts";
import { colorOf, colorOf256 } from "./diverging.ts";
import type { Drawing, Panel } from "./drawing.ts";
import { flow } from "../side-by-side.ts";
import { fold, HANG } from "../text.ts";
import { numberPanels } from "./numbers.ts";
import { countNotFinite, shrink, type Shrunk } from "./matrix.ts";

/** What a terminal can show: 24-bit colors, 256 colors, or characters alone. */
export type Colors = "24bit" | "256" | "none";

/** The most rows of a matrix; a taller one is shrunk, a wider one too, but not to fewer columns than these. */
const MOST_ROWS = 64;
const FEWEST_COLUMNS = 8;
const GAP = "   ";
/** The distance between numbers along an axis. */
const EVERY = 10;

/** Signs by size: from these fractions of the scale on. Smaller values are "."; 0 is blank. */
const SIGN_STEPS = [1 / 20, 1 / 3, 2 / 3] as const;
const NEGATIVE = ["-", "=", "#"] as const;
const POSITIVE = ["+", "*", "@"] as const;

/** A drawing as text, no wider than the terminal: as many panels next to each other as fit. */
export function terminalDrawing(drawing: Drawing, columns: number, colors: Colors): string {
  const { title, panels, axes, remarks, isTable } = drawing;
  const drawn = isTable ? numberPanels(drawing) : panels.map((panel) => panelLines(panel, columns, colors));
  const lines = [
    ...fold(title, columns, HANG),
    ...axes.flatMap((axis) => fold(axis, columns, HANG)),
    ...(isTable ? [] : fold(legend(colors), columns, HANG)),
    "",
    ...flow(drawn, columns, GAP).flatMap((row) => [...row, ""]),
    ...remarks.flatMap((remark) => fold(remark, columns, HANG)),
  ];
  return `${lines.join("\n")}\n`;
}

function legend(colors: Colors): string {
  if (colors === "none") return "negative - = #, positive + * @: 1/20, 1/3, 2/3 of the scale; . less; blank 0";
  return "blue negative, orange positive, white 0; two rows per line; NO_COLOR=1 for signs";
}

/** One panel: title, axis, rows, scale, notes. */
export function panelLines({ title, matrix, scale, notes }: Panel, width: number, colors: Colors): string[] {
  if (!matrix) return [title, ...notes.flatMap((note) => fold(note, width - 2, HANG).map((line) => `  ${line}`))];
  const gutter = gutterWidth(matrix.rows, colors);
  const shrunk = shrink(matrix, { rows: MOST_ROWS, columns: Math.max(FEWEST_COLUMNS, width - gutter) });
  const isBlank = scale === 0 && countNotFinite(matrix.values) === 0;
  const body = isBlank
    ? []
    : [
        ...columnHeader(shrunk.columns, shrunk.by.columns).map((line) => " ".repeat(gutter) + line),
        ...rowLines(shrunk, scale, colors),
        ...scaleLines(scale, colors),
      ];
  const { rows, columns } = shrunk.by;
  const place = [rows > 1 ? `${rows} rows` : "", columns > 1 ? `${columns} columns` : ""].filter(Boolean).join(" by ");
  const said = [...notes];
  if (place && !isBlank) said.push(`each place shows ${place}: the value largest in size`);
  const widest = Math.max(title.length, gutter + shrunk.columns.size, NARROWEST);
  return [title, ...body, ...said.flatMap((note) => fold(note, Math.min(width, widest), HANG))];
}

/** Notes below a narrow matrix are wrapped to at least this width. */
const NARROWEST = 32;

/** The lines above a matrix: numbers or names of groups, and the marks of places. */
function columnHeader(axis: Axis, by: number): string[] {
  if (axis.size === 1) return [];
  return [ruler(axis, by), (axis.marks ?? []).join("")].filter((line) => line !== "");
}

function ruler({ size, numbered, groups }: Axis, by: number): string {
  if (!groups && !numbered) return "";
  // numbers of one digit have room at every place
  if (!groups && by === 1 && size <= EVERY) return Array.from({ length: size }, (_, i) => i).join("");
  const texts = groups
    ? groups.names.map((text, i) => ({ at: i * groups.length, text }))
    : Array.from({ length: Math.ceil(size / EVERY) }, (_, i) => ({ at: i * EVERY, text: String(i * EVERY * by) }));
  let line = "";
  for (const { at, text } of texts) {
    if (at >= line.length && at + text.length <= Math.max(size, text.length)) line = `${line.padEnd(at)}${text} `;
  }
  return line.trimEnd();
}

/** The text to the left of a row: its number and its mark; if a line has two rows, the first one's number and both marks. */
function gutterOf({ numbered, marks, size }: Axis, row: number, by: number, isDouble: boolean): string {
  if (size === 1) return "";
  const digits = String((size - 1) * by).length;
  const its = numbered ? String(row * by).padStart(digits) : "";
  const mark = marks && marks[row]! + (isDouble ? (row + 1 < size ? `/${marks[row + 1]}` : "  ") : "");
  return `${[its, mark].filter(Boolean).join(" ")} `;
}

function gutterWidth(rows: Axis, colors: Colors): number {
  return gutterOf(rows, 0, 1, colors !== "none").length;
}

/** A character with its colors, as parameters of the terminal's control sequence. */
interface Cell {
  text: string;
  front?: string;
  back?: string;
}

/** The rows. With colors, half blocks put two into a line, unless a value is not finite: that takes a whole character. */
function rowLines({ rows, columns, values, by }: Shrunk, scale: number, colors: Colors): string[] {
  const at = (row: number, column: number): number => values[row * columns.size + column]!;
  const isDouble = colors !== "none" && rows.size > 1 && countNotFinite(values) === 0;
  const width = gutterWidth(rows, colors);
  const lines: string[] = [];
  for (let row = 0; row < rows.size; row += isDouble ? 2 : 1) {
    const cells = Array.from({ length: columns.size }, (_, column): Cell => {
      const value = at(row, column);
      if (colors === "none") return { text: sign(value, scale) };
      if (!Number.isFinite(value)) return { text: "?" };
      const front = `38;${code(value, scale, colors)}`;
      if (!isDouble) return { text: "█", front };
      if (row + 1 === rows.size) return { text: "▀", front };
      return { text: "▀", front, back: `48;${code(at(row + 1, column), scale, colors)}` };
    });
    lines.push(gutterOf(rows, row, by.rows, isDouble).padEnd(width) + paint(cells));
  }
  return lines;
}

/** A value as a character that shows its sign and size. */
function sign(value: number, scale: number): string {
  if (!Number.isFinite(value)) return "?";
  if (value === 0) return " ";
  const step = SIGN_STEPS.findLastIndex((from) => Math.abs(value) >= from * scale);
  return (value < 0 ? NEGATIVE : POSITIVE)[step] ?? ".";
}

function code(value: number, scale: number, colors: Exclude<Colors, "none">): string {
  const t = scale === 0 ? 0 : value / scale;
  return colors === "24bit" ? `2;${colorOf(t).join(";")}` : `5;${colorOf256(t)}`;
}

/** Cells as text; a color is set when it changes, and reset at the end. */
function paint(cells: readonly Cell[]): string {
  let text = "";
  let [front, back]: (string | undefined)[] = [undefined, undefined];
  for (const cell of cells) {
    const codes: string[] = [];
    if (cell.front !== front) codes.push(cell.front ?? "39");
    if (cell.back !== back) codes.push(cell.back ?? "49");
    [front, back] = [cell.front, cell.back];
    text += (codes.length > 0 ? `\u001b[${codes.join(";")}m` : "") + cell.text;
  }
  return front === undefined && back === undefined ? text : `${text}\u001b[0m`;
}

/** The value that the darkest color, or the largest sign, represents. */
function scaleLines(scale: number, colors: Colors): string[] {
  if (scale === 0) return [];
  if (colors === "none") return [`scale: # -${significant(scale)}, @ ${significant(scale)}`];
  const steps = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1];
  const bar = paint(steps.map((t) => ({ text: "█", front: `38;${code(t, 1, colors)}` })));
  return [`darkest: -${significant(scale)} ${bar} ${significant(scale)}`];
}
