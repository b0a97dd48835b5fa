import { createHash } from "node:crypto";
import { inReach } from "../../kit/optional.ts";
import type { Step } from "../../kit/step.ts";
import type { Cell, ClassView, Made, Mistake, Row } from "../../report/class/view.ts";
import { counted, isStarted } from "../../report/class/view.ts";
import { changesSince } from "./changes.ts";
import { countSteps } from "./count.ts";
import { displayNames } from "./people.ts";
import type { ClassDocument, Person, SubmissionRecord } from "../record.ts";
import { topicsOf } from "./topics.ts";

/** The results of a class, as they were read. */
export interface ClassResults {
  readonly rows: readonly Row[];
  readonly classes: readonly ClassDocument[];
  /** What could not be read, or only in part: a sentence each, with names of files and people. */
  readonly problems: readonly string[];
}

/**
 * Makes rows of records, one by one, so that records can be read and forgotten. Rows share equal texts: a class of 100,000
 * has a few thousand sentences.
 *
 * @param steps the course's
 * @param worthless the steps that earn nothing: nobody stalls there
 */
export function rowMaker(
  steps: readonly Step[],
  worthless: ReadonlySet<string> = new Set(),
): (record: SubmissionRecord, place: number) => Row {
  const mistakes = shared((...[id, sentence]: [string, string]): Mistake => ({ id, sentence }));
  const cells = new Map<Mistake | null, Map<string, Cell>>();
  const made = shared((...[grader, data, seed]: [string, string, string]): Made => ({ grader, data, seed }));
  const counting = steps.filter(({ id }) => !worthless.has(id));
  const ids = new Map(steps.map(({ id }) => [id, id]));
  const cellOf = ({ verdict, passed, mistake }: SubmissionRecord["steps"][number]): Cell => {
    const named = mistake && mistakes(mistake.id, mistake.sentence);
    const own = cells.get(named) ?? new Map<string, Cell>();
    cells.set(named, own);
    const cell = own.get(verdict) ?? { verdict, passed, mistake: named };
    own.set(verdict, cell);
    return cell;
  };
  return ({ submission, steps: results, points, problem, grader, data, seed }, place) => {
    const known = results.flatMap((result) =>
      ids.has(result.id) ? [[ids.get(result.id)!, cellOf(result)] as const] : [],
    );
    const byId = new Map(known);
    return {
      id: submission.id,
      name: displayNames(submission),
      people: submission.people,
      source: submission.source,
      received: submission.received,
      late: submission.late,
      points,
      cells: byId,
      problem: problem?.message ?? null,
      stallsAt: problem ? null : stallOf(counting, byId),
      made: made(grader, data.sha256, seed ?? ""),
      key: submission.key,
      place,
    };
  };
}

/** The step behind the last one that passes, where an author stopped; null if there is none, or none was begun. */
function stallOf(steps: readonly Step[], cells: ReadonlyMap<string, Cell>): string | null {
  const isBegun = ({ id }: Step): boolean => isStarted(cells.get(id)!);
  const graded = steps.filter(({ id }) => cells.has(id));
  // nobody stalls in an optional part before beginning it
  const own = inReach(graded, (step) => step, isBegun);
  if (!own.some(isBegun)) return null;
  const last = own.findLastIndex(({ id }) => cells.get(id)!.passed);
  const stall = last < 0 ? own.find(isBegun) : own[last + 1];
  return stall?.id ?? null;
}

/** The steps that earn nothing in a class, by its settings: such as those of the lab. */
export function worthlessSteps(classes: readonly ClassDocument[]): ReadonlySet<string> {
  const all = classes.flatMap(({ steps }) => steps);
  const earning = new Set(all.flatMap(({ id, points }) => (points > 0 ? [id] : [])));
  return new Set(all.flatMap(({ id }) => (earning.has(id) ? [] : [id])));
}

/** A function of texts that makes each of its values once. */
function shared<Texts extends string[], V>(make: (...texts: Texts) => V): (...texts: Texts) => V {
  const values = new Map<string, V>();
  return (...texts) => {
    const key = JSON.stringify(texts);
    const value = values.get(key) ?? make(...texts);
    values.set(key, value);
    return value;
  };
}

export interface ViewOptions {
  /** Whether names are left out. */
  isAnonymous: boolean;
  /** Earlier results of the same class. */
  before?: ClassResults | undefined;
  /** The grader's own version. */
  version: string;
}

/** A class as reports show it. */
export function viewOf(all: readonly Step[], results: ClassResults, options: ViewOptions): ClassView {
  const { isAnonymous, before, version } = options;
  const named = distinct(results.rows).toSorted(
    (a, b) => compare(sortName(a.name), sortName(b.name)) || compare(a.id, b.id),
  );
  const changes = before && changesSince(all, before.rows, named, settingsOf(before), settingsOf(results));
  const without = isAnonymous ? withoutNames(named) : new Map<string, Row>();
  const rows = isAnonymous ? [...without.values()] : named;
  const steps = all.filter(({ id }) => rows.some(({ cells }) => cells.has(id)));
  const counts = countSteps(steps, rows);
  return {
    steps,
    rows,
    counts,
    topics: topicsOf(counts, rows),
    missing: missingOf(results, isAnonymous),
    absent: absentOf(results.classes, isAnonymous),
    remarks: [...problemsOf(results, isAnonymous), ...remarksOf(results, version)],
    isAnonymous,
    changes: isAnonymous ? changes?.map((change) => ({ ...change, ...namelessOf(without.get(change.id)) })) : changes,
  };
}

/** What two runs of a class may differ in, other than the grader and the data, which each result names. */
function settingsOf({ classes }: ClassResults): ClassDocument | undefined {
  return classes[0];
}

/** Rows under numbers, by the id that each had: in an order that says nothing about names. */
function withoutNames(rows: readonly Row[]): ReadonlyMap<string, Row> {
  const order = rows
    .map((row) => ({ row, hash: createHash("sha256").update(`${row.key} ${row.id}`).digest("hex") }))
    .sort((a, b) => compare(a.hash, b.hash));
  const width = String(order.length).length;
  return new Map(
    order.map(({ row }, i) => {
      const number = String(i + 1).padStart(width, "0");
      const problem = row.problem && "it could not be graded";
      return [
        row.id,
        {
          ...row,
          id: `student-${number}`,
          name: `student ${number}`,
          people: [],
          received: null,
          late: false,
          problem,
        },
      ];
    }),
  );
}

/** What a change is called without names; it may be about a submission that is no longer there. */
function namelessOf(row: Row | undefined): Pick<Row, "id" | "name"> {
  return { id: row?.id ?? "", name: row?.name ?? "a student" };
}

/** People with one name are told apart by what else is known of them: a login, an email address, or the result's own name. */
function distinct(rows: readonly Row[]): Row[] {
  const alike = new Map<string, number>();
  for (const { name } of rows) alike.set(sortName(name), (alike.get(sortName(name)) ?? 0) + 1);
  return rows.map((row) => {
    if (alike.get(sortName(row.name)) === 1) return row;
    const [only] = row.people.length === 1 ? row.people : [];
    return { ...row, name: `${row.name} (${only?.login ?? only?.email ?? row.id})` };
  });
}

/** Names sort without regard to case, the same on every machine. */
function sortName(name: string): string {
  return name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The submissions that were found and have no result. */
function missingOf({ classes, rows }: ClassResults, isAnonymous: boolean): string[] {
  const there = new Set(rows.map(({ id }) => id));
  const all = [...new Set(classes.flatMap(({ submissions }) => submissions ?? []))];
  const missing = all.filter((id) => !there.has(id)).sort(compare);
  return isAnonymous ? missing.map((_, i) => `submission ${i + 1}`) : missing;
}

function absentOf(classes: readonly ClassDocument[], isAnonymous: boolean): string[] {
  const all = new Map(
    classes.flatMap(({ missing }) => (missing ?? []).map((person): [string, Person] => [person.id, person])),
  );
  const names = [...all.values()].map(({ id, name }) => name ?? id).sort(compare);
  return isAnonymous ? names.map((_, i) => `person ${i + 1}`) : names;
}

/** What could not be read; only how much, without names. */
function problemsOf({ problems }: ClassResults, isAnonymous: boolean): readonly string[] {
  if (!isAnonymous || problems.length === 0) return problems;
  return [
    `${counted(problems.length, "remark")} on single results ${problems.length === 1 ? "is" : "are"} left out: they name people`,
  ];
}

/** What a reader should know before comparing the results with each other. */
function remarksOf({ rows }: ClassResults, version: string): string[] {
  const graders = tally(rows.map(({ made }) => made.grader));
  const data = tally(rows.map(({ made }) => made.data));
  const seeds = new Set(rows.map(({ made }) => made.seed));
  const worths = new Set(rows.filter(({ problem }) => problem === null).map(({ points }) => points.possible));
  const listed = graders.map(([grader, count]) => `${grader} (${counted(count, "result")})`).join(", ");
  const [only] = graders;
  return [
    ...(graders.length > 1
      ? [`the results are from several versions of the grader: ${listed}; run class again to grade all with one`]
      : []),
    ...(graders.length === 1 && only![0] !== version
      ? [
          `the results are from version ${only![0]} of the grader, and this is ${version}; run class again to grade with this one`,
        ]
      : []),
    ...(data.length > 1 ? ["part 4 was not trained on the same names for all: run class again with one --data"] : []),
    ...(seeds.size > 1 ? ["the results are from runs with different --seed: not everybody got the same cases"] : []),
    ...(worths.size > 1
      ? [`not everybody could earn the same points: ${[...worths].sort((a, b) => a - b).join(", ")}`]
      : []),
  ];
}

/** How often each text occurs, the most common first. */
function tally(texts: readonly string[]): [text: string, count: number][] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || compare(a, b));
}
