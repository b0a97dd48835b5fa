import { stringify } from "csv-stringify/sync";
import { partsOf, passedInPart, type ClassView, type Row } from "./view.ts";

/** Rows of cells as CSV by RFC 4180. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function csvOf(rows: readonly (readonly (string | number)[])[]): string {
  return stringify(rows as (string | number)[][], { escape_formulas: true, record_delimiter: "windows" });
}

const WHO = ["submission", "id", "name", "email", "login", "source", "received", "late"] as const;

/** A class as a table for spreadsheets: a line for each person, with points, parts, and the verdict on each step. */
export function gradesCsv({ rows, steps, changes }: ClassView): string {
  const parts = partsOf(steps);
  const before = new Map(changes?.map((change) => [change.id, change.before]));
  const head = [
    ...WHO,
    "points",
    "possible",
    ...(changes ? ["points before"] : []),
    "problem",
    "stalls at",
    ...parts.map((part) => `part ${part}`),
    ...steps.map(({ id }) => id),
  ];
  const lineOf = (row: Row, who: readonly string[]): (string | number)[] => [
    row.id,
    ...who,
    row.source,
    row.received ?? "",
    row.late ? "late" : "",
    row.points.earned,
    row.points.possible,
    ...(changes ? [before.has(row.id) ? (before.get(row.id) ?? "") : row.points.earned] : []),
    row.problem ?? "",
    row.stallsAt ?? "",
    ...parts.map((part) => passedInPart(row, steps, part).replace("/", " of ")),
    ...steps.map(({ id }) => row.cells.get(id)?.verdict ?? ""),
  ];
  const lines = rows.flatMap((row) => {
    if (row.people.length === 0) return [lineOf(row, ["", row.name === row.id ? "" : row.name, "", ""])];
    return row.people.map(({ id, name, email, login }) => lineOf(row, [id, name ?? "", email ?? "", login ?? ""]));
  });
  return csvOf([head, ...lines]);
}

/** Every mistake of every step, with how many made it, the steps in the course's order. */
export function mistakesCsv({ counts }: ClassView): string {
  const head = ["step", "label", "part", "mistake", "count", "started", "graded", "sentence", "lesson"];
  const lines = counts.flatMap(({ step, mistakes, unexplained, started, graded }) => {
    const line = (id: string, count: number, sentence: string): (string | number)[] => {
      return [step.id, step.label, step.part, id, count, started, graded, sentence, step.lesson ?? ""];
    };
    return [
      ...mistakes.map(({ id, rows, sentence }) => line(id, rows.length, sentence)),
      ...[...unexplained].map(([verdict, count]) => line(verdict, count, "")),
    ];
  });
  return csvOf([head, ...lines]);
}
