import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit-html";
import type { Table } from "../../grader/kit/experiment.ts";
import { significant } from "../../grader/kit/number.ts";

/** Plots as SVG, in the page's colours: lines are told apart by their dashes as well, and bars by their labels. */

/** A line of a plot; its points from left to right. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
  /** What it shows, for who cannot see it as well. */
  readonly label: string;
  readonly lines: readonly Line[];
  /** What is told of x: "step". */
  readonly across: string;
}

const [WIDTH, HEIGHT] = [640, 260];
const [LEFT, RIGHT, TOP, BOTTOM] = [70, 12, 12, 38];
/** Values of so different sizes are drawn by their logarithms. */
const WIDE = 1000;
const TICKS = 5;

/** Lines over x. Values that are far apart, and positive, are drawn by their logarithms. */
export function plotView({ label, lines, across }: Plot): TemplateResult {
  const points = lines.flatMap((line) => line.points).filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  if (points.length < 2) return html``;
  const x = scaleOf(
    points.map(([x]) => x),
    LEFT,
    WIDTH - RIGHT,
  );
  const y = scaleOf(
    points.map(([, y]) => y),
    HEIGHT - BOTTOM,
    TOP,
  );
  return html`<figure class="plot">
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
      ${y.ticks.map(
        (tick) =>
          svg`<line class="rule" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y.at(tick)} y2=${y.at(tick)}></line>
          <text x=${LEFT - 8} y=${y.at(tick) + 4} text-anchor="end">${numberText(tick)}</text>`,
      )}
      ${x.ticks.map(
        (tick) =>
          svg`<text x=${x.at(tick)} y=${HEIGHT - BOTTOM + 20}
            text-anchor=${x.at(tick) > WIDTH - 40 ? "end" : "middle"}>${numberText(tick)}</text>`,
      )}
      ${lines.map((line, i) => lineView(line, i, x, y))}
    </svg>
    <figcaption>
      ${lines.length < 2 ? nothing : lines.map(({ name }, i) => html`<span class="key">${keyView(i)} ${name}</span>`)}
      <span class="quiet">${across}</span>
    </figcaption>
  </figure>`;
}

function lineView({ points }: Line, i: number, x: Scale, y: Scale): SVGTemplateResult {
  const path = points.filter(([, value]) => Number.isFinite(value) && (!y.isLog || value > 0));
  return svg`<polyline class="line line-${i % 3}" points=${path
    .map(([at, value]) => `${x.at(at).toFixed(1)},${y.at(value).toFixed(1)}`)
    .join(" ")}></polyline>`;
}

function keyView(i: number): TemplateResult {
  return html`<svg viewBox="0 0 28 8" width="28" height="8" aria-hidden="true">
    <line class="line line-${i % 3}" x1="0" x2="28" y1="4" y2="4"></line>
  </svg>`;
}

interface Scale {
  at(value: number): number;
  readonly ticks: readonly number[];
  readonly isLog: boolean;
}

function scaleOf(values: readonly number[], from: number, to: number): Scale {
  const [low, high] = [smallest(values), -smallest(values.map((value) => -value))];
  const isLog = low > 0 && high / low > WIDE;
  const of = isLog ? Math.log10 : (value: number): number => value;
  const [start, end] = [of(low), of(high)];
  const at = (value: number): number => from + ((to - from) * (of(value) - start)) / (end - start || 1);
  if (!isLog) return { at, isLog, ticks: roundNumbers(low, high) };
  const powers = Array.from({ length: Math.floor(end) - Math.ceil(start) + 1 }, (_, i) => Math.ceil(start) + i);
  const every = Math.ceil(powers.length / TICKS);
  return { at, isLog, ticks: powers.filter((_, i) => i % every === 0).map((power) => 10 ** power) };
}

/** Numbers that are easy to read, between two others: in steps of 1, 2 or 5 times a power of ten. */
function roundNumbers(low: number, high: number): number[] {
  const rough = (high - low) / (TICKS - 1);
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((times) => times * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}

function numberText(x: number): string {
  if (Number.isInteger(x) && Math.abs(x) < 1e6) return x.toLocaleString("en");
  return Math.abs(x) < 1e-3 || Math.abs(x) >= 1e6 ? x.toExponential(0) : significant(x, 3);
}

/** A table as a plot: lines if its rows are named by numbers; else a bar for each number, next to those of its row. */
export function tablePlot(table: Table): TemplateResult | typeof nothing {
  const { title, columns, rows } = table;
  const names = rows.map(([name]) => numberOf(name!));
  const cells = rows.map(([, ...cells]) => cells.map(numberOf));
  const isNumbered = rows.length > 2 && names.every(Number.isFinite) && cells.flat().every(Number.isFinite);
  if (isNumbered) {
    const order = names.map((_, i) => i).toSorted((a, b) => names[a]! - names[b]!);
    const lines = columns.slice(1).map((name, column): Line => {
      return { name, points: order.map((i) => [names[i]!, cells[i]![column]!] as const) };
    });
    return plotView({ label: title, lines, across: columns[0]! });
  }
  const drawn = rows.flatMap(([name], i) =>
    isComparable(cells[i]!) ? [{ name: name!, values: cells[i]!, texts: rows[i]!.slice(1) }] : [],
  );
  if (drawn.length === 0) return nothing;
  return html`<div class="bars" role="img" aria-label="${title}, as bars">
    ${drawn.map(
      ({ name, values, texts }) =>
        html`<div class="bar-row">
          <p>${name}</p>
          ${values.map((value, i) => barView(columns[i + 1]!, value, texts[i]!, largest(values)))}
        </div>`,
    )}
  </div>`;
}

/** Whether there are two numbers or more, not all of them zero. */
function isComparable(values: readonly number[]): boolean {
  const numbers = values.filter(Number.isFinite);
  return numbers.length > 1 && numbers.some((value) => value !== 0);
}

function largest(values: readonly number[]): number {
  return -smallest(values.filter(Number.isFinite).map((value) => -Math.abs(value)));
}

function barView(column: string, value: number, text: string, most: number): TemplateResult | typeof nothing {
  if (!Number.isFinite(value)) return nothing;
  const percent = (100 * Math.abs(value)) / most;
  return html`<div class="bar">
    <span>${column}</span>
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class=${value < 0 ? "negative" : ""} x="0" y="0" height="10" width=${percent.toFixed(2)}></rect>
    </svg>
    <span class="number">${text}</span>
  </div>`;
}

/** A cell as a number: 5.3e-5, 1,234 or 12%; NaN if it is something else. */
function numberOf(cell: string): number {
  const text = cell.replaceAll(",", "").replace(/%$/, "").trim();
  return text === "" ? NaN : Number(text);
}
