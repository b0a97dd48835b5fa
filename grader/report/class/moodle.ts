import { canvas } from "./canvas.ts";
import type { Platform } from "./fill.ts";

/** What ends every cell of the column Identifier, whatever the site's language: "Participant 123". */
const PARTICIPANT = /\d+$/;

/**
 * The offline grading worksheet of a Moodle assignment. Its importer needs the columns Identifier, Grade and Last modified
 * (grade), and refuses a grade that was changed in Moodle after the export (mod/assign/feedback/offline). A site in another
 * language names them differently; then --column names the grade's.
 */
export const moodle: Platform = {
  name: "Moodle",
  source: "moodle",
  exported: "the grading worksheet (the assignment, Submissions, Actions, Download grading worksheet)",
  // the names differ by the site's language; lines that begin with a participant's number do not
  isHeader: (head) => head.length >= 4 && !canvas.isHeader(head),
  keysOf: (head, line) => {
    const [identifier = ""] = line;
    const number = PARTICIPANT.exec(identifier.trim())?.[0];
    if (number === undefined) return undefined;
    const emails = line.filter((cell) => /^[^\s@]+@[^\s@]+$/.test(cell));
    const ids = head.flatMap((title, at) => (/^(?:id number|username)$/i.test(title) ? [line[at] ?? ""] : []));
    const at = Math.max(
      1,
      head.findIndex((title) => /^full name$/i.test(title)),
    );
    return { number, others: [...emails, ...ids], names: [line[at] ?? ""] };
  },
  pointColumns: (head) => {
    const grade = head.findIndex((title) => /^grade$/i.test(title.trim()));
    // the identifier and the name are no grades
    return grade > 0 ? [grade] : head.flatMap((_, at) => (at > 1 ? [at] : []));
  },
  possible: (lines) => {
    const [head = [], first = []] = lines;
    const at = head.findIndex((title) => /^maximum grade$/i.test(title.trim()));
    const value = Number((first[at] ?? "").replace(",", "."));
    return at >= 0 && Number.isFinite(value) && value > 0 ? value : undefined;
  },
  locked: (head, line) => {
    const at = head.findIndex((title) => /^grade can be changed$/i.test(title.trim()));
    return at >= 0 && /^no$/i.test(line[at]?.trim() ?? "") ? "Moodle says that the grade cannot be changed" : undefined;
  },
};
