import asciichart, { type PlotConfig } from "asciichart";
import kleur from "kleur";
import { stretches } from "./stretches.ts";
import { widthOf } from "./text.ts";

const ROWS = 12;
/** The width of the axis of a curve in the terminal. */
const AXIS = 10;
/** The largest loss that a curve in the terminal can show. */
const LARGEST = 1e9;
const [WIDTH, HEIGHT, MARGIN] = [800, 400, 50];

/** The loss curve as text. */
export function terminalCurve(losses: readonly number[], columns: number): string {
  const points = stretches(losses, Math.max(20, Math.min(columns, 120) - AXIS));
  if (points.length < 2) return "";
  // the plot counts in steps of one, which such large numbers cannot represent
  if (points.some((loss) => !(Math.abs(loss) < LARGEST))) return "the loss is too large to draw";
  const format = (x: number): string => x.toFixed(3).padStart(AXIS - 3);
  return `${asciichart.plot(points, { height: ROWS, format })}\n${" ".repeat(AXIS - 2)}steps 0 to ${losses.length - 1}, mean loss of ${Math.ceil(losses.length / points.length)} steps per column`;
}

/** Distinguish the curves in one plot, with and without color: the first is a line, the others are marks. */
const marks = [
  { mark: "\u2500", color: kleur.cyan },
  { mark: "*", color: kleur.yellow },
  { mark: "o", color: kleur.green },
];

/** Up to three curves of equal length in one plot as text, with a legend. Where curves overlap they alternate. */
export function terminalCurves(
  curves: readonly { name: string; values: readonly number[] }[],
  columns: number,
): string[] {
  const width = Math.max(20, Math.min(columns, 120) - AXIS);
  const points = curves.map(({ values }) => stretches(values, width));
  const start = " ".repeat(AXIS - 2);
  const wild = curves.filter((_, i) => points[i]!.some((value) => !(Math.abs(value) < LARGEST)));
  if (wild.length > 0) {
    const left = wild.map(({ name }) => `${start}${name}: too large to draw`);
    const others = curves.filter((curve) => !wild.includes(curve));
    return others.length > 0 ? [...terminalCurves(others, columns), ...left] : left;
  }
  const all = points.flat();
  const [min, max] = [Math.min(...all), Math.max(...all)];
  // the plot counts in rows from the value nearest to zero; a flat curve has no rows
  if (max - min < 1e-12) return [`all values are ${min.toFixed(3)}`];
  const format = (x: number): string => x.toFixed(3).padStart(AXIS - 3);
  const plots = points.map((values, i) => {
    const { mark } = marks[i]!;
    const line = ["\u253c", "\u2524", ...Array<string>(8).fill(mark)] as NonNullable<PlotConfig["symbols"]>;
    const symbols = i === 0 ? undefined : line;
    const plot = asciichart.plot(values, { height: ROWS, min, max, format, ...(symbols && { symbols }) });
    return plot.split("\n").map((row) => [...row]);
  });
  const rows = plots[0]!.map((first, row) =>
    first.map((_, column) => {
      if (column < AXIS) return first[column]!;
      const shown = plots.flatMap((plot, i) => ((plot[row]?.[column] ?? " ") === " " ? [] : [i]));
      const i = shown[column % shown.length];
      return i === undefined ? " " : marks[i]!.color(plots[i]![row]![column]!);
    }),
  );
  const names = curves.map(({ name }, i) => `${marks[i]!.color(marks[i]!.mark.repeat(2))} ${name}`);
  const inOne = start + names.join("   ");
  const legend = widthOf(inOne) <= columns ? [inOne] : names.map((name) => start + name);
  return [...rows.map((row) => row.join("").trimEnd()), ...legend];
}

/** The loss curve as an SVG image. */
export function svgCurve(losses: readonly number[]): string {
  const points = stretches(losses, WIDTH - 2 * MARGIN);
  const [low, high] = [Math.min(...points), Math.max(...points)];
  const x = (i: number): number => MARGIN + ((WIDTH - 2 * MARGIN) * i) / Math.max(points.length - 1, 1);
  const y = (loss: number): number => HEIGHT - MARGIN - ((HEIGHT - 2 * MARGIN) * (loss - low)) / (high - low || 1);
  const line = points.map((loss, i) => `${x(i).toFixed(1)},${y(loss).toFixed(1)}`).join(" ");
  const marks = [0, 1, 2, 3, 4].map((i) => low + ((high - low) * i) / 4);
  const text = (at: string, words: string): string => `  <text ${at}>${words}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `  <rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    ...marks.map(
      (loss) => `  <line x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${y(loss)}" y2="${y(loss)}" stroke="#ddd"/>`,
    ),
    ...marks.map((loss) => text(`x="${MARGIN - 6}" y="${y(loss) + 4}" text-anchor="end"`, loss.toFixed(3))),
    `  <polyline points="${line}" fill="none" stroke="#1f6feb" stroke-width="1.5"/>`,
    text(`x="${MARGIN}" y="${HEIGHT - MARGIN / 2}"`, "step 0"),
    text(`x="${WIDTH - MARGIN}" y="${HEIGHT - MARGIN / 2}" text-anchor="end"`, `step ${losses.length - 1}`),
    text(`x="${MARGIN}" y="${MARGIN / 2}"`, `loss, mean of ${Math.ceil(losses.length / points.length)} steps`),
    "</svg>",
    "",
  ].join("\n");
}
