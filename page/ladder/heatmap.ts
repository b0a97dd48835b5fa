import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import type { Matrix } from "../../grader/report/heatmap/matrix.ts";
import { columnSums, rowSums } from "../../grader/report/heatmap/sums.ts";
import type { RungPanel } from "../../grader/report/ladder/panels.ts";
import { largest } from "../../grader/report/statistics.ts";
import type { ThemeName } from "../../grader/report/picture/theme.ts";
import { showing } from "./canvases.ts";
import { elementText, numeral, placeText } from "./numbers.ts";
import { movedBy, type LadderEvent, type LadderState } from "./state.ts";

/** What every heat map of a ladder is drawn with. */
export interface Shared {
  readonly state: LadderState;
  readonly theme: ThemeName;
  /** The places that light up, by tensor; undefined if nothing is followed. */
  readonly lit: ReadonlyMap<string, ReadonlySet<number>> | undefined;
  readonly send: (event: LadderEvent) => void;
}

const NONE: ReadonlySet<number> = new Set();

/** The largest width of a cell, in pixels: small tables have room for their numbers. */
function largestCell({ rows, columns }: Matrix): number {
  const longest = Math.max(rows.size, columns.size);
  return longest <= 8 ? 56 : longest <= 16 ? 28 : 11;
}

/** The lowest height of a row, in pixels. */
const LOWEST = 4;
const LOWEST_ALONE = 18;
const NUMBERS_HIGH = 30;

/** The size of a matrix on the page: as wide as there is room for, and no wider than its cells need. */
function sizeOf(matrix: Matrix): { width: number; ratio: number; least: number } {
  const { rows, columns } = matrix;
  const cell = largestCell(matrix);
  const high = cell > 40 ? NUMBERS_HIGH : cell;
  return {
    width: columns.size * cell,
    ratio: (columns.size * cell) / (rows.size * high),
    least: rows.size === 1 ? LOWEST_ALONE : rows.size * LOWEST,
  };
}

/** A small drawing of a tensor, for closed rungs. */
export function thumbnail(
  tensor: string,
  { matrix, scale }: Pick<RungPanel, "scale"> & { matrix: Matrix },
  { theme, lit }: Shared,
): TemplateResult {
  const { rows, columns } = matrix;
  const cell = Math.min(THUMBNAIL.width / columns.size, THUMBNAIL.height / rows.size, 10);
  const [width, height] = [Math.max(5, columns.size * cell), Math.max(5, rows.size * cell)];
  const painting = {
    matrix,
    scale,
    theme,
    lit: lit && (lit.get(tensor) ?? NONE),
    cursor: undefined,
    isLarge: false,
  };
  return html`<canvas
    class="thumbnail"
    style=${`width:${round(width)}px;height:${round(height)}px`}
    aria-hidden="true"
    ${ref(showing(painting))}
  ></canvas>`;
}

const THUMBNAIL = { width: 88, height: 32 };

/** A tensor as a heat map with its sums, whose cells a pointer or the arrow keys choose. */
export function heatmap(panel: RungPanel, shape: readonly number[], shared: Shared): TemplateResult {
  const { id, is, title, matrix, notes, scale } = panel;
  return html`<figure class=${`panel ${is}`}>
    <figcaption id=${`${id}-title`}>${title}</figcaption>
    ${matrix ? gridWithSums(panel, matrix, scale, shape, shared) : nothing}
    ${notes.map((note) => html`<p class="note">${note}</p>`)}
  </figure>`;
}

function gridWithSums(
  panel: RungPanel,
  matrix: Matrix,
  scale: number,
  shape: readonly number[],
  shared: Shared,
): TemplateResult {
  const { state, theme } = shared;
  const { width, ratio, least } = sizeOf(matrix);
  const cursor = state.cursor?.panel === panel.id ? state.cursor.place : undefined;
  const sums = sumsOf(matrix);
  const strip = (is: "rows" | "columns"): TemplateResult => {
    const { matrix: one, scale } = sums[is];
    const painting = { matrix: one, scale, theme, lit: undefined, cursor: undefined, isLarge: false };
    return html`<div class=${`sums ${is}`} aria-hidden="true"><canvas ${ref(showing(painting))}></canvas></div>`;
  };
  const hasRows = matrix.columns.size > 1 && matrix.rows.size > 1;
  return html`<div
      class=${`cells ${hasRows ? "with-sums" : ""}`}
      style=${`--width:${width + (hasRows ? 16 : 0)}px;--ratio:${ratio};--least:${least}px`}
    >
      ${grid(panel, matrix, scale, cursor, shape, shared)}
      ${hasRows ? [strip("rows"), strip("columns"), html`<span class="corner" aria-hidden="true">Σ</span>`] : nothing}
    </div>
    <p class="reading" aria-hidden="true">${readingOf(panel, matrix, scale, cursor, shape)}</p>`;
}

/** The name of the elements of a panel: the tensor's, or its gradient's. */
export function nameIn({ is, tensor, title }: RungPanel): string {
  return tensor === undefined ? title : is === "value" ? tensor : `d${tensor}`;
}

/** The number under the cursor with its place and the sums through it; without a cursor, the scale. */
function readingOf(
  panel: RungPanel,
  matrix: Matrix,
  scale: number,
  cursor: number | undefined,
  shape: readonly number[],
): TemplateResult {
  if (cursor === undefined || cursor >= matrix.values.length) {
    return html`<span class="quiet">${scale === 0 ? nothing : scaleBar(scale)}</span>`;
  }
  const sums = sumsOf(matrix);
  const [row, column] = [Math.floor(cursor / matrix.columns.size), cursor % matrix.columns.size];
  const place = placeText(matrix, cursor);
  const through = [
    ...(matrix.columns.size > 1 ? [`row sums to ${numeral(sums.rows.matrix.values[row]!)}`] : []),
    ...(matrix.rows.size > 1 ? [`column to ${numeral(sums.columns.matrix.values[column]!)}`] : []),
  ];
  return html`<b>${numeral(matrix.values[cursor]!)}</b>
    <span title=${elementText(nameIn(panel), cursor, shape)}>${place}</span>
    <span class="quiet">${through.join(", ")}</span>`;
}

function scaleBar(scale: number): TemplateResult {
  return html`${numeral(-scale)} <span class="scale"></span> ${numeral(scale)}`;
}

/** The cells: one focusable grid, of which only the cell under the cursor is an element; a canvas shows them all. */
function grid(
  panel: RungPanel,
  matrix: Matrix,
  scale: number,
  cursor: number | undefined,
  shape: readonly number[],
  shared: Shared,
): TemplateResult {
  const { rows, columns, values } = matrix;
  const { theme, lit, send } = shared;
  const { id, tensor } = panel;
  const at = (place: number): { panel: string; place: number } => ({ panel: id, place });
  const choose = (place: number): void => {
    if (tensor !== undefined) send({ kind: "choose", element: { tensor, place }, cell: at(place) });
  };
  const placeUnder = (event: PointerEvent | MouseEvent): number => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * columns.size);
    const row = Math.floor(((event.clientY - box.top) / box.height) * rows.size);
    const within = (i: number, size: number): number => Math.max(0, Math.min(size - 1, i));
    return within(row, rows.size) * columns.size + within(column, columns.size);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const size = { rows: rows.size, columns: columns.size };
    if (movedBy(event.key, 0, rows.size, columns.size) !== undefined)
      send({ kind: "move", key: event.key, panel: { id, tensor, ...size } });
    else if (event.key === "Enter" || event.key === " ") choose(cursor ?? 0);
    else return;
    event.preventDefault();
  };
  const painting = {
    matrix,
    scale,
    theme,
    lit: lit && tensor !== undefined ? (lit.get(tensor) ?? NONE) : undefined,
    cursor,
    isLarge: true,
  };
  const cell = cursor === undefined || cursor >= values.length ? undefined : cursor;
  return html`<div
    class="grid"
    role="grid"
    tabindex="0"
    aria-labelledby=${`${id}-title`}
    aria-rowcount=${rows.size}
    aria-colcount=${columns.size}
    aria-readonly="true"
    aria-activedescendant=${cell === undefined ? nothing : `${id}-${cell}`}
    @focus=${() => cursor === undefined && send({ kind: "point", cell: at(startOf(shared, tensor)) })}
    @keydown=${onKey}
    @pointermove=${(event: PointerEvent) => {
      const place = placeUnder(event);
      if (event.pointerType === "mouse" && place !== cursor) send({ kind: "point", cell: at(place) });
    }}
    @click=${(event: MouseEvent) => choose(placeUnder(event))}
  >
    <canvas aria-hidden="true" ${ref(showing(painting))}></canvas>
    <div role="row" class="unseen" aria-rowindex=${Math.floor((cell ?? 0) / columns.size) + 1}>
      <div role="gridcell" id=${`${id}-${cell ?? 0}`} aria-colindex=${((cell ?? 0) % columns.size) + 1}>
        ${cellText(panel, matrix, cell ?? 0, shape, painting.lit)}
      </div>
    </div>
  </div>`;
}

/** Where the cursor begins: at the element that is followed, if it is one of this tensor. */
function startOf({ state }: Shared, tensor: string | undefined): number {
  return state.chosen !== null && state.chosen.tensor === tensor ? state.chosen.place : 0;
}

/** A cell as a screen reader says it. */
function cellText(
  panel: RungPanel,
  matrix: Matrix,
  place: number,
  shape: readonly number[],
  lit: ReadonlySet<number> | undefined,
): string {
  const name = elementText(nameIn(panel), place, shape);
  const marks = placeText(matrix, place);
  const connected = lit?.has(place) ? ", connected" : "";
  return `${name} is ${numeral(matrix.values[place]!)}${marks === "" ? "" : `, ${marks}`}${connected}`;
}

interface Sums {
  readonly rows: { readonly matrix: Matrix; readonly scale: number };
  readonly columns: { readonly matrix: Matrix; readonly scale: number };
}

const known = new WeakMap<Matrix, Sums>();

/**
 * The sums as matrices of one column and one row. Their scale is the largest sum of absolute values, so that sums that
 * are zero but for rounding look like zero.
 */
function sumsOf(matrix: Matrix): Sums {
  const before = known.get(matrix);
  if (before) return before;
  const sizes: Matrix = { ...matrix, values: Float64Array.from(matrix.values, Math.abs) };
  const single = { name: "", size: 1, numbered: false };
  const found: Sums = {
    rows: { matrix: { ...matrix, columns: single, values: rowSums(matrix) }, scale: largest(rowSums(sizes)) },
    columns: { matrix: { ...matrix, rows: single, values: columnSums(matrix) }, scale: largest(columnSums(sizes)) },
  };
  known.set(matrix, found);
  return found;
}

function round(x: number): number {
  return Math.round(x * 10) / 10;
}
