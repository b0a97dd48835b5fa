import type { Matrix } from "../../grader/report/heatmap/matrix.ts";
import { pixelOf, pixelsOf } from "../../grader/report/heatmap/pixels.ts";
import type { ThemeName } from "../../grader/report/picture/theme.ts";
import { numeral } from "./numbers.ts";

/** What a heat map shows. Two that are equal in every field look the same. */
export interface Painting {
  readonly matrix: Matrix;
  /** The absolute value of the strongest color. */
  readonly scale: number;
  readonly theme: ThemeName;
  /** The places that light up; undefined if nothing is followed, so that all are equally bright. */
  readonly lit: ReadonlySet<number> | undefined;
  /** The place under the cursor. */
  readonly cursor: number | undefined;
  /** Whether cells that are large enough show their number or their sign. */
  readonly isLarge: boolean;
}

/** Cells from this width on, in pixels, show their number, and from this width and height on their sign. */
const WITH_NUMBERS = 40;
const WITH_SIGNS = 11;
/** Values from this fraction of the scale on show their sign, so that they can be read without colors. */
const SIGNED_FROM = 1 / 3;
/** How much of what is not lit is left. */
const DIMMED = 0.22;
/** The smallest size of a lit cell, in pixels: in a small drawing it may cover its neighbors. */
const SMALLEST_LIT = 3;
/** Up to this many lit cells have outlines. */
const OUTLINED = 600;

const inks = {
  light: { ink: "#1f2328", paper: "#ffffff" },
  dark: { ink: "#f0f6fc", paper: "#0d1117" },
} as const satisfies Record<ThemeName, unknown>;

/** Paints a heat map at the size that its canvas has on the page, as sharp as the screen. */
export function paint(canvas: HTMLCanvasElement, painting: Painting): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext("2d");
  if (!context || width === 0 || height === 0) return;
  const sharpness = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(width * sharpness);
  canvas.height = Math.round(height * sharpness);
  context.setTransform(sharpness, 0, 0, sharpness, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(pixels(painting), 0, 0, width, height);
  const { rows, columns } = painting.matrix;
  const cell: CellSize = { width: width / columns.size, height: height / rows.size };
  paintLit(context, painting, cell);
  if (painting.isLarge) paintMarks(context, painting, cell);
  paintCursor(context, painting, cell);
}

interface CellSize {
  readonly width: number;
  readonly height: number;
}

/** One pixel per value, kept for as long as its matrix is: moving a cursor does not make it again. */
const made = new WeakMap<Matrix, { key: string; canvas: HTMLCanvasElement }>();

function pixels({ matrix, scale, theme }: Painting): HTMLCanvasElement {
  const key = `${theme} ${scale}`;
  const known = made.get(matrix);
  if (known?.key === key) return known.canvas;
  const canvas = document.createElement("canvas");
  canvas.width = matrix.columns.size;
  canvas.height = matrix.rows.size;
  const image = new ImageData(pixelsOf(matrix.values, scale, theme), canvas.width, canvas.height);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  made.set(matrix, { key, canvas });
  return canvas;
}

/** Dims everything, and brings back what is lit, with outlines where there is room. */
function paintLit(context: CanvasRenderingContext2D, { matrix, scale, theme, lit }: Painting, cell: CellSize): void {
  if (!lit) return;
  const { values, columns } = matrix;
  const { ink, paper } = inks[theme];
  if (lit.size < values.length) {
    context.globalAlpha = 1 - DIMMED;
    context.fillStyle = paper;
    context.fillRect(0, 0, cell.width * columns.size, cell.height * matrix.rows.size);
    context.globalAlpha = 1;
  }
  const [width, height] = [Math.max(cell.width, SMALLEST_LIT), Math.max(cell.height, SMALLEST_LIT)];
  const isOutlined = lit.size <= OUTLINED && lit.size < values.length;
  const corner = (place: number): [number, number] => [
    (place % columns.size) * cell.width - (width - cell.width) / 2,
    Math.floor(place / columns.size) * cell.height - (height - cell.height) / 2,
  ];
  if (isOutlined) {
    context.fillStyle = ink;
    for (const place of lit) {
      const [x, y] = corner(place);
      context.fillRect(x - 1, y - 1, width + 2, height + 2);
    }
  }
  for (const place of lit) {
    const [x, y] = corner(place);
    context.fillStyle = `rgb(${pixelOf(values[place]!, scale, theme).join(" ")})`;
    context.fillRect(x, y, width, height);
  }
}

function paintMarks(context: CanvasRenderingContext2D, painting: Painting, cell: CellSize): void {
  const { matrix, scale, theme, lit } = painting;
  const isTable = cell.width >= WITH_NUMBERS && cell.height >= WITH_SIGNS;
  const size = Math.min(cell.width, cell.height);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = isTable
    ? "12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"
    : `${Math.round(size * 0.8)}px ui-monospace, Menlo, Consolas, monospace`;
  for (let place = 0; place < matrix.values.length; place++) {
    const value = matrix.values[place]!;
    const isFinite = Number.isFinite(value);
    const isDimmed = lit !== undefined && !lit.has(place);
    const isStrong = isFinite && scale > 0 && Math.abs(value) >= SIGNED_FROM * scale;
    if (isFinite && !isTable && (!isStrong || isDimmed || size < WITH_SIGNS)) continue;
    context.globalAlpha = isDimmed ? 0.5 : 1;
    context.fillStyle = inkOn(pixelOf(value, scale, theme), isDimmed ? theme : undefined);
    const text = !isFinite ? "?" : isTable ? numeral(value) : value < 0 ? "−" : "+";
    const [row, column] = [Math.floor(place / matrix.columns.size), place % matrix.columns.size];
    context.fillText(text, (column + 0.5) * cell.width, (row + 0.5) * cell.height + 0.5, cell.width - 2);
  }
  context.globalAlpha = 1;
}

/** Black or white, whichever is easier to read on a color; on a dimmed one the ink of the page. */
function inkOn([red, green, blue]: readonly [number, number, number], dimmedIn: ThemeName | undefined): string {
  if (dimmedIn) return inks[dimmedIn].ink;
  const linear = (channel: number): number => (channel / 255) ** 2.2;
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return luminance > 0.19 ? inks.light.ink : inks.light.paper;
}

/** Two rings, dark and light: one of them differs from any cell. */
function paintCursor(
  context: CanvasRenderingContext2D,
  { matrix: { rows, columns }, theme, cursor }: Painting,
  cell: CellSize,
): void {
  if (cursor === undefined) return;
  const { ink, paper } = inks[theme];
  const [width, height] = [Math.max(cell.width, 5), Math.max(cell.height, 5)];
  const within = (at: number, size: number, end: number): number => Math.max(2, Math.min(end - size - 2, at));
  const x = within((cursor % columns.size) * cell.width + (cell.width - width) / 2, width, cell.width * columns.size);
  const y = within(
    Math.floor(cursor / columns.size) * cell.height + (cell.height - height) / 2,
    height,
    cell.height * rows.size,
  );
  context.lineWidth = 2;
  context.strokeStyle = paper;
  context.strokeRect(x - 2, y - 2, width + 4, height + 4);
  context.lineWidth = 1.5;
  context.strokeStyle = ink;
  context.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
}
