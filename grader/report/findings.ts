import kleur from "kleur";
import type { Experiment, Findings, Table } from "../kit/experiment.ts";
import { terminalCurves } from "./curve.ts";
import { sideBySide } from "./side-by-side.ts";
import { INDENT, paragraph, proseWidth, widthOf } from "./text.ts";

/** Columns of numbers are at most this wide; longer headings are wrapped. */
const NARROW = 14;
const GAP = "  ";

/** The findings of an experiment as text: the setting, the curves, the tables, and what to see in them. */
export function findingsLines(
  id: string,
  { trap, setting }: Experiment,
  { plotted, curves, tables, remarks }: Findings,
  columns: number | undefined,
): string[] {
  const width = proseWidth(columns);
  const plot = curves ? ["", `${INDENT}${plotted}`, "", ...terminalCurves(curves, width)] : [];
  return [
    ...paragraph(`${kleur.bold(id)}: ${trap}`, width),
    "",
    ...paragraph(setting, width, INDENT),
    ...plot,
    ...tables.flatMap((table) => ["", ...tableLines(table, width)]),
    ...remarks.flatMap((remark) => ["", ...paragraph(remark, width, INDENT)]),
  ];
}

/** A table at most `width` wide: names on the left, numbers on the right; long names and headings are wrapped. */
export function tableLines({ title, columns, rows }: Table, width: number): string[] {
  const [first, ...others] = columns;
  const headings = others.map((heading) => paragraph(heading, NARROW));
  const widths = others.map((_, i) => Math.max(...[...headings[i]!, ...rows.map((row) => row[i + 1]!)].map(widthOf)));
  const room = width - INDENT.length - widths.reduce((sum, wide) => sum + GAP.length + wide, 0);
  const name = Math.min(Math.max(...[first!, ...rows.map(([text]) => text!)].map(widthOf)), Math.max(room, NARROW));
  const lineOf = (names: readonly string[], cells: readonly (readonly string[])[]): string[] => {
    const all = [names, ...cells.map((lines, i) => lines.map((line) => line.padStart(widths[i]!)))];
    const height = Math.max(...all.map((lines) => lines.length));
    // everything is on the last line of its row
    const low = all.map((lines) => [...Array.from({ length: height - lines.length }, () => ""), ...lines]);
    return sideBySide(low, GAP, [name, ...widths]).map((line) => INDENT + line);
  };
  const heads = lineOf([first!], headings);
  const rule = kleur.dim(INDENT + "-".repeat(name + widths.reduce((sum, wide) => sum + GAP.length + wide, 0)));
  const body = rows.flatMap(([text, ...cells]) =>
    lineOf(
      paragraph(text!, name),
      cells.map((cell) => [cell]),
    ),
  );
  return [...paragraph(kleur.bold(title), width, INDENT), "", ...heads, rule, ...body];
}
