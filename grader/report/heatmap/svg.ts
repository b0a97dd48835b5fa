import { significant } from "../../kit/number.ts";
import type { Axis } from "../../network/words.ts";
import { colorOf, hex } from "./diverging.ts";
import type { Drawing, Panel } from "./drawing.ts";
import { escaped } from "../escaped.ts";
import { fold, HANG } from "../text.ts";
import { shrink, type Shrunk } from "./matrix.ts";

/** Panels are next to each other up to this width, in pixels. */
const WIDEST = 1360;
const MARGIN = 24;
const GAP = 32;
/** The largest width and height of a place, the usual width of a matrix, and its most rows and columns: others shrink. */
const LARGEST_CELL = 14;
const MATRIX_WIDTH = 640;
const MOST = { rows: 128, columns: 160 };
/** If places are smaller than this, not every number along an axis is written, and there is no room for marks. */
const ROOMY = 10;
const LINE = 16;
const FONT = 11;
/** How many shades there are on each side of 0: as many as the eye can distinguish, each drawn as one path. */
const SHADES = 50;
/** Values from this fraction of the scale on show their sign, so that they can be read without colors. */
const SIGNED_FROM = 1 / 3;
/** From this fraction on shades are so dark that the sign is white. */
const DARK_FROM = 0.55;
const INK = "#333333";
const PAPER = "#ffffff";

/** A drawing as an SVG image that refers to no other file. */
export function svgDrawing({ title, panels, axes, remarks }: Drawing): string {
  const placed = flow(panels.map(layOut));
  const width = Math.max(...placed.map(({ x, box }) => x + box.width)) + MARGIN;
  const top = MARGIN + LINE * 2;
  const bottom = top + Math.max(...placed.map(({ y, box }) => y + box.height));
  const words = [...axes, LEGEND, ...remarks].flatMap((text) =>
    fold(text, Math.floor((width - 2 * MARGIN) / (FONT * 0.6)), HANG),
  );
  const height = bottom + LINE * (words.length + 1) + MARGIN;
  const described = panels.map(({ title, scale, matrix, notes }) => {
    return [title, ...(matrix ? [`largest size ${significant(scale)}`] : []), ...notes].join("; ");
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
      `role="img" aria-labelledby="title desc" font-family="ui-monospace, Menlo, Consolas, monospace" ` +
      `font-size="${FONT}" fill="${INK}">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="desc">${escaped([...described, ...axes, LEGEND, ...remarks].map((text) => `${text}.`).join(" "))}</desc>`,
    `<rect width="${width}" height="${height}" fill="${PAPER}"/>`,
    textAt(MARGIN, MARGIN + FONT, title, `font-size="14" font-weight="bold"`),
    ...placed.map(({ x, y, box }) => `<g transform="translate(${x} ${y + top})">\n${box.lines.join("\n")}\n</g>`),
    ...words.map((text, i) => textAt(MARGIN, bottom + LINE * (i + 1), text)),
    "</svg>",
    "",
  ].join("\n");
}

const LEGEND =
  "Blue is negative, orange positive, white 0; from a third of the scale on, a place shows its sign, - or +";

/** A panel drawn at 0, 0. */
interface Box {
  width: number;
  height: number;
  lines: string[];
}

function layOut({ title, matrix, scale, notes }: Panel): Box {
  const head = textAt(0, FONT, title, `font-weight="bold"`);
  if (!matrix) {
    const lines = fold(notes.join("; "), 40, HANG);
    return {
      width: Math.max(300, textWidth(title)),
      height: LINE * (lines.length + 2),
      lines: [head, ...lines.map((line, i) => textAt(0, LINE * (i + 1) + FONT, line))],
    };
  }
  const shrunk = shrink(matrix, MOST);
  const { rows, columns, by } = shrunk;
  const cell = Math.max(4, Math.min(LARGEST_CELL, Math.floor(MATRIX_WIDTH / columns.size)));
  const left = rows.size > 1 ? Math.max(...rowTexts(rows, by.rows, 1).map(({ text }) => textWidth(text))) + 6 : 0;
  const header = headerLines(columns, by.columns, cell);
  const top = LINE * (1 + header.length) + 6;
  const below = top + rows.size * cell;
  const said = [
    ...notes,
    ...(by.rows * by.columns > 1
      ? [`each place shows ${by.rows} by ${by.columns} values: the one largest in size`]
      : []),
  ];
  const width = Math.max(left + columns.size * cell, SCALE_WIDTH, textWidth(title));
  const lines = said.flatMap((text) => fold(text, Math.floor(width / (FONT * 0.6)), HANG));
  return {
    width,
    height: below + LINE * (lines.length + 4),
    lines: [
      head,
      ...header.flatMap((texts, i) =>
        texts.map(({ at, text, centred }) =>
          textAt(left + at * cell + (centred ? cell / 2 : 0), LINE * (i + 1) + FONT + 4, text, centred ? CENTRED : ""),
        ),
      ),
      ...rowTexts(rows, by.rows, cell).map(({ at, text }) =>
        textAt(left - 6, top + at * cell + cell / 2 + FONT / 2 - 2, text, `text-anchor="end"`),
      ),
      `<g transform="translate(${left} ${top})">`,
      ...cells(shrunk, scale, cell),
      "</g>",
      ...scaleBar(scale, below + LINE),
      ...lines.map((line, i) => textAt(0, below + LINE * (i + 3), line)),
    ],
  };
}

const CENTRED = `text-anchor="middle"`;

/** Text at a place along an axis, centered on the place or starting at its edge. */
interface AxisText {
  at: number;
  text: string;
  centred: boolean;
}

function headerLines(columns: Axis, by: number, cell: number): AxisText[][] {
  const { size, numbered, groups, marks } = columns;
  if (size === 1) return [];
  const lines: AxisText[][] = [];
  if (groups) lines.push(groups.names.map((text, i) => ({ at: i * groups.length, text, centred: false })));
  else if (numbered)
    lines.push(
      (size <= 10 ? everyPlace(size) : everyTenth(size)).map((at) => ({ at, text: String(at * by), centred: true })),
    );
  if (marks && cell >= ROOMY) lines.push([...marks].map((text, at) => ({ at, text, centred: true })));
  return lines;
}

function rowTexts({ size, numbered, marks }: Axis, by: number, cell: number): AxisText[] {
  if (size === 1) return [];
  const shown = cell >= ROOMY || cell === 1 ? everyPlace(size) : everyTenth(size);
  return shown.map((at) => ({
    at,
    text: [numbered ? String(at * by) : "", marks?.[at] ?? ""].filter(Boolean).join(" "),
    centred: false,
  }));
}

function everyPlace(size: number): number[] {
  return Array.from({ length: size }, (_, i) => i);
}

function everyTenth(size: number): number[] {
  return Array.from({ length: Math.ceil(size / 10) }, (_, i) => i * 10);
}

/** The places: one path for each shade, the signs, and ? for values that are not finite. */
function cells({ rows, columns, values }: Shrunk, scale: number, cell: number): string[] {
  const shades = new Map<number, string>();
  const signs = { [INK]: "", [PAPER]: "" };
  const unknown: string[] = [];
  const middle = cell / 2;
  const arm = round(cell / 5);
  for (let i = 0; i < values.length; i++) {
    const [x, y] = [(i % columns.size) * cell, Math.floor(i / columns.size) * cell];
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      unknown.push(textAt(x + middle, y + middle + cell / 3, "?", `${CENTRED} font-size="${cell}" font-weight="bold"`));
      continue;
    }
    const t = scale === 0 ? 0 : value / scale;
    const shade = Math.round(t * SHADES);
    if (shade !== 0) shades.set(shade, `${shades.get(shade) ?? ""}M${x} ${y}h${cell}v${cell}h-${cell}z`);
    if (Math.abs(t) < SIGNED_FROM || cell < ROOMY) continue;
    const [cx, cy] = [round(x + middle), round(y + middle)];
    const across = `M${round(cx - arm)} ${cy}h${2 * arm}`;
    signs[Math.abs(t) < DARK_FROM ? INK : PAPER] += t < 0 ? across : `${across}M${cx} ${round(cy - arm)}v${2 * arm}`;
  }
  const [width, height] = [columns.size * cell, rows.size * cell];
  return [
    `<rect width="${width}" height="${height}" fill="${hex(colorOf(0))}"/>`,
    ...[...shades]
      .sort(([a], [b]) => a - b)
      .map(([shade, path]) => `<path fill="${hex(colorOf(shade / SHADES))}" d="${path}"/>`),
    ...Object.entries(signs)
      .filter(([, path]) => path !== "")
      .map(([color, path]) => `<path fill="none" stroke="${color}" stroke-width="1.5" d="${path}"/>`),
    ...unknown,
    `<rect width="${width}" height="${height}" fill="none" stroke="${INK}" stroke-width="0.5"/>`,
  ];
}

const SCALE_CELL = 12;
const SCALE_STEPS = 11;
const SCALE_TEXT = 84;
const SCALE_WIDTH = 2 * SCALE_TEXT + SCALE_STEPS * SCALE_CELL;

/** -0.0312 to 0.0312 in colors. */
function scaleBar(scale: number, y: number): string[] {
  if (scale === 0) return [];
  const from = SCALE_TEXT;
  const to = from + SCALE_STEPS * SCALE_CELL;
  return [
    textAt(from - 6, y + SCALE_CELL - 2, `-${significant(scale)}`, `text-anchor="end"`),
    ...Array.from({ length: SCALE_STEPS }, (_, i) => {
      const t = (2 * i) / (SCALE_STEPS - 1) - 1;
      return `<rect x="${from + i * SCALE_CELL}" y="${y}" width="${SCALE_CELL}" height="${SCALE_CELL}" fill="${hex(colorOf(t))}"/>`;
    }),
    `<rect x="${from}" y="${y}" width="${to - from}" height="${SCALE_CELL}" fill="none" stroke="${INK}" stroke-width="0.5"/>`,
    textAt(to + 6, y + SCALE_CELL - 2, significant(scale)),
  ];
}

/** As many panels next to each other as WIDEST allows, the others below. */
function flow(boxes: readonly Box[]): { x: number; y: number; box: Box }[] {
  let [x, y, tallest] = [MARGIN, 0, 0];
  return boxes.map((box) => {
    if (x > MARGIN && x + box.width + MARGIN > WIDEST) [x, y, tallest] = [MARGIN, y + tallest, 0];
    const placed = { x, y, box };
    x += box.width + GAP;
    tallest = Math.max(tallest, box.height);
    return placed;
  });
}

function textAt(x: number, y: number, text: string, attributes = ""): string {
  return `<text x="${round(x)}" y="${round(y)}"${attributes && ` ${attributes}`}>${escaped(text)}</text>`;
}

/** The approximate width of a text in a monospaced font. */
function textWidth(text: string): number {
  return Math.ceil(text.length * FONT * 0.62);
}

function round(x: number): number {
  return Math.round(x * 10) / 10;
}
