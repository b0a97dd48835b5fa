import { compare } from "./handed/handed.ts";
import { keyOf } from "../report/class/identify.ts";
import type { Found } from "./sources/found.ts";

/** What counts of a class, and what does not because the same people handed in something newer. */
export interface Newest {
  counting: Found[];
  older: { name: string; newer: string }[];
}

/** The newest hand-in of each person or group: by the time of it, by its number, by its name. */
export function newestOf(found: readonly Found[]): Newest {
  const byPeople = new Map<string, Found[]>();
  for (const one of found) {
    const key = JSON.stringify(one.people.map(({ id }) => keyOf(id)).sort());
    byPeople.set(key, [...(byPeople.get(key) ?? []), one]);
  }
  const counting: Found[] = [];
  const older: Newest["older"] = [];
  for (const same of byPeople.values()) {
    const [newest, ...others] = same.toSorted(newestFirst);
    counting.push(newest!);
    older.push(...others.map(({ name }) => ({ name, newer: newest!.name })));
  }
  return { counting, older };
}

function newestFirst(a: Found, b: Found): number {
  return compare(b.received ?? "", a.received ?? "") || b.order - a.order || compare(b.name, a.name);
}
