import { parse } from "csv-parse/sync";
import { identify, keyOf, localPart } from "../report/class/identify.ts";
import type { Person } from "./record.ts";

/** Somebody on a roster, with everything that they may be called by. */
interface Member extends Person {
  /** Further ids: of other systems. */
  others: readonly string[];
}

export interface Roster {
  members: readonly Member[];
}

/** What a column is about, by its title in small letters without spaces and signs. */
const columns: readonly [what: "id" | "name" | "first" | "last" | "email" | "login" | "other", titles: RegExp][] = [
  ["login", /^(?:login|username|githubusername|githublogin|github|sisloginid|uid)$/],
  ["email", /^(?:email|emailaddress|mail|emailaddresses)$/],
  ["first", /^(?:firstname|givenname|vorname|prénom|nombre)$/],
  ["last", /^(?:lastname|surname|familyname|nachname|nom|apellidos?)$/],
  ["name", /^(?:name|student|fullname|studentname|vollständigername|nomcomplet)$/],
  ["id", /^(?:id|studentid|sid|userid|identifier|participant|number|studentnumber|matriculationnumber|uin|canvasid)$/],
  ["other", /^(?:sisuserid|githubid|idnumber|externalid)$/],
];

/** A roster that cannot be used. */
export class RosterError extends Error {
  override name = "RosterError";
}

/**
 * Reads a roster: any table with a line of titles, of which one is an id, an email or a name, separated by commas,
 * semicolons or tabs, such as the gradebooks and rosters that systems export.
 *
 * @throws RosterError if it is no such table
 */
export function readRoster(text: string): Roster {
  let rows: string[][];
  try {
    const [titles = ""] = text.split("\n", 1);
    const delimiter = [",", ";", "\t"].toSorted((a, b) => titles.split(b).length - titles.split(a).length)[0]!;
    rows = parse(text, { bom: true, delimiter, relax_column_count: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    throw new RosterError(`is no table that can be read (${(error as Error).message.split("\n", 1)[0]})`);
  }
  const [titles = [], ...lines] = rows;
  const kinds = titles.map(kindOf);
  if (!kinds.some((kind) => kind === "id" || kind === "email" || kind === "login" || kind === "name")) {
    throw new RosterError("has no column with the title id, email, login or name");
  }
  return { members: lines.flatMap((line) => memberIn(line, kinds)) };
}

function kindOf(title: string): (typeof columns)[number][0] | undefined {
  const bare = title.toLowerCase().replace(/[^\p{L}\d]/gu, "");
  return columns.find(([, titles]) => titles.test(bare))?.[0];
}

function memberIn(line: readonly string[], kinds: readonly ReturnType<typeof kindOf>[]): Member[] {
  const all = (kind: ReturnType<typeof kindOf>): string[] =>
    line.filter((value, i) => kinds[i] === kind && value !== "");
  const [id] = all("id");
  const [email = null] = all("email");
  const [login = null] = all("login");
  const [whole] = all("name");
  const parts = [...all("first"), ...all("last")].join(" ");
  const name = whole ?? (parts === "" ? null : parts);
  const sure = id ?? login ?? email;
  // a gradebook has lines that are nobody's, with the points possible
  const own = sure ?? (kinds.some((kind) => kind === "id" || kind === "login" || kind === "email") ? null : name);
  if (own === null || own === undefined) return [];
  // Moodle's "Participant 123", in any language
  const number = /^\D+(\d+)$/.exec(own)?.[1];
  const others = [
    ...all("id").slice(1),
    ...all("other"),
    ...all("login").slice(1),
    ...(number === undefined ? [] : [own]),
  ];
  return [{ id: number ?? own, name, email, login, others }];
}

/** People as a roster knows them, and who on it did not hand in. */
export interface Matched {
  /** The same people with what the roster says of them, each in the place of the one given. */
  people: Person[][];
  /** How many were found. */
  found: number;
  missing: Person[];
}

/**
 * Matches people by id, login or email; where that fits nobody, by a login that is the first part of their email address,
 * or by name, if only one has it. Where the ids of the class are on the roster, one that is not is somebody else's, whatever
 * the name.
 *
 * @param groups the people of each submission
 */
export function matchPeople(groups: readonly (readonly Person[])[], { members }: Roster): Matched {
  const byKey = indexOf(members, ({ id, email, login, others }) =>
    [id, email, login, ...others].flatMap((key) => (key === null ? [] : [keyOf(key)])),
  );
  const byName = indexOf(members, ({ name }) => (name === null ? [] : writtenAs(name)));
  const hasEmails = members.some(({ email }) => email !== null);
  const all = groups.flat();
  const hasIds = all.some(({ id, name }) => name !== null && byKey.has(keyOf(id)));
  const keyed = (keys: readonly (string | null | undefined)[]): Member[] =>
    keys.flatMap((key) => (key ? (byKey.get(keyOf(key)) ?? []) : []));
  const found = identify(
    all,
    [
      ({ id, email, login }) => keyed([id, email, login]),
      ({ id, email }) => (hasEmails ? [] : keyed([id, email].map(localPart))),
      ({ id, email, login, name }) => {
        const isElse = (hasIds && name !== null) || keyed([id, email, login]).length > 0;
        return (isElse ? undefined : byName.get(inAnyOrder(wordsOf(name ?? id)))) ?? [];
      },
    ],
    ({ id }) => keyOf(id),
  );
  const people = groups.map((group) =>
    group.map((one) => {
      const member = found.get(one);
      if (!member) return one;
      const { id, name, email, login } = member;
      return { id, name: name ?? one.name, email: email ?? one.email, login: login ?? one.login };
    }),
  );
  const seen = new Set(found.values());
  const missing = members.filter((member) => !seen.has(member));
  return {
    people,
    found: all.filter((one) => found.has(one)).length,
    missing: missing.map(({ id, name, email, login }) => ({ id, name, email, login })),
  };
}

function indexOf(
  members: readonly Member[],
  keysOf: (member: Member) => readonly string[],
): ReadonlyMap<string, Member[]> {
  const found = new Map<string, Member[]>();
  for (const member of members) {
    for (const key of new Set(keysOf(member))) found.set(key, [...(found.get(key) ?? []), member]);
  }
  return found;
}

/** A name's words without accents and signs. */
function wordsOf(name: string): string[] {
  const letters = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return letters.split(/[^\p{L}\d]+/u).filter((word) => word !== "");
}

/** The same for a name's words in whatever order. */
function inAnyOrder(words: readonly string[]): string {
  return words.toSorted().join(" ");
}

/** What a name can be written as: "Lovelace, Ada" and "Ada Lovelace" in any order, and Canvas' "lovelaceada". */
function writtenAs(name: string): string[] {
  const words = wordsOf(name);
  const rotated = words.map((_, i) => [...words.slice(i), ...words.slice(0, i)].join(""));
  return words.length > 1 ? [inAnyOrder(words), ...rotated] : words;
}
