import kleur from "kleur";
import { harmless } from "../harmless.ts";
import { mistakeLabel } from "../mistake-label.ts";
import { cutTo, INDENT, lineWidth, padTo, paragraph, proseWidth, widthOf } from "../text.ts";
import {
  commonMistakes,
  counted,
  gradedRows,
  hasMistakes,
  listed,
  partsOf,
  passedInPart,
  stepName,
  type ClassView,
  type Row,
  type StepCount,
} from "./view.ts";

/** Names in the table are at most this wide. */
const WIDEST_NAME = 32;
const GAP = "  ";
/** How many mistakes of a step the terminal shows. */
const MOST_MISTAKES = 3;
/** How many steps of a question are named. */
const MOST_PLACES = 3;
/** How many submissions without a result are named: it is a shard that has not run. */
const MOST_MISSING = 10;

/** A class in a terminal: students down, parts across; then what they misunderstood, and what is missing. */
export function classLines(view: ClassView, columns: number | undefined): string[] {
  const blocks = [
    tableLines(view, lineWidth(columns)),
    mistakeLines(view, proseWidth(columns)),
    stallLines(view, proseWidth(columns)),
    topicLines(view, proseWidth(columns)),
    changeLines(view, proseWidth(columns)),
    remarkLines(view, proseWidth(columns)),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, i) => (i > 0 ? ["", ...block] : block));
}

/** The columns of numbers, as far as they fit: the points always, and the parts under shorter names or not at all. */
interface Columns {
  readonly heads: readonly string[];
  readonly cells: readonly (readonly string[])[];
  readonly widths: readonly number[];
}

function tableLines({ rows, steps }: ClassView, width: number): string[] {
  const names = rows.map(({ name }) => harmless(name));
  const nameWidth = Math.min(WIDEST_NAME, Math.max("student".length, ...names.map(widthOf)));
  const { heads, cells, widths } = columnsIn({ rows, steps }, width - nameWidth);
  const line = (name: string, own: readonly string[], last: string): string =>
    cutTo(
      [padTo(name, nameWidth), ...own.map((cell, i) => cell.padStart(widths[i]!)), last].join(GAP).trimEnd(),
      width,
    );
  const body = rows.map((row, i) => {
    const name = cutTo(names[i]!, nameWidth);
    if (row.problem !== null)
      return cutTo(`${padTo(name, nameWidth)}${GAP}${kleur.yellow(harmless(row.problem))}`, width);
    return line(name, cells[i]!, noteOf(row, steps));
  });
  return [kleur.bold(line("student", heads, "stalls at")), ...body];
}

/** The parts and the points; in a narrow terminal the parts by number, and if that is too wide the points alone. */
function columnsIn({ rows, steps }: Pick<ClassView, "rows" | "steps">, width: number): Columns {
  const parts = partsOf(steps);
  const all = [
    { heads: parts.map((part) => `part ${part}`), own: parts },
    { heads: parts.map((part) => `p${part}`), own: parts },
    { heads: [], own: [] },
  ].map(({ heads: partHeads, own }): Columns => {
    const heads = [...partHeads, "points"];
    const cells = rows.map((row) => [...own.map((part) => passedInPart(row, steps, part)), pointsOf(row)]);
    const widths = heads.map((head, i) => Math.max(head.length, ...cells.map((cell) => cell[i]!.length)));
    return { heads, cells, widths };
  });
  const widthOfAll = ({ widths }: Columns): number => widths.reduce((sum, one) => sum + GAP.length + one, 0);
  return all.find((columns) => widthOfAll(columns) <= width) ?? all.at(-1)!;
}

function pointsOf({ points: { earned, possible } }: Row): string {
  return `${earned}/${possible}`;
}

/** What is said behind a row's numbers. */
function noteOf({ stallsAt, late }: Row, steps: ClassView["steps"]): string {
  const step = steps.find(({ id }) => id === stallsAt);
  return [step ? stepName(step) : "", late ? "(late)" : ""].filter((text) => text !== "").join(" ");
}

/** The most common mistakes by step: how many of those who started the step made each. */
function mistakeLines({ counts, rows }: ClassView, width: number): string[] {
  const graded = gradedRows(rows).length;
  const all = counts.filter(hasMistakes).map((count) => {
    const { common, least } = commonMistakes(count, graded);
    const unexplained = new Map([...count.unexplained].filter(([, many]) => many >= least));
    return {
      ...count,
      unexplained,
      mistakes: common.slice(0, MOST_MISTAKES),
      hidden: count.mistakes.length - Math.min(MOST_MISTAKES, common.length),
    };
  });
  if (all.length === 0) return [];
  const hidden = all.reduce((sum, one) => sum + one.hidden, 0);
  return [
    ...paragraph(`${kleur.bold("What the class misunderstood")}, by step: how many of those who started it`, width),
    ...all.filter(hasMistakes).flatMap((count) => ["", ...stepLines(count, width)]),
    ...(hidden > 0
      ? ["", ...paragraph(`${counted(hidden, "less common mistake")}: --format mistakes lists all`, width)]
      : []),
  ];
}

function stepLines({ step, started, passed, mistakes, unexplained }: StepCount, width: number): string[] {
  const head = `${kleur.bold(stepName(step))}   ${passed} of ${started} pass${step.lesson === undefined ? "" : `   ${kleur.dim(step.lesson)}`}`;
  const numbers = [...mistakes.map(({ rows }) => rows.length), ...unexplained.values()].map(String);
  const digits = Math.max(...numbers.map(({ length }) => length));
  const entry = (count: number, text: string): string[] => {
    const start = `${INDENT}${String(count).padStart(digits)}  `;
    const [first = "", ...rest] = paragraph(text, width, " ".repeat(start.length));
    return [start + first.trimStart(), ...rest];
  };
  return [
    cutTo(head, width),
    ...mistakes.flatMap(({ rows, sentence, isSeen }) => {
      return entry(
        rows.length,
        `${isSeen ? `${mistakeLabel({ id: "", sentence, isSeen })}: ` : ""}${harmless(sentence)}`,
      );
    }),
    ...[...unexplained].flatMap(([verdict, count]) => entry(count, kleur.dim(verdict))),
  ];
}

/** Where many stall, the most first. */
function stallLines({ counts, rows }: ClassView, width: number): string[] {
  const graded = gradedRows(rows);
  const places = counts.filter(({ stalls }) => stalls.length > 1).toSorted((a, b) => b.stalls.length - a.stalls.length);
  if (places.length === 0) return [];
  return [
    kleur.bold("Where students stall"),
    ...places.slice(0, 5).flatMap(({ step, stalls }) => {
      return paragraph(`${stalls.length} of ${graded.length} at ${stepName(step)}`, width, INDENT);
    }),
  ];
}

/** What to ask in the next lecture: last of what the class misunderstood, where a reader of a terminal ends. */
function topicLines({ topics }: ClassView, width: number): string[] {
  if (topics.length === 0) return [];
  const digits = Math.max(...topics.map(({ count }) => String(count).length));
  return [
    ...paragraph(`${kleur.bold("Ten minutes of the next lecture")}: what concerns the most students`, width),
    ...topics.flatMap(({ idea, ask, at, count }) => {
      const start = `${INDENT}${String(count).padStart(digits)}  `;
      const hang = " ".repeat(start.length);
      const names = listed(
        at.map((one) => stepName(one.count.step)),
        MOST_PLACES,
      );
      const [first = "", ...rest] = paragraph(`${idea ?? "many stall"}: at ${names}`, width, hang);
      return ["", start + first.trimStart(), ...rest, ...paragraph(`ask: ${ask}`, width, hang)];
    }),
  ];
}

/** Whose points changed, and why. */
export function changeLines({ changes }: Pick<ClassView, "changes">, width: number): string[] {
  if (changes === undefined) return [];
  if (changes.length === 0) return ["Nobody's points changed."];
  return [
    kleur.bold(`Points that changed: ${counted(changes.length, "submission")}`),
    ...changes.flatMap(({ name, before, after, causes, steps }) => {
      const points = `${before ?? "none"} -> ${after ?? "none"}`;
      const why = [...causes, ...steps].map((text) => harmless(text)).join("; ");
      return paragraph(`${harmless(name)}: ${points}, ${why}`, width, INDENT);
    }),
  ];
}

/** What is missing, and what to know of the results. */
export function remarkLines(
  { missing, absent, remarks }: Pick<ClassView, "missing" | "absent" | "remarks">,
  width: number,
): string[] {
  const named = (names: readonly string[], most?: number): string =>
    listed(
      names.map((name) => harmless(name)),
      most,
    );
  return [
    ...(missing.length > 0
      ? [
          `${counted(missing.length, "submission has no result", "submissions have no result")} yet: ${named(missing, MOST_MISSING)}; run class again`,
        ]
      : []),
    ...(absent.length > 0
      ? [`${counted(absent.length, "person", "people")} on the roster handed nothing in: ${named(absent)}`]
      : []),
    ...remarks.map((remark) => harmless(remark)),
  ].flatMap((text) => paragraph(text, width));
}
