import kleur from "kleur";
import type { Experiment, Findings, Table } from "../kit/experiment.ts";
import { terminalCurves } from "./curve.ts";
import { INDENT, paragraph, proseWidth } from "./text.ts";

/** Columns of numbers are at most this wide; their headings are broken into lines. */
const NARROW = 14;
const GAP = 2;

/** What an experiment shows, as text: the setting, the curves, the tables, what to see in them. */
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

/** A table in so many columns: names to the left, numbers to the right, long names and headings in several lines. */
export function tableLines({ title, columns, rows }: Table, width: number): string[] {
  const [first, ...others] = columns;
  const headings = others.map((heading) => paragraph(heading, NARROW));
  const widths = others.map((_, i) =>
    Math.max(...headings[i]!.map((line) => line.length), ...rows.map((row) => row[i + 1]!.length)),
  );
  const room = width - INDENT.length - widths.reduce((sum, wide) => sum + GAP + wide, 0);
  const name = Math.min(Math.max(first!.length, ...rows.map(([text]) => text!.length)), Math.max(room, NARROW));
  const lineOf = (text: string, cells: readonly string[]): string =>
    (
      INDENT +
      text.padEnd(name) +
      cells.map((cell, i) => " ".repeat(GAP) + cell.padStart(widths[i]!)).join("")
    ).trimEnd();
  const height = Math.max(...headings.map((lines) => lines.length));
  const heads = Array.from({ length: height }, (_, row) =>
    // headings stand on the line below them
    lineOf(
      row === height - 1 ? first! : "",
      headings.map((lines) => lines[row - height + lines.length] ?? ""),
    ),
  );
  const rule = kleur.dim(INDENT + "-".repeat(name + widths.reduce((sum, wide) => sum + GAP + wide, 0)));
  const body = rows.flatMap(([text, ...cells]) => {
    const [start, ...rest] = paragraph(text!, name);
    return [
      ...(rest.length > 0 ? [start!, ...rest.slice(0, -1)].map((line) => INDENT + line) : []),
      lineOf(rest.at(-1) ?? start!, cells),
    ];
  });
  return [...paragraph(kleur.bold(title), width, INDENT), "", ...heads, rule, ...body];
}
