import { identify, localPart } from "./identify.ts";
import { readGradebook, type Filled, type Gradebook } from "./gradebook.ts";
import { listed, type Named, type Row } from "./view.ts";

/** Points into the gradebook of a platform, as the instructor exported it. */

/** How a platform's gradebook is read. */
export interface Platform {
  /** "Canvas". */
  readonly name: string;
  /** Where results come from whose people the platform's own numbers identify. */
  readonly source: string;
  /** Where to export it. */
  readonly exported: string;
  readonly isHeader: (head: readonly string[]) => boolean;
  /** What the lines of people identify them by; undefined for a line that is about nobody. */
  readonly keysOf: (head: readonly string[], line: readonly string[]) => Keys | undefined;
  /** The columns that can hold points. */
  readonly pointColumns: (head: readonly string[]) => number[];
  /** The points that a column is out of, if the file says so. */
  readonly possible: (lines: Gradebook["lines"], column: number) => number | undefined;
  /** Why a cell must stay as it is; undefined if it can be filled. */
  readonly locked: (head: readonly string[], line: readonly string[], column: number) => string | undefined;
}

/** What identifies a person in a gradebook, the strongest first. Compared without regard to case. */
export interface Keys {
  /** The platform's own number. */
  readonly number: string;
  /** Other identifiers: an institution's id, a login, an email address. */
  readonly others: readonly string[];
  readonly names: readonly string[];
}

/** A gradebook that was filled, and what a reader should know. */
export interface FilledGradebook {
  readonly bytes: Uint8Array;
  /** The title of the column that was filled. */
  readonly column: string;
  readonly filled: number;
  /** Sentences. */
  readonly remarks: readonly string[];
}

/** A gradebook that cannot be filled: the message says why, and what to do. */
export class GradebookError extends Error {
  override name = "GradebookError";
}

/** Below this part of the people found, the gradebook is another class's. */
const LEAST_SHARE = 0.5;

/**
 * @param wanted the title of the column to fill, or a part of it; by default the only one, or the one named after the course
 * @throws GradebookError with a sentence
 */
export function fillGradebook(
  platform: Platform,
  bytes: Uint8Array,
  rows: readonly Row[],
  wanted: string | undefined,
): FilledGradebook {
  const gradebook = read(platform, bytes);
  const [head = [], ...lines] = gradebook.lines;
  const keys = lines.map((line) => platform.keysOf(head, line));
  if (keys.every((own) => own === undefined)) throw notOf(platform);
  const column = columnOf(platform, head, wanted);
  const people = rows.flatMap((row) => row.people.map((person) => ({ row, person })));
  const found = matched(people, keys, platform.source);
  const lost = people.filter((one) => !found.has(one));
  if (people.length - lost.length < LEAST_SHARE * people.length || people.length === 0) {
    throw new GradebookError(
      `${people.length - lost.length} of the ${people.length} people in the results are in it: is it the gradebook of another class? ` +
        `Nothing was written; export ${platform.exported} of this class`,
    );
  }
  const cells: Filled[] = [];
  const remarks: string[] = [];
  for (const [index, own] of byLine(found)) {
    const row = latest(own);
    const line = lines[index]!;
    const { name } = own[0]!.row;
    const locked = line.length > column ? platform.locked(head, line, column) : "the line ends before that column";
    if (!row) remarks.push(`${name} handed in twice, and the results do not say which is newer: left as it is`);
    else if (row.problem !== null) remarks.push(`${name} could not be graded: left as it is`);
    else if (locked !== undefined) remarks.push(`${name}: ${locked}, left as it is`);
    else cells.push({ line: index + 1, column, text: String(row.points.earned) });
  }
  return {
    bytes: gradebook.filled(cells),
    column: head[column]!,
    filled: cells.length,
    remarks: [
      ...remarks,
      ...wholeRemarks(platform, gradebook, column, rows, { lost, keys, taken: new Set(found.values()) }),
    ],
  };
}

function read(platform: Platform, bytes: Uint8Array): Gradebook {
  let gradebook;
  try {
    gradebook = readGradebook(bytes, platform.isHeader);
  } catch (error) {
    throw new GradebookError(`it cannot be read as CSV (${(error as Error).message}); export it again`);
  }
  if (!gradebook) throw notOf(platform);
  return gradebook;
}

function notOf({ name, exported }: Platform): GradebookError {
  return new GradebookError(`it is not what ${name} exports: its columns are others; export ${exported}`);
}

/** The column to fill. */
function columnOf({ name, pointColumns }: Platform, head: readonly string[], wanted: string | undefined): number {
  const all = pointColumns(head);
  const matching = all.filter((at) => {
    const title = head[at]!.toLowerCase();
    return wanted === undefined ? /back ?prop|dojo/.test(title) : title.includes(wanted.toLowerCase());
  });
  const exact = all.filter((at) => head[at] === wanted);
  const chosen = exact.length === 1 ? exact : wanted === undefined && all.length === 1 ? all : matching;
  if (chosen.length === 1) return chosen[0]!;
  const titles = (chosen.length > 1 ? chosen : all).map((at) => `"${head[at]}"`).join(", ");
  if (all.length === 0)
    throw new GradebookError(`it has no column for points; create the assignment in ${name}, then export it again`);
  const which =
    wanted === undefined
      ? "which column should be filled?"
      : `"${wanted}" names ${chosen.length === 0 ? "no column" : "several columns"};`;
  throw new GradebookError(`${which} --column TITLE names it; there ${all.length === 1 ? "is" : "are"} ${titles}`);
}

interface Handed {
  readonly row: Row;
  readonly person: Named;
}

/**
 * The line of each person: by number or another identifier, then by a login that is the first part of their email address,
 * then by a name that only one line has. Where the numbers are the platform's own, one that is not there is somebody else's,
 * whatever the name.
 */
function matched(
  people: readonly Handed[],
  keys: readonly (Keys | undefined)[],
  source: string,
): ReadonlyMap<Handed, number> {
  const numbers = indexOf(keys, ({ number }) => [number]);
  const others = indexOf(keys, (own) => [...own.others, own.number]);
  const names = indexOf(keys, (own) => own.names.flatMap(nameKeys));
  const ownNumber = ({ row, person }: Handed): ReadonlySet<number> =>
    row.source === source ? linesOf(numbers, [person.id]) : new Set();
  const isOfPlatform = people.some((one) => ownNumber(one).size > 0);
  const hasEmails = keys.some((own) => own?.others.some((text) => localPart(text) !== undefined));
  return identify(
    people,
    [
      (one) => {
        const strong = ownNumber(one);
        return strong.size === 1 ? strong : linesOf(others, [one.person.id, one.person.email, one.person.login]);
      },
      ({ person: { id, email } }) => (hasEmails ? [] : linesOf(others, [id, email].map(localPart))),
      ({ row, person: { name } }) =>
        name === null || (isOfPlatform && row.source === source) ? [] : linesOf(names, nameKeys(name)),
    ],
    ({ person }) => keyOf(person.id),
  );
}

/** The lines by what identifies them. */
function indexOf(
  keys: readonly (Keys | undefined)[],
  textsOf: (own: Keys) => readonly string[],
): ReadonlyMap<string, ReadonlySet<number>> {
  const index = new Map<string, Set<number>>();
  for (const [line, own] of keys.entries()) {
    for (const text of own ? textsOf(own) : []) {
      const key = keyOf(text);
      if (key !== "") index.set(key, (index.get(key) ?? new Set<number>()).add(line));
    }
  }
  return index;
}

/** The lines that some texts identify. */
function linesOf(
  index: ReadonlyMap<string, ReadonlySet<number>>,
  texts: readonly (string | null | undefined)[],
): ReadonlySet<number> {
  return new Set(texts.flatMap((text) => (text ? [...(index.get(keyOf(text)) ?? [])] : [])));
}

function keyOf(text: string): string {
  return text.normalize("NFKC").trim().toLowerCase();
}

/** A name's letters, and for "Lovelace, Ada" also in the other order: Canvas' downloads write lovelaceada. */
function nameKeys(name: string): string[] {
  const letters = (text: string): string => keyOf(text).replaceAll(/[^\p{L}\p{M}\p{N}]/gu, "");
  const [family, ...given] = name.split(",");
  return given.length === 0 ? [letters(name)] : [letters(name), letters(given.join(" ") + family)];
}

/** The people of each line. */
function byLine(lines: ReadonlyMap<Handed, number>): ReadonlyMap<number, readonly Handed[]> {
  const found = new Map<number, Handed[]>();
  for (const [one, line] of lines) found.set(line, [...(found.get(line) ?? []), one]);
  return found;
}

/** The submission that counts: the newest; undefined if there are several and that cannot be told. */
function latest(own: readonly Handed[]): Row | undefined {
  const [first, ...others] = own.map(({ row }) => row);
  return others.reduce<Row | undefined>((best, row) => {
    if (best?.received == null || row.received === null || best.received === row.received) return undefined;
    return row.received! > best.received! ? row : best;
  }, first);
}

/** What concerns more than one person. */
function wholeRemarks(
  { name, possible }: Platform,
  { lines }: Gradebook,
  column: number,
  rows: readonly Row[],
  { lost, keys, taken }: { lost: readonly Handed[]; keys: readonly (Keys | undefined)[]; taken: ReadonlySet<number> },
): string[] {
  const title = lines[0]![column]!;
  const outOf = possible(lines, column);
  const worth = Math.max(...rows.map(({ points }) => points.possible));
  const without = keys.flatMap((own, line) => (own && !taken.has(line) ? [own.names[0] ?? own.number] : []));
  const unknown = lost.map(({ row, person }) => person.name ?? row.name);
  return [
    ...(unknown.length > 0 ? [`not in the gradebook, or not told apart there: ${listed(unknown)}`] : []),
    ...(without.length > 0 ? [`in the gradebook without a result, left as they are: ${listed(without)}`] : []),
    ...(outOf !== undefined && outOf !== worth
      ? [
          `${name} says that "${title}" is out of ${outOf}, and these results are out of ${worth}: the points are written as they are`,
        ]
      : []),
  ];
}
