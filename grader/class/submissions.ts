import type { HandedFile } from "./handed/handed.ts";
import { fileNames } from "./names.ts";
import type { Person, Submission } from "./record.ts";
import { matchPeople, type Roster } from "./roster.ts";
import type { Recognized } from "./sources/found.ts";
import { newestOf, type Newest } from "./twice.ts";

/** A submission before it is read. */
export interface Unread {
  submission: Omit<Submission, "key">;
  files: readonly HandedFile[];
}

/** The submissions of a class, and what there is to say of them before they are graded. */
export interface ClassList extends Pick<Newest, "older"> {
  /** By id. */
  unread: Unread[];
  /** What the roster fits; undefined without one. */
  roster: { people: number; found: number; missing: Person[] } | undefined;
}

/** Who handed in what: people by the roster, of each the newest, with names for their result files. */
export function listClass({ found }: Recognized, roster: Roster | undefined): ClassList {
  const matched =
    roster &&
    matchPeople(
      found.map(({ people }) => people),
      roster,
    );
  const known = found.map((one, i) => ({ ...one, people: matched?.people[i] ?? one.people }));
  const { counting, older } = newestOf(known);
  const sorted = counting.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const ids = fileNames(sorted.map(({ name }) => name.replace(/\.zip$/i, "")));
  return {
    unread: sorted.map(({ people, source, received, late, files }, i) => {
      return { submission: { id: ids[i]!, people, source, received, late }, files };
    }),
    older,
    roster: matched && {
      people: found.reduce((sum, { people }) => sum + people.length, 0),
      found: matched.found,
      missing: matched.missing,
    },
  };
}
