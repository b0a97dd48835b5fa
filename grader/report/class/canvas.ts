import type { Platform } from "./fill.ts";

/** The columns of a Canvas gradebook that identify people; the last of them is Section. */
const IDENTITY = /^(?:student|id|sis user id|sis login id|integration id|root account|section)$/i;
/** A column of an assignment: its title, and its number in Canvas. */
const ASSIGNMENT = /\(\d+\)\s*$/;

/**
 * The gradebook of Canvas: Grades, Export, Export Entire Gradebook. Its importer wants the student's name in the first
 * column and an ID in the second, finds students by ID, and takes `EX` as excused (lib/gradebook_importer.rb).
 */
export const canvas: Platform = {
  name: "Canvas",
  source: "canvas",
  exported: "Grades, Export",
  isHeader: ([first = "", second = "", ...others]) =>
    /^student/i.test(first) && /\bID\b/i.test(second) && others.some((title) => /section/i.test(title)),
  keysOf: (head, line) => {
    const [student = "", number = ""] = line;
    // a line with the points of each column, one with their posting policy, and the test student's
    if (/^\s*points possible/i.test(student) || number.trim() === "" || /^student, test$/i.test(student.trim()))
      return undefined;
    const others = head.flatMap((title, at) =>
      at > 1 && IDENTITY.test(title) && /\bid\b/i.test(title) ? [line[at] ?? ""] : [],
    );
    return { number, others, names: [student] };
  },
  pointColumns: (head) => head.flatMap((title, at) => (ASSIGNMENT.test(title) && !IDENTITY.test(title) ? [at] : [])),
  possible: (lines, column) => {
    const line = lines.find(([first = ""]) => /^\s*points possible/i.test(first));
    const cell = line?.[column]?.trim() ?? "";
    return /^\d+(?:\.\d+)?$/.test(cell) ? Number(cell) : undefined;
  },
  locked: (_, line, column) => (/^EX$/i.test(line[column]?.trim() ?? "") ? "excused (EX)" : undefined),
};
